"""Every query on what senders may hear back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hub.matches.models import FeedbackRow


def find_given(session: Session, match_id: UUID) -> dict[UUID, FeedbackRow]:
    """Read what was said of a match before, per signal, and hold it."""
    query = select(FeedbackRow).where(FeedbackRow.match_id == match_id).with_for_update()
    return {row.signal_id: row for row in session.scalars(query)}


def list_of_sender(session: Session, organisation_id: UUID, *, limit: int) -> list[FeedbackRow]:
    """Read what an organisation may hear of its own signals, the latest first."""
    query = select(FeedbackRow).where(FeedbackRow.organisation_id == organisation_id)
    return list(session.scalars(query.order_by(FeedbackRow.given_at.desc(), FeedbackRow.id).limit(limit)))


def mark_seen(session: Session, ids: Collection[UUID], *, now: datetime) -> None:
    """Remember when what was said was first shown."""
    unseen = FeedbackRow.id.in_(ids) & FeedbackRow.seen_at.is_(None)
    session.execute(update(FeedbackRow).where(unseen).values(seen_at=now))
