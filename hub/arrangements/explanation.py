"""Say in plain words, Dutch and English, what an arrangement does: written from its codes, never by hand."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from hub.arrangements.values import Arrangement, IntakeModel, Rule, Target


class Language(StrEnum):
    """In which words."""

    DUTCH = "nl"
    ENGLISH = "en"


Both = tuple[str, str]
INTAKE: dict[IntakeModel, Both] = {
    IntakeModel.WEEKLY_MEETING: ("weekoverleg", "weekly meeting"),
    IntakeModel.DAT_CIRCLE: (
        "DAT-kring met politie en woningcorporaties",
        "DAT circle with police and housing",
    ),
    IntakeModel.PAIRED: ("samen wegen met leerplicht", "weighing together with school attendance"),
    IntakeModel.TIERED_BY_DOMAIN: ("teams per leefgebied", "teams by domain"),
    IntakeModel.AREA: ("wijkcoaches per gebied", "coaches by area"),
    IntakeModel.POOL: ("gedeelde pool van gemeenten", "pool shared by municipalities"),
    IntakeModel.TIERED_BY_COMPLEXITY: (
        "basis eerst, wijkteam als het complex is",
        "basic tier first, team if complex",
    ),
    IntakeModel.EXPERT_PANEL: ("expertpanel adviseert wie het doet", "expert panel advises who acts"),
    IntakeModel.CITIZEN_LED: ("de inwoner heeft de regie", "led by the citizen"),
    IntakeModel.DUTY_TO_REPORT: ("elk signaal telt", "every signal counts"),
    IntakeModel.SINGLE_DESK: ("één loket", "single desk"),
    IntakeModel.ACCESS_TEAM: ("toegangsteam", "access team"),
    IntakeModel.HOUSEHOLD_LEAD: ("één regisseur per huishouden", "one lead per household"),
    IntakeModel.SCHOOL_STRUCTURE: (
        "ondersteuningsstructuur van de school",
        "support structure of the school",
    ),
    IntakeModel.UPSTREAM: ("jeugdgezondheidszorg signaleert vooraf", "youth health signals upstream"),
}
TARGET: dict[Target, Both] = {
    Target.CASEMANAGER: (
        "hoort de eigen casemanager het, of wie voor die waarneemt",
        "the person's own casemanager hears, or who stands in",
    ),
    Target.CASE_TEAM: (
        "komt het in de rij van het eigen team",
        "it goes to the queue of the case's own team",
    ),
    Target.CHOSEN: (
        "wordt gevraagd wie de inwoner zelf koos",
        "whoever the person chose is asked",
    ),
    Target.HOUSEHOLD_LEAD: (
        "wordt gevraagd wie de regie heeft over het huishouden",
        "whoever leads for the household is asked",
    ),
    Target.MEMBER: ("wordt één teamlid van {tier} gevraagd", "one member of {tier} is asked"),
    Target.QUEUE: ("komt het in de rij van {tier}", "it goes to the queue of {tier}"),
    Target.NOBODY: ("hoort niemand het", "nobody hears"),
}

# In working days, but how long something waits for a meeting: in days of the calendar.
TERM: dict[str, Both] = {
    "remind": ("Herinnerd na {} werkdagen", "Reminded after {} working days"),
    "acknowledge": ("Terug naar het team na {} werkdagen", "Back to the team after {} working days"),
    "coordinate": (
        "De coördinator hoort het na {} werkdagen",
        "The coordinator hears after {} working days",
    ),
    "municipal": (
        "De contactpersoon van de gemeente hoort het na {} werkdagen",
        "The municipal contact person hears after {} working days",
    ),
    "contact": ("Met de inwoner gesproken binnen {} werkdagen", "Spoken to within {} working days"),
    "meeting_days": ("Wacht hoogstens {} dagen op een overleg", "Waits for a meeting for at most {} days"),
}


def explain(arrangement: Arrangement, language: Language) -> list[str]:
    """Return the lines that say what an arrangement does, in the order in which it is done."""
    at = 0 if language is Language.DUTCH else 1
    heads = (
        (
            f"{_begun(INTAKE[arrangement.intake][0])} (regeling {arrangement.name})",
            f"{_begun(INTAKE[arrangement.intake][1])} (arrangement {arrangement.name})",
        ),
        (f"Verantwoordelijk: {arrangement.controller}", f"Answers for it: {arrangement.controller}"),
        (
            f"Voor inwoners van: {_list(arrangement.residences)}",
            f"For residents of: {_list(arrangement.residences)}",
        ),
    )
    rules = [
        f"{number}. {_sentence(rule, arrangement, at)}"
        for number, rule in enumerate(arrangement.rules, start=1)
    ]
    return [head[at] for head in heads] + rules + [line[at] for line in _rest(arrangement)]


def _begun(words: str) -> str:
    return words[0].upper() + words[1:]


def _sentence(rule: Rule, arrangement: Arrangement, at: int) -> str:
    asked = [both[at] for both in _conditions(rule)]
    given = TARGET[rule.to][at].format(tier=rule.tier)
    who = [both[at] for both in _people(rule)]
    lead = ("Als ", "If ") if asked else ("Anders", "Otherwise")
    both_words = (" en ", " and ")[at]
    return f"{lead[at]}{both_words.join(asked)}{', ' if asked else ' '}{given}{''.join(who)}. [{rule.code}]"


def _conditions(rule: Rule) -> Iterator[Both]:
    if rule.case is not None:
        yield (
            ("iemand een casemanager heeft", "the person has a casemanager")
            if rule.case
            else ("iemand geen casemanager heeft", "the person has no casemanager")
        )
    if rule.brackets:
        ages = _list(rule.brackets)
        yield f"de leeftijd valt in {ages}", f"the age is in {ages}"
    if rule.senders:
        kinds = _list(rule.senders)
        yield (
            f"een van deze partners iemand ontmoette: {kinds}",
            f"one of these partners met the person: {kinds}",
        )
    if rule.partners_at_least:
        yield (
            f"minstens {rule.partners_at_least} organisaties iemand ontmoetten",
            f"at least {rule.partners_at_least} organisations met the person",
        )
    if rule.earlier_at_least:
        yield (
            f"er al minstens {rule.earlier_at_least} andere match is",
            f"there is at least {rule.earlier_at_least} other match already",
        )
    if rule.inquiry is not None:
        yield (
            ("het om één signaal gaat", "it is one signal alone")
            if rule.inquiry
            else ("het om een match gaat", "it is a match")
        )
    if rule.region:
        yield f"iemand in regio {rule.region} woont", f"the person lives in region {rule.region}"


def _people(rule: Rule) -> Iterator[Both]:
    if rule.expertise:
        known = _list(rule.expertise)
        yield f", met kennis van {known}", f", who knows of {known}"
    if rule.employers:
        known = _list(rule.employers)
        yield f", in dienst van {known}", f", employed by {known}"
    if rule.generalist:
        yield ", een generalist", ", a generalist"
    if rule.takes_along:
        yield ", met wat nog niemand oppakte", ", with what nobody took up yet"
    if rule.to is Target.MEMBER:
        yield ": wie het minst heeft", ": who has least"


def _rest(arrangement: Arrangement) -> Iterator[Both]:
    people = arrangement.casemanagers
    yield (
        ("Wie bij een aanbieder werkt, is geen casemanager.", "Who works for a provider is no casemanager.")
        if people.provider_separation
        else (
            f"Wie bij een aanbieder werkt, mag casemanager zijn ({people.without_separation_because}).",
            f"Who works for a provider may be casemanager ({people.without_separation_because}).",
        )
    )
    if people.employers:
        known = _list(people.employers)
        yield f"Casemanagers werken bij: {known}.", f"Casemanagers are employed by: {known}."
    yield from _manner(arrangement)
    for one in arrangement.disclosure:
        of = _list(one.kinds)
        yield (
            f"Getoond wordt hoogstens niveau {one.level_at_most}{f' van {of}' if of else ''}.",
            f"At most level {one.level_at_most} is shown{f' of {of}' if of else ''}.",
        )
    for name, what in TERM.items():
        if days := getattr(arrangement.terms, name):
            yield f"{what[0].format(days)}.", f"{what[1].format(days)}."
    for one_region in arrangement.regions:
        members = _list(one_region.members)
        yield f"Regio {one_region.code}: {members}.", f"Region {one_region.code}: {members}."
    for step in arrangement.successions:
        yield (
            f"Op {step.on} gaat team {step.team} over in {step.successor}.",
            f"On {step.on} team {step.team} goes over into {step.successor}.",
        )
    yield (
        f"Toestemming volgens profiel {arrangement.consent_profile} van de beleidsset.",
        f"Consent by profile {arrangement.consent_profile} of the policy set.",
    )


def _manner(arrangement: Arrangement) -> Iterator[Both]:
    if arrangement.consent_first:
        yield (
            "Zonder toestemming van de inwoner hoort niemand iets.",
            "Without a consent of the person nobody hears anything.",
        )
    if arrangement.inquiry:
        bases = _list(arrangement.inquiry.bases)
        clocks = ", ".join(f"{one.code} {one.within} ({one.source})" for one in arrangement.inquiry.clocks)
        yield (
            f"Elk signaal op grondslag {bases} opent een onderzoek; klokken: {clocks}.",
            f"Each signal on basis {bases} opens an inquiry; clocks: {clocks}.",
        )
    if arrangement.school_contact_required:
        yield (
            "Scholen hebben een vast gezicht in een van de teams; die is daarmee nog geen casemanager.",
            "Schools have a fixed face in one of the teams, who is nobody's casemanager by that.",
        )
    if arrangement.household:
        by = _list(arrangement.household.by)
        yield (
            f"Een huishouden is te kennen aan: {by}; er is één regisseur.",
            f"A household is known by: {by}; one leads for it.",
        )


def _list(values: frozenset[str] | frozenset[StrEnum]) -> str:
    return ", ".join(sorted(str(value) for value in values))
