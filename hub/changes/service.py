"""Propose a change, and have another person approve or reject it: gate, act, record."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from itertools import islice
from typing import Any
from uuid import UUID, uuid4

from hub.audit.events import AuditEvent
from hub.audit.service import record, record_many
from hub.changes import events, store
from hub.changes.errors import ChangeMissingError
from hub.changes.kinds import RULES, ChangeKind, ChangeReason, RejectionReason
from hub.changes.models import ChangeRow
from hub.changes.policy import require_open, require_reason, require_rejecting, require_second_person
from hub.changes.values import Change, ChangeState, Effects
from hub.partners.errors import RoleNotAllowedError
from hub.partners.service import Staff, StaffRole, holds, require_role
from keys.protocol.encoding import canonical_json
from service.clock import dutch_date
from service.work import Role, Work

__all__ = [
    "Change", "ChangeKind", "ChangeReason", "ChangeState", "Effects", "RejectionReason", "approve",
    "expire_due", "get_change", "list_open", "propose", "reject",
]  # fmt: skip

PAGE = 200


def propose(
    work: Work,
    *,
    kind: ChangeKind,
    payload: Mapping[str, Any],
    reason: ChangeReason,
    about: UUID | None = None,
) -> Change:
    """Put a change before a second person; nothing changes yet.

    Args:
        payload: validated by the owner of the kind: JSON values, codes and ids, never a person's data.
        about: the registration with which the change goes when that is erased.

    Raises:
        RoleNotAllowedError: The caller is nobody who may propose this.
        ChangeReasonError: The reason does not belong to this kind.
    """
    rule = RULES[kind]
    staff = require_role(work, *rule.proposers)
    require_reason(kind, reason)
    written = canonical_json(dict(payload))
    row = ChangeRow(
        id=uuid4(),
        kind=kind.value,
        reason=reason.value,
        payload=written,
        payload_hash=sha256(written).digest(),
        about=about,
        organisation_id=staff.organisation_id,
        proposed_by=staff.id,
        proposed_at=work.now,
        expires_at=work.now + rule.lasts,
        state=ChangeState.OPEN.value,
    )
    work.session.add(row)
    work.session.flush()
    record(work, _event(events.ChangeProposed, row))
    return store.read(row)


def approve(work: Work, change_id: UUID, *, effects: Effects) -> Change:
    """Let a change take effect, in this transaction, on the word of a second person with a key of their own.

    Args:
        effects: what each kind does; see `hub.approving`.

    Raises:
        SamePersonError: The caller proposed it.
        ChangeDecidedError: It was decided upon before, or waited too long.

    Source:
        domain.md CON-11, TRA-09 (vier-ogenprincipe).
    """
    row, staff = _get_for_second(work, change_id)
    change = store.read(row)
    require_second_person(change, staff_id=staff.id, organisation_id=staff.organisation_id)
    require_open(change, at=work.now)
    _decide(work, row, ChangeState.APPROVED, by=staff.id)
    record(work, _event(events.ChangeApproved, row))
    effects[change.kind](work, store.read(row))
    return store.read(row)


def reject(work: Work, change_id: UUID, *, reason: RejectionReason) -> Change:
    """Let a change go no further: on the word of a second person, or of the proposer, who takes it back."""
    row, staff = _get_for_second(work, change_id)
    change = store.read(row)
    require_rejecting(change, reason, staff_id=staff.id)
    if reason is not RejectionReason.TAKEN_BACK:
        require_second_person(change, staff_id=staff.id, organisation_id=staff.organisation_id)
    require_open(change, at=work.now)
    row.rejected_for = reason.value
    _decide(work, row, ChangeState.REJECTED, by=staff.id)
    record(work, _event(events.ChangeRejected, row, rejected_for=reason.value))
    return store.read(row)


def get_change(work: Work, change_id: UUID) -> Change:
    """Return a change that the caller has a part in; raises ChangeMissingError."""
    row = store.find_row(work.session, change_id)
    staff = require_role(work, *_parts(list(RULES)))
    if row is None or not _sees(work, staff, row):
        raise ChangeMissingError
    return store.read(row)


def list_open(work: Work, *, limit: int = PAGE) -> list[Change]:
    """Return the changes that wait, of the kinds in which the caller has a part, the oldest first."""
    staff = require_role(work, *_parts(list(RULES)))
    rows = store.list_rows(work.session, kinds=list(RULES), state=ChangeState.OPEN)
    seen = (row for row in rows if _sees(work, staff, row) and work.now < row.expires_at)
    return [store.read(row) for row in islice(seen, limit)]


def expire_due(work: Work, *, limit: int = PAGE) -> int:
    """End open changes for which no second person came in time, and count them."""
    rows = store.list_overdue(work.session, at=work.now, limit=limit)
    for row in rows:
        row.state = ChangeState.EXPIRED.value
    work.session.flush()
    record_many(work, [_event(events.ChangeExpired, row) for row in rows])
    return len(rows)


def _get_for_second(work: Work, change_id: UUID) -> tuple[ChangeRow, Staff]:
    # A command line on the machine speaks for anybody: it may propose, and never be the second person.
    if work.caller.role is not Role.STAFF:
        raise RoleNotAllowedError
    row = store.find_locked(work.session, change_id)
    if row is None:
        raise ChangeMissingError
    rule = RULES[ChangeKind(row.kind)]
    own = row.proposed_by == work.caller.staff_id
    return row, require_role(work, *(rule.proposers | rule.approvers if own else rule.approvers))


def _parts(kinds: list[ChangeKind]) -> set[StaffRole]:
    return {role for kind in kinds for role in RULES[kind].proposers | RULES[kind].approvers}


def _sees(work: Work, staff: Staff, row: ChangeRow) -> bool:
    kind = ChangeKind(row.kind)
    near = staff.organisation_id == row.organisation_id or not RULES[kind].within_organisation
    return near and holds(staff, _parts([kind]), dutch_date(work.now))


def _decide(work: Work, row: ChangeRow, state: ChangeState, *, by: UUID) -> None:
    row.state, row.decided_by, row.decided_at = state.value, by, work.now
    work.session.flush()


def _event(kind: type[AuditEvent], row: ChangeRow, **more: str) -> AuditEvent:
    return kind(
        organisation_id=row.organisation_id,
        purpose="four_eyes",
        subject={"change": str(row.id)},
        detail={"kind": row.kind, "reason": row.reason, "payload": row.payload_hash.hex(), **more},
    )
