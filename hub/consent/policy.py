"""Decide who may post and who may be told: pure functions over facts, denied by default, with reasons."""

from __future__ import annotations

from collections.abc import Iterator

from hub.consent.brackets import possible_brackets
from hub.consent.consent_policy import count_holders, feedback_kinds, find_unconsented, lifts, needed_consents
from hub.consent.facts import (
    Decision,
    Fact,
    LaneFacts,
    NoticeState,
    PostingFacts,
    Purpose,
    Reason,
    TellingFacts,
)
from hub.consent.policy_set import PolicySet

__all__ = [
    "Decision", "LaneFacts", "PostingFacts", "Reason", "TellingFacts", "decide_posting", "decide_registering",
    "decide_telling", "possible_brackets",
]  # fmt: skip

EVERY_SCOPE = "all"
_LIFTABLE = {
    Fact.NOTICE_PENDING: "notice",
    Fact.NOTICE_CONTRADICTED: "notice",
    Fact.CONSENT_MISSING: "consent",
    Fact.CONSENT_CONTRADICTED: "consent",
}
_NOTICE_STATES = frozenset(NoticeState)


def decide_posting(facts: PostingFacts, *, rules: PolicySet) -> Decision:
    """Decide whether a signal is taken, on what its poster says and on nothing else.

    Source:
        protocol.md, step 6; SIG-01, SIG-02, SIG-05, SIG-06, CON-01, CON-10.
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
    if facts.signal_kind not in rules.signal_kinds:
        yield Fact.SIGNAL_KIND_OFF
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
        if 0 < facts.notice_holders < count_holders(facts, rules):
            yield Fact.NOTICE_CONTRADICTED
        return
    if facts.subject_notice == NoticeState.EXCEPTION and not basis.notice_exception:
        yield Fact.NOTICE_STATE_NOT_ALLOWED
    elif facts.subject_notice != NoticeState.EXCEPTION or not _excepted(facts, rules):
        yield Fact.NOTICE_PENDING


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
    """Tell whether there is a way back to this sender, and whether this may be said on it. CON-15, MAT-14."""
    sender = rules.find_partner(facts.partner_kind)
    said = sender is not None and (
        facts.feedback_code is None or facts.feedback_code in sender.feedback_codes
    )
    return said and bool(feedback_kinds(facts, rules))


def _person(facts: TellingFacts, rules: PolicySet) -> Iterator[Fact]:
    """Find what the person said or decided that stands in the way."""
    if facts.restricted or any(one.restriction for one in facts.objections or ()):
        yield Fact.RESTRICTED
    if facts.consents is None or facts.objections is None:
        yield Fact.FACTS_UNKNOWN
    for objection in facts.objections or ():
        if not objection.restriction and blocks(objection.scope, facts, rules):
            yield Fact.OBJECTION_PENDING if objection.pending else Fact.OBJECTION
    yield from find_unconsented(facts, rules)


def blocks(scope: frozenset[str], facts: LaneFacts, rules: PolicySet) -> bool:
    """Tell whether an objection of this scope stops what this organisation said. CON-12, CON-13, SIG-15."""
    basis = rules.find_basis(facts.legal_basis, on=facts.on)
    any_blocks = basis is None or basis.objection_blocks == "any"
    return any_blocks or EVERY_SCOPE in scope or facts.partner_kind in scope


def _lifted(facts: TellingFacts, rules: PolicySet) -> frozenset[Fact]:
    """Return the denials that an override lifts: never an objection, a recipient or the police."""
    names = lifts(facts, rules)
    return frozenset(fact for fact, name in _LIFTABLE.items() if name in names)


def _grounds(facts: TellingFacts, found: list[Fact], rules: PolicySet) -> Iterator[Fact]:
    """Give the grounds of a telling; what an override lifted is no ground, and the override is one."""
    yield Fact.BASIS_IN_FORCE
    if not {Fact.NOTICE_PENDING, Fact.NOTICE_CONTRADICTED} & set(found):
        yield Fact.NOTICE_GIVEN if facts.subject_notice == NoticeState.GIVEN else Fact.NOTICE_EXCEPTION
    if not {Fact.CONSENT_MISSING, Fact.CONSENT_CONTRADICTED} & set(found):
        yield Fact.CONSENT_COVERS if needed_consents(facts, rules) else Fact.NO_OBJECTION_KNOWN
    if lifts(facts, rules):
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
