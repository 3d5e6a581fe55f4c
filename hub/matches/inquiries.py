"""Every query on inquiries and their clocks."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Table, select, update
from sqlalchemy.orm import Session

from hub.matches.models import InquiryClockRow, InquiryRow, MatchRow
from hub.matches.states import MatchState
from service.bulk import insert_into

_INQUIRY: Table = InquiryRow.__table__  # type: ignore[assignment]
_CLOCK: Table = InquiryClockRow.__table__  # type: ignore[assignment]


def find_bases(session: Session, signal_ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the legal basis of the inquiry that each of these signals opened."""
    query = select(_INQUIRY.c.signal_id, _INQUIRY.c.legal_basis).where(_INQUIRY.c.signal_id.in_(signal_ids))
    return dict(session.execute(query).all())


def open_inquiry(session: Session, row: Mapping[str, Any], clocks: Iterable[Mapping[str, Any]]) -> bool:
    """Write an inquiry with its clocks, once; tells whether it is new."""
    insert = insert_into(session, _INQUIRY).values(**row).on_conflict_do_nothing()
    if session.execute(insert.returning(_INQUIRY.c.match_id)).first() is None:
        return False
    session.execute(insert_into(session, _CLOCK), [dict(one) for one in clocks])
    return True


def lock_inquiry(session: Session, match_id: UUID) -> InquiryRow | None:
    """Read an inquiry as it is now, and hold it."""
    return session.get(InquiryRow, match_id, with_for_update=True, populate_existing=True)


def list_inquiries(session: Session, match_ids: Collection[UUID]) -> list[InquiryRow]:
    """Read the inquiries among these matches, oldest first."""
    query = select(InquiryRow).where(InquiryRow.match_id.in_(match_ids))
    return list(session.scalars(query.order_by(InquiryRow.opened_at, InquiryRow.match_id)))


def list_clocks(session: Session, match_ids: Collection[UUID]) -> list[InquiryClockRow]:
    """Read the clocks of these inquiries, first what is due first."""
    query = select(InquiryClockRow).where(InquiryClockRow.match_id.in_(match_ids))
    fresh = query.execution_options(populate_existing=True)
    return list(session.scalars(fresh.order_by(InquiryClockRow.due_at, InquiryClockRow.code)))


def stop_clocks(session: Session, match_id: UUID, codes: Collection[str], *, now: datetime) -> None:
    """Write that these were done; the first time counts."""
    own = (_CLOCK.c.match_id == match_id) & _CLOCK.c.code.in_(codes) & _CLOCK.c.met_at.is_(None)
    session.execute(update(_CLOCK).where(own).values(met_at=now))


def list_missed(session: Session, *, now: datetime, limit: int) -> list[tuple[UUID, str]]:
    """Name the clocks of open inquiries that ended, and of which nobody heard yet."""
    query = select(_CLOCK.c.match_id, _CLOCK.c.code).join(MatchRow, MatchRow.id == _CLOCK.c.match_id)
    missed = _CLOCK.c.met_at.is_(None) & _CLOCK.c.missed_at.is_(None) & (_CLOCK.c.due_at <= now)
    found = query.where(missed, MatchRow.state == MatchState.OPEN).order_by(
        _CLOCK.c.due_at, _CLOCK.c.match_id
    )
    return [(match_id, code) for match_id, code in session.execute(found.limit(limit))]


def miss_clock(session: Session, match_id: UUID, code: str, *, now: datetime) -> bool:
    """Write that a clock was missed, once; tells whether it was not before."""
    own = (_CLOCK.c.match_id == match_id) & (_CLOCK.c.code == code)
    fresh = own & _CLOCK.c.met_at.is_(None) & _CLOCK.c.missed_at.is_(None)
    missed = update(_CLOCK).where(fresh).values(missed_at=now)
    return session.execute(missed.returning(_CLOCK.c.code)).first() is not None
