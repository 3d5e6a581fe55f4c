"""Decide who may post and who may be told: pure functions over facts, denied by default, with reasons."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from hub.consent.facts import (
    Bracket,
    ConsentFacts,
    ConsentKind,
    Decision,
    Fact,
    GivenBy,
    LaneFacts,
    NoticeState,
    PostingFacts,
    Purpose,
    Reason,
    TellingFacts,
)
from hub.consent.policy_set import PolicySet
from hub.consent.quarters import quarter_ends_before, quarter_starts_on

__all__ = [
    "Decision", "LaneFacts", "PostingFacts", "Reason", "TellingFacts", "decide_posting", "decide_registering",
    "decide_telling", "possible_brackets",
]  # fmt: skip

EVERY_KIND = "*"
EVERY_SCOPE = "all"
_LIFTABLE = {
    Fact.NOTICE_PENDING: "notice",
    Fact.NOTICE_CONTRADICTED: "notice",
    Fact.CONSENT_MISSING: "consent",
}
_BRACKETS, _NOTICE_STATES, _GIVERS = frozenset(Bracket), frozenset(NoticeState), frozenset(GivenBy)


def decide_posting(facts: PostingFacts, *, rules: PolicySet) -> Decision:
    """Decide whether a signal is taken, on what its poster says and on nothing else.

    Source:
        protocol.md, step 6; SIG-01, SIG-02, SIG-06, CON-01, CON-10.
    """
    denials = [*_lane(facts, rules), *_posting(facts, rules)]
    return _decision(facts, denials, [Fact.BASIS_IN_FORCE], rules)


def decide_registering(facts: LaneFacts, *, rules: PolicySet) -> Decision:
    """Decide whether a case may be registered, or still counts, on what its team says."""
    partner = rules.find_partner(facts.partner_kind)
    denials = [*_lane(facts, rules)]
    if partner is None or not partner.may_be_told:
        denials.append(Fact.NOT_A_CASE_HOLDER)
    return _decision(facts, denials, [Fact.BASIS_IN_FORCE], rules)


def decide_telling(facts: TellingFacts, *, rules: PolicySet) -> Decision:
    """Decide whether the recipient may be told of one signal, now, and in which words.

    Source:
        CON-01..CON-16, TRA-01, MAT-12, MAT-13; AVG 5(2).
    """
    steps = (_lane, _notice, _recipient, _person)
    found = [fact for step in steps for fact in step(facts, rules)]
    lifted = _lifted(facts, rules)
    denials = [fact for fact in found if fact not in lifted]
    return _decision(facts, denials, [*_grounds(facts, found, rules)], rules)


def possible_brackets(
    bracket: str, bracket_ends: str | None, *, on: date, rules: PolicySet
) -> frozenset[Bracket]:
    """Return every bracket the person may be in on this day; a rule must hold in all of them.

    In the quarter in which a bracket ends the person may be in either; after it, or when the two contradict
    each other, nothing is known and the set is empty. A year of slack, for a birthday since the contact.

    Source:
        design.md 7; CON-09; SIG-10.
    """
    if bracket not in _BRACKETS:
        return frozenset()
    known = Bracket(bracket)
    if known is Bracket.FROM_23:
        return frozenset({known}) if bracket_ends is None else frozenset()
    starts, ends = quarter_starts_on(bracket_ends or ""), quarter_ends_before(bracket_ends or "")
    if starts is None or ends is None or on >= ends or starts.year - on.year > rules.years(known) + 1:
        return frozenset()
    return frozenset({known} if on < starts else {known, known.next()})


def _lane(facts: LaneFacts, rules: PolicySet) -> Iterator[Fact]:
    """Find what stands in the way in the sender's kind, basis and age lane."""
    partner, basis = rules.find_partner(facts.partner_kind), rules.find_basis(facts.legal_basis, on=facts.on)
    brackets = possible_brackets(facts.bracket, facts.bracket_ends, on=facts.on, rules=rules)
    if partner is None or not partner.may_signal:
        yield Fact.PARTNER_NOT_ADMITTED
    if basis is None:
        yield Fact.BASIS_NOT_IN_FORCE
    elif partner and facts.partner_kind not in basis.partner_kinds:
        yield Fact.BASIS_NOT_FOR_PARTNER
    if not brackets:
        yield Fact.BRACKET_UNCERTAIN
    elif partner and basis and not brackets <= partner.brackets & basis.brackets:
        yield Fact.BRACKET_NOT_IN_LANE
    if basis is not None and basis.needs_decision_reference and not facts.has_decision_reference:
        yield Fact.DECISION_REFERENCE_MISSING


