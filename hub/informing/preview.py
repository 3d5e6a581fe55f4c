"""Say who would be told what of a signal before it is posted: from policy alone, never from what is known.

Source: domain.md 3.2 (not knowing the consequences holds reporters back); MAT-12, TRA-03, SIG-11.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from hub.consent.consent_policy import EVERY_KIND
from hub.consent.facts import Bracket, ConsentFacts, Decision, PostingFacts, Purpose, TellingFacts
from hub.consent.policy import decide_posting, decide_telling
from hub.consent.policy_set import PolicySet


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A signal that somebody thinks of posting: nothing about anybody fits in."""

    partner_kind: str
    legal_basis: str
    bracket: Bracket
    on: date


@dataclass(frozen=True, slots=True)
class WouldHear:
    """Who may hear of it on a match, and up to which level."""

    recipient_kind: str
    level: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What would follow, when the person was told, consented where that is needed, and did not object.

    Attributes:
        posting: whether it may be posted, and why.
        told: empty where nobody may be told.
        consent_of: whose consent is needed; empty where the basis needs none.
        feedback: kinds of consent that let the sender hear something back; empty means never.
    """

    posting: Decision
    told: tuple[WouldHear, ...]
    notice_to: frozenset[str]
    consent_of: frozenset[str]
    exception_possible: bool
    feedback: frozenset[str]


def preview(planned: Planned, *, rules: PolicySet) -> Preview:
    """Look ahead at a signal of an ordinary day in the middle of its age bracket."""
    basis = rules.find_basis(planned.legal_basis, on=planned.on)
    partner = rules.find_partner(planned.partner_kind)
    posting = decide_posting(_posting(planned, rules), rules=rules)
    asked = basis is not None and basis.needs_consent
    return Preview(
        posting=posting,
        told=_told(planned, rules),
        notice_to=rules.told(planned.bracket),
        consent_of=rules.givers(planned.bracket, "data_processing") if asked else frozenset(),
        exception_possible=basis is not None and basis.notice_exception,
        feedback=partner.feedback if partner else frozenset(),
    )


def _told(planned: Planned, rules: PolicySet) -> tuple[WouldHear, ...]:
    decisions = [
        (row.kind, decide_telling(_telling(planned, row.kind, rules), rules=rules)) for row in rules.partners
    ]
    return tuple(WouldHear(kind, decision.level) for kind, decision in decisions if decision.allowed)


def _posting(planned: Planned, rules: PolicySet) -> PostingFacts:
    basis = rules.find_basis(planned.legal_basis, on=planned.on)
    return PostingFacts(
        partner_kind=planned.partner_kind,
        legal_basis=planned.legal_basis,
        bracket=planned.bracket,
        bracket_ends=_ends(planned),
        has_decision_reference=basis is not None and basis.needs_decision_reference,
        on=planned.on,
        attestation=rules.attestation,
        subject_notice="given",
        signal_kind=min(rules.signal_kinds),
    )


def _telling(planned: Planned, recipient_kind: str, rules: PolicySet) -> TellingFacts:
    lane = _posting(planned, rules)
    return TellingFacts(
        partner_kind=lane.partner_kind,
        legal_basis=lane.legal_basis,
        bracket=lane.bracket,
        bracket_ends=lane.bracket_ends,
        has_decision_reference=lane.has_decision_reference,
        on=lane.on,
        subject_notice="given",
        purpose=Purpose.TELL_CASEMANAGER,
        recipient_kind=recipient_kind,
        sender_in_force=True,
        same_organisation=False,
        restricted=False,
        consents=(_consent(planned),),
        objections=(),
    )


def _consent(planned: Planned) -> ConsentFacts:
    return ConsentFacts(
        kind="data_processing",
        purpose=Purpose.TELL_CASEMANAGER,
        partner_kinds=frozenset({EVERY_KIND}),
        valid_from_on=planned.on,
        valid_until_on=planned.on,
        given_by="both",
        authority_attested=True,
        withdrawn=False,
        bracket=planned.bracket,
        bracket_ends=_ends(planned),
    )


def _ends(planned: Planned) -> str | None:
    """Return a quarter in which a person of this age surely is in this bracket today, and in no other."""
    return None if planned.bracket is Bracket.FROM_23 else f"{planned.on.year + 1}-Q1"
