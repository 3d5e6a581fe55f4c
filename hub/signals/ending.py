"""End or erase signals at a citizen's request, whoever posted them."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import delete, select

from hub.audit.service import record_many
from hub.signals.events import SignalWithdrawn
from hub.signals.models import ArchiveAnswerRow, SignalRow
from hub.signals.store import delete_submissions
from hub.signals.values import SignalState, WithdrawalReason
from hub.subjects.service import end_registrations
from service.work import Work


def deactivate_signals(work: Work, ids: Collection[UUID]) -> None:
    """End those of these signals that count; what hung on them is taken back by the worker.

    Source:
        TRA-09 (inactief maken); Jeugdwet 7.1.4.5.
    """
    query = select(SignalRow).where(SignalRow.id.in_(ids), SignalRow.state == SignalState.ACTIVE)
    rows = list(work.session.scalars(query.order_by(SignalRow.id).with_for_update()))
    end_registrations(work, [row.id for row in rows])
    for row in rows:
        row.state, row.reason = SignalState.WITHDRAWN.value, WithdrawalReason.REASON_GONE.value
        row.ended_at = work.now
    work.session.flush()
    record_many(
        work,
        [
            SignalWithdrawn(
                organisation_id=row.organisation_id,
                legal_basis=row.legal_basis,
                subject={"signal": str(row.id)},
                detail={"reason": WithdrawalReason.REASON_GONE.value},
            )
            for row in rows
        ],
    )


def erase_signals(work: Work, ids: Collection[UUID]) -> None:
    """Delete signals for good.

    The hash of the idempotency key stays until it is forgotten with the others: without it, a partner that
    repeats an old post would bring the signal back.
    """
    work.session.execute(delete(ArchiveAnswerRow).where(ArchiveAnswerRow.signal_id.in_(ids)))
    delete_submissions(work.session, ids)
    work.session.execute(delete(SignalRow).where(SignalRow.id.in_(ids)))