def _posting(facts: PostingFacts, rules: PolicySet) -> Iterator[Fact]:
    basis = rules.find_basis(facts.legal_basis, on=facts.on)
    if facts.attestation != rules.attestation:
        yield Fact.ATTESTATION_MISSING
    if facts.has_decision_reference and basis is not None and not basis.needs_decision_reference:
        yield Fact.DECISION_REFERENCE_NOT_NEEDED
    excepted = basis is not None and basis.notice_exception
    possible = _NOTICE_STATES if excepted else _NOTICE_STATES - {NoticeState.EXCEPTION}
    if facts.subject_notice not in possible:
        yield Fact.NOTICE_STATE_NOT_ALLOWED


def _notice(facts: TellingFacts, rules: PolicySet) -> Iterator[Fact]:
    """Find whether the person still has to be told first. Source: TRA-01; RBMNE:2020:4507."""
    basis = rules.find_basis(facts.legal_basis, on=facts.on)
    if basis is None or not basis.notice_needed:
        return
    if facts.subject_notice == NoticeState.GIVEN:
        if 0 < facts.notice_holders < _holders(facts, rules):
            yield Fact.NOTICE_CONTRADICTED
        return
    if facts.subject_notice == NoticeState.EXCEPTION and not basis.notice_exception:
        yield Fact.NOTICE_STATE_NOT_ALLOWED
    elif facts.subject_notice != NoticeState.EXCEPTION or not _excepted(facts, rules):
        yield Fact.NOTICE_PENDING


def _holders(facts: TellingFacts, rules: PolicySet) -> int:
    """Return how many hold authority by whoever attested the most; 0 where each is believed for itself.

    Source:
        CON-07; RBMNE:2020:4507: one parent who is forgotten was not told, and did not consent.
    """
    return facts.holders_attested if rules.contradictions == "strictest" else 0


def _excepted(facts: TellingFacts, rules: PolicySet) -> bool:
    """Tell whether an exception was approved on a listed ground and stands today. Source: TRA-04."""
    until_on = facts.exception_until_on
    return until_on is not None and facts.on <= until_on and rules.has_exception(facts.exception_code)


def _recipient(facts: TellingFacts, rules: PolicySet) -> Iterator[Fact]:
    """Find whether this recipient may hear anything of this sender at all."""
    if not facts.sender_in_force:
        yield Fact.SENDER_NOT_IN_FORCE
    if facts.same_organisation:
        yield Fact.SAME_ORGANISATION
    if facts.purpose == Purpose.TELL_CASEMANAGER:
        yield from _casemanager(facts, rules)
    elif facts.purpose != Purpose.SENDER_FEEDBACK or not _may_hear_back(facts, rules):
        yield Fact.FEEDBACK_NOT_ALLOWED


def _casemanager(facts: TellingFacts, rules: PolicySet) -> Iterator[Fact]:
    sender, recipient = rules.find_partner(facts.partner_kind), rules.find_partner(facts.recipient_kind)
    told = sender.told if sender else frozenset()
    if recipient is None or not recipient.may_be_told or facts.recipient_kind not in told:
        yield Fact.RECIPIENT_NOT_ALLOWED
    # The marker is checked apart from the matrix: a covenant that widens `told` must not move police data.
    if _police_origin(facts, rules) and facts.recipient_kind not in rules.police_data_recipients:
        yield Fact.POLICE_DATA_RECIPIENT


def _may_hear_back(facts: TellingFacts, rules: PolicySet) -> bool:
    """Tell whether there is a way back to this sender, and whether this may be said on it. Source: MAT-14."""
    sender = rules.find_partner(facts.partner_kind)
    said = sender is not None and (
        facts.feedback_code is None or facts.feedback_code in sender.feedback_codes
    )
    return said and bool(_feedback(facts, rules))


def _feedback(facts: TellingFacts, rules: PolicySet) -> frozenset[str]:
    """Return the kinds of consent that open the way back to the sender; none when it stays closed."""
    sender = rules.find_partner(facts.partner_kind)
    return sender.feedback if sender and facts.recipient_kind == facts.partner_kind else frozenset()


def _person(facts: TellingFacts, rules: PolicySet) -> Iterator[Fact]:
    """Find what the person said or decided that stands in the way."""
    if facts.restricted or any(one.restriction for one in facts.objections or ()):
        yield Fact.RESTRICTED
    if facts.consents is None or facts.objections is None:
        yield Fact.FACTS_UNKNOWN
    for objection in facts.objections or ():
        if not objection.restriction and blocks(objection.scope, facts, rules):
            yield Fact.OBJECTION_PENDING if objection.pending else Fact.OBJECTION
    if any(not _consented(kind, facts, rules) for kind in _needed_consents(facts, rules)):
        yield Fact.CONSENT_MISSING


