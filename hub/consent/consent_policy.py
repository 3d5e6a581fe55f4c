"""Whether all who must have consented did, and what an override does without: pure functions over facts."""

from __future__ import annotations

from collections.abc import Iterator

from hub.consent.brackets import possible_brackets
from hub.consent.facts import ConsentFacts, ConsentKind, Fact, GivenBy, Purpose, TellingFacts
from hub.consent.policy_set import PolicySet

EVERY_KIND = "*"
_GIVERS = frozenset(GivenBy)


def find_unconsented(facts: TellingFacts, rules: PolicySet) -> Iterator[Fact]:
    """Find whether a consent is missing, or there and contradicted by who attests more holders. CON-07."""
    holders, needed = count_holders(facts, rules), needed_consents(facts, rules)
    missing = [kind for kind in needed if not _consented(kind, facts, rules, holders=holders)]
    if missing:
        believed = all(_consented(kind, facts, rules, holders=0) for kind in missing)
        yield Fact.CONSENT_CONTRADICTED if believed else Fact.CONSENT_MISSING


def needed_consents(facts: TellingFacts, rules: PolicySet) -> frozenset[str]:
    """Return the kinds of consent that such a telling needs; none where the basis goes without."""
    if facts.purpose == Purpose.SENDER_FEEDBACK:
        return feedback_kinds(facts, rules)
    basis = rules.find_basis(facts.legal_basis, on=facts.on)
    if basis is not None and basis.needs_consent:
        return rules.consents_for(facts.partner_kind)
    return frozenset({ConsentKind.DATA_PROCESSING}) if facts.consent_first else frozenset()


def covers_purpose(consent: ConsentFacts, facts: TellingFacts, rules: PolicySet) -> bool:
    """Tell whether a consent is one of those that such a telling rests on."""
    return consent.kind in needed_consents(facts, rules) and _covers(consent, facts, rules)


def feedback_kinds(facts: TellingFacts, rules: PolicySet) -> frozenset[str]:
    """Return the kinds of consent that open the way back to the sender; none when it stays closed."""
    sender = rules.find_partner(facts.partner_kind)
    return sender.feedback if sender and facts.recipient_kind == facts.partner_kind else frozenset()


def count_holders(facts: TellingFacts, rules: PolicySet) -> int:
    """Return how many hold authority by whoever attested the most; 0 where each is believed for itself.

    Source:
        CON-07; RBMNE:2020:4507: one parent who is forgotten was not told, and did not consent.
    """
    return facts.holders_attested if rules.contradictions == "strictest" else 0


def lifts(facts: TellingFacts, rules: PolicySet) -> frozenset[str]:
    """Return what an open override lets be missing, at every age the person may have. Source: CON-11."""
    ground = rules.find_override(facts.override)
    ages = possible_brackets(facts.bracket, facts.bracket_ends, on=facts.on, rules=rules)
    fits = ground is not None and bool(ages) and ages <= ground.brackets
    # The way back to the sender is never urgent.
    told = facts.purpose == Purpose.TELL_CASEMANAGER
    return frozenset(ground.lifts) if ground and fits and told else frozenset()


def _consented(kind: str, facts: TellingFacts, rules: PolicySet, *, holders: int) -> bool:
    """Tell whether all who must have consented, in one record or in several. Source: CON-05, CON-06."""
    asked = possible_brackets(facts.bracket, facts.bracket_ends, on=facts.on, rules=rules)
    needed = frozenset(giver for bracket in asked for giver in rules.givers(bracket, kind))
    covering = [one for one in facts.consents or () if one.kind == kind and _covers(one, facts, rules)]
    needed -= _spared(facts, rules)
    return bool(needed) and needed <= {giver for one in covering for giver in _givers(one, holders)}


def _spared(facts: TellingFacts, rules: PolicySet) -> frozenset[str]:
    """Return whose consent an override does without. Source: CON-08."""
    return frozenset({GivenBy.REPRESENTATIVE.value}) & lifts(facts, rules)


def _covers(consent: ConsentFacts, facts: TellingFacts, rules: PolicySet) -> bool:
    """Tell whether a consent is for this, in force today, and of an age that still holds.

    Source:
        CON-03, CON-04, CON-09.
    """
    own = possible_brackets(consent.bracket, consent.bracket_ends, on=facts.on, rules=rules)
    asked = possible_brackets(facts.bracket, facts.bracket_ends, on=facts.on, rules=rules)
    return (
        not consent.withdrawn
        and consent.purpose == facts.purpose
        and not consent.partner_kinds.isdisjoint({facts.partner_kind, EVERY_KIND})
        and (not consent.organisations or facts.sender_id in consent.organisations)
        and consent.valid_from_on <= facts.on <= consent.valid_until_on
        and not own.isdisjoint(asked)
    )


def _givers(consent: ConsentFacts, holders: int) -> frozenset[str]:
    """Return who gave it; representatives count when all who hold authority consented, as was attested.

    Of two who attest differently how many that are, the higher number counts.

    Source:
        CON-07: joint authority means each holder.
    """
    givers = GivenBy(consent.given_by).givers if consent.given_by in _GIVERS else frozenset()
    all_holders = max(consent.authority_holders, holders) <= consent.holders_consented
    # What another attests never takes the place of what this consent lacks.
    attested = consent.authority_attested and consent.authority_holders > 0 and all_holders
    return givers if attested else givers - {GivenBy.REPRESENTATIVE.value}
