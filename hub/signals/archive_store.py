"""Every query on signals that ended and are kept, and on what they answered."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, literal_column, select, update
from sqlalchemy.orm import Session

from hub.signals.models import ArchiveAnswerRow, SignalRow
from hub.signals.values import WithdrawalReason
from hub.subjects.models import RegistrationRow
from service.clock import dutch_date

PAGE = 200
# Literally as in the partial index, or it is not used.
_ENDED: ColumnElement[bool] = literal_column("state <> 'active'")
_KEPT = _ENDED & SignalRow.reason.is_distinct_from(WithdrawalReason.UNJUSTIFIED.value)


def lock_ended(session: Session, *, limit: int) -> list[SignalRow]:
    """Read and hold signals that ended and of which nobody looked yet how long they are kept."""
    query = select(SignalRow).where(_KEPT, SignalRow.archived_until_on.is_(None)).order_by(SignalRow.id)
    return list(session.scalars(query.limit(limit).with_for_update(skip_locked=True)))


def forget(session: Session) -> int:
    """Let go of all that was kept; they go by the term of ended signals then."""
    kept = SignalRow.archived_until_on.is_not(None)
    gone = update(SignalRow).where(_ENDED, kept).values(archived_until_on=None).returning(SignalRow.id)
    return len(session.execute(gone).all())


def find_kept(session: Session, ids: Collection[UUID], *, but: UUID) -> list[SignalRow]:
    """Read those of these signals that are kept, of other organisations than one."""
    kept = _KEPT & SignalRow.archived_until_on.is_not(None) & (SignalRow.organisation_id != but)
    return list(session.scalars(select(SignalRow).where(SignalRow.id.in_(ids), kept).order_by(SignalRow.id)))


def ended_on(session: Session, row: SignalRow) -> date:
    """Return the day on which a signal ended."""
    query = select(RegistrationRow.ended_at).where(RegistrationRow.id == row.id)
    return dutch_date(session.scalar(query) or row.active_until)


def find_asked(session: Session, ids: Collection[UUID]) -> set[UUID]:
    """Name those of these signals for which the archive was asked."""
    return set(session.scalars(select(ArchiveAnswerRow.signal_id).where(ArchiveAnswerRow.signal_id.in_(ids))))


def list_unshown(session: Session, organisation_id: UUID) -> list[ArchiveAnswerRow]:
    """Read and hold the answers to an organisation's signals that it did not see, the oldest first."""
    own = (ArchiveAnswerRow.organisation_id == organisation_id) & ArchiveAnswerRow.answered.is_(True)
    query = select(ArchiveAnswerRow).where(own, ArchiveAnswerRow.shown_at.is_(None))
    return list(session.scalars(query.order_by(ArchiveAnswerRow.asked_at).limit(PAGE).with_for_update()))


def forget_shown(session: Session, organisation_id: UUID, shown_at: datetime) -> list[ArchiveAnswerRow]:
    """Let the answers that an organisation saw at that very moment count as not seen; returns those."""
    own = (ArchiveAnswerRow.organisation_id == organisation_id) & (ArchiveAnswerRow.shown_at == shown_at)
    rows = list(session.scalars(select(ArchiveAnswerRow).where(own).with_for_update()))
    for row in rows:
        row.shown_at = None
    session.flush()
    return rows
