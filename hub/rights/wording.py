"""Say codes in plain words: Dutch at level B1, and English. Every text is a constant."""

from __future__ import annotations

from hub.consent.explanation import TEXTS, Language
from hub.consent.facts import Fact

Pair = tuple[str, str]


BASES: dict[str, Pair] = {
    "JW_7_1_4_1": (
        "De Jeugdwet (artikel 7.1.4.1): bij een redelijk vermoeden mag een professional dit melden.",
        "The Youth Act (article 7.1.4.1): on a reasonable suspicion a professional may report this.",
    ),
    "WPG_YOUTH": (
        "De Wet politiegegevens: de politie mag dit delen voor een taak uit de Jeugdwet.",
        "The Police Data Act: the police may share this for a task of the Youth Act.",
    ),
    "WPG_ADULT": (
        "De Wet politiegegevens: de politie mag dit delen voor een taak uit de Wmo.",
        "The Police Data Act: the police may share this for a task of the Social Support Act.",
    ),
    "CONSENT": ("Er is toestemming gegeven.", "Consent was given."),
    "NO_OBJECTION": (
        "De organisatie heeft het aangekondigd, en er kwam geen bezwaar.",
        "The organisation announced it, and nobody objected.",
    ),
    "JW_WMO_TASK": (
        "Een taak van de gemeente uit de Jeugdwet of de Wmo.",
        "A task of the municipality under the Youth Act or the Social Support Act.",
    ),
}
KINDS: dict[str, Pair] = {
    "contact": ("dat er contact was", "that there was contact"),
    "concern": ("dat een professional wil afstemmen", "that a professional wants to coordinate"),
}
STATES: dict[str, Pair] = {
    "active": ("telt mee", "counts"),
    "withdrawn": ("ingetrokken", "withdrawn"),
    "expired": ("verlopen", "expired"),
    "closed": ("gesloten", "closed"),
    "lifted": ("ingetrokken", "taken back"),
}
NOTICES: dict[str, Pair] = {
    "given": (
        "De organisatie heeft gezegd dat dit aan u is verteld.",
        "The organisation said that you were told.",
    ),
    "pending": (
        "De organisatie moest het u nog vertellen. Tot dan hoort niemand iets.",
        "The organisation still had to tell you. Until then nobody hears anything.",
    ),
    "exception": (
        "De organisatie hoefde het u nog niet te vertellen. Daar was een vastgelegde reden voor.",
        "The organisation did not have to tell you yet, for a reason that was recorded.",
    ),
}
ROLES: dict[str, Pair] = {
    "casemanager": ("casemanager", "casemanager"),
    "team_lead": ("teamleider", "team lead"),
    "desk": ("medewerker van het loket", "member of the desk"),
    "rights_officer": ("medewerker privacyverzoeken", "rights officer"),
    "municipal_supervisor": ("aandachtsfunctionaris van de gemeente", "municipal supervisor"),
    "privacy_officer": ("privacy officer", "privacy officer"),
    "reporter": ("melder", "reporter"),
    "partner_coordinator": ("coördinator van de organisatie", "coordinator of the organisation"),
    "process_director": ("procesregisseur", "process director"),
    "municipal_coordinator": ("coördinator van de gemeente", "municipal coordinator"),
}
ACTS: dict[str, Pair] = {
    "notice": ("las een bericht", "read a notice"),
    "intake": ("nam het bericht aan voor het team", "took the notice for the team"),
    "consult": ("mocht van een collega meekijken", "was let in by a colleague"),
    "asked": ("kreeg een bericht met alleen een nummer", "got a notice with a number only"),
    "intake_list": (
        "zag alleen een nummer, op de lijst van het team",
        "saw only a number, on the team's list",
    ),
    "possible_list": (
        "zag alleen een nummer, op de lijst van wat misschien over één persoon gaat",
        "saw only a number, on the list of what may be about one person",
    ),
    "own_list": ("zag alleen een nummer, op de eigen lijst", "saw only a number, on the own list"),
    "follow_up_list": (
        "zag alleen een nummer, op de lijst van wat nog loopt",
        "saw only a number, on the list of what is going on",
    ),
    "authority_list": (
        "zag alleen een nummer, op de lijst van wat niet klopt over het gezag",
        "saw only a number, on the list of what contradicts itself about authority",
    ),
    "judged": ("beoordeelde of het om dezelfde persoon ging", "judged whether it was the same person"),
    "advised": ("gaf advies over dit verzoek", "gave advice on this request"),
    "searched": (
        "zocht aan het loket op wat er staat, na een verzoek",
        "looked up at the desk what there is, after a request",
    ),
    "printed": ("maakte deze brief", "made this letter"),
}
LEVELS: dict[int, Pair] = {
    0: ("zonder te horen van wie", "without hearing from whom"),
    1: ("met het soort organisatie", "with the kind of organisation"),
    2: ("met de naam van de organisatie", "with the name of the organisation"),
    3: (
        "met de naam van de organisatie en wie te bellen",
        "with the name of the organisation and whom to call",
    ),
}
PARTNERS: dict[str, Pair] = {
    "police": ("politie", "police"),
    "school": ("scholen", "schools"),
    "school_attendance": ("leerplicht", "school attendance officers"),
    "housing_association": ("woningcorporaties", "housing associations"),
    "municipal_team": ("wijkteams", "municipal teams"),
    "youth_care": ("jeugdhulp", "youth care"),
    "rights_desk": ("loketten", "desks"),
}
PURPOSES: dict[str, Pair] = {
    "tell_casemanager": ("mocht de casemanager het horen?", "could the casemanager be told?"),
    "sender_feedback": ("mocht de melder iets terug horen?", "could the reporter hear back?"),
}
SAID: dict[str, Pair] = {
    "consent": ("toestemming", "consent"),
    "objection": ("bezwaar", "objection"),
}
# A letter looks back, and to somebody who is no professional; what is not here is said as officers read it.
REASONS: dict[Fact, Pair] = {
    Fact.BASIS_IN_FORCE: ("De wet stond het toe.", "The law allowed it."),
    Fact.BASIS_NOT_IN_FORCE: ("De wet stond het niet meer toe.", "The law allowed it no more."),
    Fact.NOTICE_GIVEN: (
        "De organisatie heeft verklaard dat zij het signaal eerst verteld heeft.",
        "The organisation declared that it told of the signal first.",
    ),
    Fact.NOTICE_PENDING: (
        "De organisatie had nog niet verteld dat er een signaal was. Dat moet eerst.",
        "The organisation had not told yet that there was a signal. That comes first.",
    ),
    Fact.CONSENT_COVERS: ("Daarvoor was toestemming.", "There was consent to that."),
    Fact.CONSENT_MISSING: ("Daarvoor was geen toestemming.", "There was no consent to that."),
    Fact.NO_OBJECTION_KNOWN: ("Er was geen bezwaar.", "There was no objection."),
    Fact.OBJECTION_PENDING: (
        "Er liep een bezwaar. Tot daarover was beslist, hoorde niemand iets.",
        "An objection was pending. Until it was decided on, nobody was told.",
    ),
    Fact.SENDER_NOT_IN_FORCE: (
        "De organisatie van de melder deed niet meer mee.",
        "The organisation of the reporter took part no more.",
    ),
    Fact.BRACKET_UNCERTAIN: (
        "De leeftijd die bij het signaal stond, was voorbij.",
        "The age that was given with the signal had passed.",
    ),
    Fact.ACTIVE_TOGETHER: ("Beide berichten golden nog.", "Both messages still counted."),
    Fact.NOT_ACTIVE_TOGETHER: (
        "Een van de berichten gold niet meer.",
        "One of the messages counted no more.",
    ),
}
_UNKNOWN: Pair = ("zie de code", "see the code")


def say(words: dict[str, Pair] | dict[int, Pair], code: str | int, language: Language) -> str:
    """Say a code of one list; one that a later policy set brought is shown as it is."""
    column = 0 if language is Language.DUTCH else 1
    pair = words.get(code)  # type: ignore[arg-type]
    return pair[column] if pair else f"{code} ({_UNKNOWN[column]})"


def say_fact(code: str, language: Language) -> str:
    """Say one reason of a decision, in a letter."""
    if code not in set(Fact):
        return code
    fact = Fact(code)
    return REASONS.get(fact, TEXTS[fact])[0 if language is Language.DUTCH else 1]