def blocks(scope: frozenset[str], facts: LaneFacts, rules: PolicySet) -> bool:
    """Tell whether an objection of this scope stops what this organisation said. Source: CON-12, CON-13."""
    basis = rules.find_basis(facts.legal_basis, on=facts.on)
    any_blocks = basis is None or basis.objection_blocks == "any"
    return any_blocks or EVERY_SCOPE in scope or facts.partner_kind in scope


def _needed_consents(facts: TellingFacts, rules: PolicySet) -> frozenset[str]:
    if facts.purpose == Purpose.SENDER_FEEDBACK:
        return _feedback(facts, rules)
    basis = rules.find_basis(facts.legal_basis, on=facts.on)
    if basis is not None and basis.needs_consent:
        return rules.consents_for(facts.partner_kind)
    return frozenset({ConsentKind.DATA_PROCESSING}) if facts.consent_first else frozenset()


def _consented(kind: str, facts: TellingFacts, rules: PolicySet) -> bool:
    """Tell whether all who must have consented, in one record or in several. Source: CON-05, CON-06."""
    asked = possible_brackets(facts.bracket, facts.bracket_ends, on=facts.on, rules=rules)
    needed = frozenset(giver for bracket in asked for giver in rules.givers(bracket, kind))
    covering = [one for one in facts.consents or () if one.kind == kind and _covers(one, facts, rules)]
    needed -= _spared(facts, rules)
    return bool(needed) and needed <= {
        giver for one in covering for giver in _givers(one, _holders(facts, rules))
    }


def _lifts(facts: TellingFacts, rules: PolicySet) -> frozenset[str]:
    """Return what an open override lets be missing, at every age the person may have. Source: CON-11."""
    ground = rules.find_override(facts.override)
    ages = possible_brackets(facts.bracket, facts.bracket_ends, on=facts.on, rules=rules)
    fits = ground is not None and bool(ages) and ages <= ground.brackets
    # The way back to the sender is never urgent.
    told = facts.purpose == Purpose.TELL_CASEMANAGER
    return frozenset(ground.lifts) if ground and fits and told else frozenset()


def _lifted(facts: TellingFacts, rules: PolicySet) -> frozenset[Fact]:
    """Return the denials that an override lifts: never an objection, a recipient or the police."""
    lifts = _lifts(facts, rules)
    return frozenset(fact for fact, name in _LIFTABLE.items() if name in lifts)


def _spared(facts: TellingFacts, rules: PolicySet) -> frozenset[str]:
    """Return whose consent an override does without. Source: CON-08."""
    return frozenset({GivenBy.REPRESENTATIVE.value}) & _lifts(facts, rules)


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


def _grounds(facts: TellingFacts, found: list[Fact], rules: PolicySet) -> Iterator[Fact]:
    """Give the grounds of a telling; what an override lifted is no ground, and the override is one."""
    yield Fact.BASIS_IN_FORCE
    if not {Fact.NOTICE_PENDING, Fact.NOTICE_CONTRADICTED} & set(found):
        yield Fact.NOTICE_GIVEN if facts.subject_notice == NoticeState.GIVEN else Fact.NOTICE_EXCEPTION
    if Fact.CONSENT_MISSING not in found:
        yield Fact.CONSENT_COVERS if _needed_consents(facts, rules) else Fact.NO_OBJECTION_KNOWN
    if _lifts(facts, rules):
        yield Fact.OVERRIDE


def _police_origin(facts: LaneFacts, rules: PolicySet) -> bool:
    partner, basis = rules.find_partner(facts.partner_kind), rules.find_basis(facts.legal_basis, on=facts.on)
    return bool(partner and partner.police_origin) or bool(basis and basis.police_origin)


def _decision(facts: LaneFacts, denials: list[Fact], grounds: list[Fact], rules: PolicySet) -> Decision:
    partner, basis = rules.find_partner(facts.partner_kind), rules.find_basis(facts.legal_basis, on=facts.on)
    allowed = not denials and partner is not None and basis is not None
    recipient = facts.recipient_kind if isinstance(facts, TellingFacts) else ""
    level = rules.most_told(partner, basis, recipient=recipient) if allowed and partner and basis else 0
    carried = {Fact.BASIS_IN_FORCE: basis.source} if basis else {}
    if isinstance(facts, TellingFacts) and (ground := rules.find_override(facts.override)):
        carried[Fact.OVERRIDE] = ground.source
    facts_found = dict.fromkeys(denials or grounds)
    return Decision(
        allowed=allowed,
        level=level,
        reasons=tuple(rules.reason(fact, source=carried.get(fact, "")) for fact in facts_found),
        policy_hash=rules.hash,
        police_origin=_police_origin(facts, rules),
    )
