"""Lay a signal or a case before the rules, with exactly the facts they may see."""

from __future__ import annotations

from hub.cases.service import Case
from hub.consent.service import CaseFacts, SignalFacts
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
