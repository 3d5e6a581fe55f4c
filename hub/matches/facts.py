"""Lay a signal or a case before the rules, with exactly the facts they may see."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from hub.cases.service import Case
from hub.consent.service import CaseFacts, SignalFacts
from hub.matches.models import MatchRow
from hub.signals.service import Signal


def signal_facts(signal: Signal, *, partner_kind: str) -> SignalFacts:
    """Return what the rules may see of a signal."""
    return SignalFacts(
        id=signal.id,
        organisation_id=signal.organisation_id,
        partner_kind=partner_kind,
        legal_basis=signal.legal_basis,
        bracket=signal.bracket,
        bracket_ends=signal.bracket_ends,
        subject_notice=signal.subject_notice,
        has_decision_reference=signal.has_decision_reference,
        restricted=signal.restricted,
        exception_code=signal.exception_code,
        exception_until_on=signal.exception_until_on,
    )


def inquiry_facts(signal: Signal, *, legal_basis: str, college_id: UUID, partner_kind: str) -> CaseFacts:
    """Return what the rules may see of an inquiry: a file that a team opens on one signal."""
    return CaseFacts(
        id=signal.id,
        organisation_id=college_id,
        partner_kind=partner_kind,
        legal_basis=legal_basis,
        bracket=signal.bracket,
        bracket_ends=signal.bracket_ends,
    )


def case_facts(case: Case, *, partner_kind: str) -> CaseFacts:
    """Return what the rules may see of a case."""
    return CaseFacts(
        id=case.id,
        organisation_id=case.organisation_id,
        partner_kind=partner_kind,
        legal_basis=case.legal_basis,
        bracket=case.bracket,
        bracket_ends=case.bracket_ends,
    )


def shown_brackets(
    match: MatchRow, signals: Mapping[UUID, Signal], cases: Mapping[UUID, Case]
) -> tuple[str, ...]:
    """Return the age bracket of the team's own case, and only where there is none, those of the signals.

    Beside a case, what a poster says of the age would be two bits more that it sends to another.
    """
    case = cases.get(match.case_id) if match.case_id else None
    if case is not None:
        return (case.bracket,)
    sides = (signals.get(match.signal_id), signals.get(match.other_id))
    return tuple(sorted({side.bracket for side in sides if side is not None}))
