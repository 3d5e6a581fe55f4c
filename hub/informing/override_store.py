"""Every query on overrides, but the one that a decision asks."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from hub.consent.models import OverrideRow


def find_locked(session: Session, override_id: UUID) -> OverrideRow | None:
    """Find an override, as it is now, and hold it."""
    query = select(OverrideRow).where(OverrideRow.id == override_id).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def list_of_signal(session: Session, signal_id: UUID) -> list[OverrideRow]:
    """Read every override there was of a signal; the caller holds the signal."""
    return list(session.scalars(select(OverrideRow).where(OverrideRow.signal_id == signal_id)))


def lock_due(session: Session, *, at: datetime, limit: int) -> list[OverrideRow]:
    """Read and hold overrides whose time is over, past those that another worker holds."""
    due = select(OverrideRow).where(OverrideRow.ended_at.is_(None), OverrideRow.closes_at <= at)
    return list(session.scalars(due.limit(limit).with_for_update(skip_locked=True)))


def list_unreviewed(
    session: Session, organisations: Collection[UUID], *, on: date, limit: int
) -> list[OverrideRow]:
    """Read what of organisations waits for their privacy officer: no review, or the person untold in time."""
    untold = OverrideRow.informed_on.is_(None) & or_(
        OverrideRow.postponed_until_on.is_(None), OverrideRow.postponed_until_on < on
    )
    waits = or_(OverrideRow.reviewed_at.is_(None), untold)
    own = OverrideRow.organisation_id.in_(organisations)
    query = select(OverrideRow).where(own, waits).order_by(OverrideRow.asked_at, OverrideRow.id)
    return list(session.scalars(query.limit(limit)))


def list_unconfirmed(
    session: Session, organisation_id: UUID, *, at: datetime, limit: int
) -> list[OverrideRow]:
    """Read what waits for a second person of an organisation."""
    query = select(OverrideRow).where(
        OverrideRow.organisation_id == organisation_id,
        OverrideRow.confirmed_at.is_(None),
        OverrideRow.ended_at.is_(None),
        OverrideRow.closes_at > at,
    )
    return list(session.scalars(query.order_by(OverrideRow.asked_at, OverrideRow.id).limit(limit)))
