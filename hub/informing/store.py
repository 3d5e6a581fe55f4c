"""Every query on notices to persons."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from hub.changes.models import ChangeRow
from hub.informing.models import NoticeExceptionRow
from hub.signals.models import SignalRow
from hub.signals.service import WithdrawalReason


def find_last_exception(session: Session, signal_id: UUID) -> date | None:
    """Read until which day the latest exception of a signal stands, or stood."""
    query = select(func.max(NoticeExceptionRow.until_on)).where(NoticeExceptionRow.signal_id == signal_id)
    return session.scalar(query)


def list_unjustified(session: Session) -> list[UUID]:
    """List the signals that were erased as unjustified and of which a ground is kept still."""
    erased = select(SignalRow.id).where(SignalRow.reason == WithdrawalReason.UNJUSTIFIED)
    grounds = exists().where(NoticeExceptionRow.signal_id == SignalRow.id)
    return list(session.scalars(erased.where(grounds | exists().where(ChangeRow.about == SignalRow.id))))
