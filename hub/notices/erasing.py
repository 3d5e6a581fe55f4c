"""Erase what inboxes say of matches that are gone, and tell who had seen it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select

from hub.notices.models import NoticeKind, NoticeRow
from service.work import Work


@dataclass(frozen=True, slots=True)
class Seen:
    """A notice that its recipient was shown, also where it stands again since and was not shown anew.

    Attributes:
        level: the highest at which it ever was.
        seen_at: when it was first shown.
        shown_at: when it was shown as it stands now; None where it was not.
    """

    notice_id: UUID
    match_id: UUID
    recipient: UUID
    kind: NoticeKind
    level: int
    seen_at: datetime
    shown_at: datetime | None


def list_seen(work: Work, match_ids: Collection[UUID]) -> list[Seen]:
    """Return every notice of these matches that was shown, in the order of showing."""
    query = select(NoticeRow).where(NoticeRow.match_id.in_(match_ids), NoticeRow.told_at.is_not(None))
    rows = work.session.scalars(query.order_by(NoticeRow.told_at, NoticeRow.id))
    return [
        Seen(
            row.id,
            row.match_id,
            row.recipient,
            NoticeKind(row.kind),
            row.told_level or 0,
            row.told_at,
            row.seen_at,
        )
        for row in rows
        if row.told_at is not None
    ]


def erase_notices(work: Work, match_ids: Collection[UUID]) -> set[UUID]:
    """Delete what was told of these matches; what takes it back stays, and points at nothing any more.

    Returns:
        The ids of the notices that are gone.
    """
    gone = (NoticeRow.match_id.in_(match_ids)) & (NoticeRow.kind != NoticeKind.VOID)
    return set(work.session.execute(delete(NoticeRow).where(gone).returning(NoticeRow.id)).scalars())
