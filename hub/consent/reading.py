"""Let a privacy officer read decisions, those not to tell anybody too; each look is recorded."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hub.audit.service import record
from hub.consent import store
from hub.consent.errors import DecisionUnknownError
from hub.consent.events import DecisionRead
from hub.consent.facts import Fact, StoredDecision
from hub.consent.models import DecisionRow
from hub.consent.versions import find_policy
from hub.partners.desks import supervised_by
from hub.partners.service import StaffRole, require_role
from service.work import Role, Work

READERS = (StaffRole.PRIVACY_OFFICER,)
PAGE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadDecision:
    """A decision as it was stored, with what it was about.

    Attributes:
        decision: its reasons have the rules and sources of the policy set that it names.
    """

    decision: StoredDecision
    signal_id: UUID
    other_id: UUID
    purpose: str
    recipient_kind: str
    decided_at: datetime


def read_decision(work: Work, decision_id: UUID) -> ReadDecision:
    """Return one decision of the own municipality's, for its privacy officer; raises DecisionUnknownError.

    Source:
        AVG 5(2); domain.md 5.5.
    """
    row = store.find_decision(work.session, decision_id, colleges=_require_reader(work))
    if row is None:
        raise DecisionUnknownError
    return _read(work, [row])[0]


def list_decisions(work: Work, registration_id: UUID) -> list[ReadDecision]:
    """Return the latest decisions about a registration, for the privacy officer of whose team would hear."""
    colleges = _require_reader(work)
    return _read(work, store.list_decisions(work.session, registration_id, colleges=colleges, limit=PAGE))


def find_reasons(work: Work, decision_ids: Collection[UUID]) -> dict[UUID, tuple[Fact, ...]]:
    """Return why something may be told, for whoever is told; of a denial nothing. Source: CON-16."""
    rows = store.find_outcomes(work.session, decision_ids)
    return {row.id: tuple(_facts(row.reasons)) for row in rows if row.allowed}


def find_codes(work: Work, decision_ids: Collection[UUID]) -> dict[UUID, frozenset[str]]:
    """Return the codes of why something is told or not, to see whether that still holds. CON-04."""
    rows = store.find_outcomes(work.session, decision_ids)
    return {row.id: frozenset(row.reasons.split()) for row in rows}


def _require_reader(work: Work) -> frozenset[UUID] | None:
    """Return the organisations whose decisions the caller may read; None for the operator, who reads any.

    Of a team that is another organisation than the municipality it is recorded whose it is.
    """
    if work.caller.role is Role.OPERATOR:
        return None
    return supervised_by(work, require_role(work, *READERS).organisation_id)


def _read(work: Work, rows: Sequence[DecisionRow]) -> list[ReadDecision]:
    subject = {f"decision{at}": str(row.id) for at, row in enumerate(rows)}
    organisation = work.caller.organisation_id
    record(work, DecisionRead(organisation_id=organisation, purpose="supervision", subject=subject))
    return [_decision(work, row) for row in rows]


def _decision(work: Work, row: DecisionRow) -> ReadDecision:
    rules = find_policy(work, row.policy_hash)
    decision = StoredDecision(
        id=row.id,
        allowed=row.allowed,
        level=row.level,
        reasons=tuple(rules.reason(fact) for fact in _facts(row.reasons)),
        policy_hash=row.policy_hash,
        police_origin=row.police_origin,
    )
    return ReadDecision(
        decision=decision,
        signal_id=row.signal_id,
        other_id=row.other_id,
        purpose=row.purpose,
        recipient_kind=row.recipient_kind,
        decided_at=row.decided_at,
    )


def _facts(reasons: str) -> list[Fact]:
    return [Fact(code.partition(":")[2]) for code in reasons.split()]
