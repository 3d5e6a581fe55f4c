"""Every query on changes."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.changes.kinds import ChangeKind, ChangeReason
from hub.changes.models import ChangeRow
from hub.changes.values import Change, ChangeState


def find_row(session: Session, change_id: UUID) -> ChangeRow | None:
    """Find a change."""
    return session.get(ChangeRow, change_id)


def find_locked(session: Session, change_id: UUID) -> ChangeRow | None:
    """Find a change, locked where the database locks rows: of two who decide, the second sees the first."""
    return session.scalars(select(ChangeRow).where(ChangeRow.id == change_id).with_for_update()).one_or_none()


def list_rows(session: Session, *, kinds: Collection[ChangeKind], state: ChangeState) -> Iterable[ChangeRow]:
    """List changes of some kinds, the oldest first."""
    query = select(ChangeRow).where(ChangeRow.kind.in_(kinds), ChangeRow.state == state)
    return session.scalars(query.order_by(ChangeRow.proposed_at, ChangeRow.id))


def list_overdue(session: Session, *, at: datetime, limit: int) -> list[ChangeRow]:
    """List open changes that waited too long, locked, passing over those that somebody decides upon now."""
    query = select(ChangeRow).where(ChangeRow.state == ChangeState.OPEN, ChangeRow.expires_at <= at)
    return list(session.scalars(query.limit(limit).with_for_update(skip_locked=True)))


def read(row: ChangeRow) -> Change:
    """Read a row as a value."""
    return Change(
        id=row.id,
        kind=ChangeKind(row.kind),
        reason=ChangeReason(row.reason),
        payload=json.loads(row.payload),
        payload_hash=row.payload_hash.hex(),
        organisation_id=row.organisation_id,
        proposed_by=row.proposed_by,
        proposed_at=row.proposed_at,
        expires_at=row.expires_at,
        state=ChangeState(row.state),
        decided_by=row.decided_by,
        decided_at=row.decided_at,
    )
