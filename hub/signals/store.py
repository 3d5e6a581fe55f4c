"""Every query on signals and idempotency keys."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    Uuid,
    delete,
    func,
    literal,
    literal_column,
    select,
    tuple_,
    update,
)
from sqlalchemy.orm import Session

from hub.signals.models import SignalKeyRow, SignalRow, SignalSubmissionRow
from hub.signals.values import Receipt, Signal, SignalState, Submission, WithdrawalReason
from service.bulk import insert_free, insert_rows, is_one_of, select_those
from service.database import UtcDateTime

_SIGNAL = SignalRow.metadata.tables[SignalRow.__tablename__]
_SIGNALS = select(_SIGNAL)
_SUBMISSION = SignalSubmissionRow.metadata.tables[SignalSubmissionRow.__tablename__]
_KEY = SignalKeyRow.metadata.tables[SignalKeyRow.__tablename__]
# All that a signal is when it comes: when it ended is written then, and asked by who counts only.
SIGNAL_COLUMNS = tuple(name for name in _SIGNAL.c.keys() if name != "ended_at")  # noqa: SIM118 - no dict
# Literally as in the partial index, or it is not used.
_UNTOLD = literal_column("state = 'active'") & literal_column("subject_notice <> 'given'")


@dataclass(frozen=True, slots=True)
class Taken:
    """A post that was taken before, under one key."""

    body_hash: bytes
    receipt: Receipt


def find_taken(session: Session, keys: Collection[bytes]) -> dict[bytes, Taken]:
    """Read the receipts that were given under these keys."""
    if not keys:
        return {}
    query = (
        select(_KEY.c.key, _KEY.c.body_hash, _SIGNAL.c.id, _SIGNAL.c.leaf_hash)
        .add_columns(_SIGNAL.c.received_at, _SIGNAL.c.signature)
        .join(_SIGNAL, _SIGNAL.c.id == _KEY.c.signal_id)
        .where(is_one_of(session, _KEY.c.key, list(keys)))
    )
    return {
        key: Taken(body_hash, Receipt(id_, body_hash, leaf_hash, received_at, signature))
        for key, body_hash, id_, leaf_hash, received_at, signature in session.execute(query)
    }


def claim_keys(session: Session, rows: Sequence[tuple[bytes, bytes, UUID]], *, now: datetime) -> set[bytes]:
    """Insert (key, body hash, signal id) rows and return the keys that were free."""
    columns = ("key", "body_hash", "signal_id", "used_at")
    return insert_free(session, _KEY, columns, [(*row, now) for row in rows])


def delete_keys(session: Session, *, before: datetime) -> int:
    """Delete idempotency keys that were used before a moment, and count them."""
    used = session.execute(delete(_KEY).where(_KEY.c.used_at < before).returning(_KEY.c.signal_id))
    return len(used.all())


def insert_signals(session: Session, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert signals, in the order of `SIGNAL_COLUMNS`."""
    insert_rows(session, _SIGNAL, SIGNAL_COLUMNS, rows)


def insert_submissions(session: Session, rows: Sequence[tuple[UUID, UUID, UUID, datetime]]) -> None:
    """Insert who brought signals, as (signal, organisation, staff, when received); mostly there are none."""
    if rows:
        columns = ("signal_id", "organisation_id", "staff_id", "received_at")
        insert_rows(session, _SUBMISSION, columns, rows)


def find_submissions(session: Session, ids: Collection[UUID]) -> dict[UUID, Submission]:
    """Read who brought signals, of those that somebody else brought than who weighed them."""
    if not ids:
        return {}
    rows = session.execute(select(_SUBMISSION).where(is_one_of(session, _SUBMISSION.c.signal_id, list(ids))))
    return {row.signal_id: Submission(row.signal_id, row.organisation_id, row.staff_id) for row in rows}


def delete_submissions(session: Session, ids: Collection[UUID]) -> None:
    """Forget who brought signals."""
    session.execute(delete(_SUBMISSION).where(is_one_of(session, _SUBMISSION.c.signal_id, list(ids))))


def find_signals(session: Session, ids: Collection[UUID]) -> dict[UUID, Signal]:
    """Read signals by id."""
    return {row.id: _signal(row) for row in select_those(session, _SIGNALS, _SIGNAL.c.id, list(ids))}


def find_own(session: Session, organisation_id: UUID, id_: UUID) -> Signal | None:
    """Read and lock one signal that is of this organisation, or that it brought. Source: SIG-12."""
    row = session.execute(_own(organisation_id, id_).with_for_update()).one_or_none()
    return _signal(row) if row is not None else None


def look_at_own(session: Session, organisation_id: UUID, id_: UUID) -> Signal | None:
    """Read one signal that is of this organisation, or that it brought."""
    row = session.execute(_own(organisation_id, id_)).one_or_none()
    return _signal(row) if row is not None else None


def _own(organisation_id: UUID, id_: UUID) -> Select[Any]:
    own = (_SIGNAL.c.organisation_id == organisation_id) | _SIGNAL.c.id.in_(brought_by(organisation_id))
    return select(_SIGNAL).where(_SIGNAL.c.id == id_, own)


def brought_by(organisation_id: UUID) -> Select[Any]:
    """Select the ids of the signals that an organisation brought."""
    return select(_SUBMISSION.c.signal_id).where(_SUBMISSION.c.organisation_id == organisation_id)


def find_locked(session: Session, id_: UUID) -> Signal | None:
    """Read and lock one signal."""
    row = session.execute(select(_SIGNAL).where(_SIGNAL.c.id == id_).with_for_update()).one_or_none()
    return _signal(row) if row is not None else None


def list_own(
    session: Session,
    organisation_id: UUID,
    *,
    before: tuple[datetime, UUID] | None,
    limit: int,
    overdue_before: datetime | None = None,
    on: date | None = None,
) -> list[Signal]:
    """Read signals that are of an organisation or that it brought, newest first, before a place.

    Args:
        overdue_before: only those from before this moment of which the person was not told.
        on: the day on which an exception must stand to count; given with `overdue_before`.
    """
    query = select(_SIGNAL)
    if overdue_before is not None:
        until_on = _SIGNAL.c.exception_until_on
        query = query.where(
            _UNTOLD, _SIGNAL.c.received_at < overdue_before, until_on.is_(None) | (until_on < on)
        )
    of_it = _SIGNAL.c.organisation_id == organisation_id
    brought = query.join(_SUBMISSION, _SUBMISSION.c.signal_id == _SIGNAL.c.id)
    brought = brought.where(_SUBMISSION.c.organisation_id == organisation_id, ~of_it)
    # Asked apart: an index orders each; joined by an "or" neither would be used.
    own = _page(query.where(of_it), _SIGNAL.c.received_at, _SIGNAL.c.id, before=before, limit=limit)
    order = (_SUBMISSION.c.received_at, _SUBMISSION.c.signal_id)
    found = [*session.execute(own), *session.execute(_page(brought, *order, before=before, limit=limit))]
    newest = sorted(found, key=lambda row: (row.received_at, row.id), reverse=True)
    return [_signal(row) for row in newest[:limit]]


def _page(
    query: Select[Any],
    *order: ColumnElement[Any],
    before: tuple[datetime, UUID] | None,
    limit: int,
) -> Select[Any]:
    if before is not None:
        query = query.where(
            tuple_(*order) < tuple_(literal(before[0], UtcDateTime), literal(before[1], Uuid))
        )
    return query.order_by(*(column.desc() for column in order)).limit(limit)


def list_latest_by_reporter(session: Session, *, since: datetime) -> list[tuple[UUID, datetime]]:
    """Read when each reporter signalled last, of those who did since a moment."""
    query = select(_SIGNAL.c.reporter_id, func.max(_SIGNAL.c.received_at)).group_by(_SIGNAL.c.reporter_id)
    return [(id_, at) for id_, at in session.execute(query.where(_SIGNAL.c.received_at >= since))]


def lock_due(session: Session, *, now: datetime, limit: int) -> list[Signal]:
    """Read and lock signals whose validity is over, past those that another worker holds."""
    query = select(_SIGNAL).where(
        _SIGNAL.c.state == literal_column("'active'"), _SIGNAL.c.active_until <= now
    )
    rows = session.execute(
        query.order_by(_SIGNAL.c.active_until).limit(limit).with_for_update(skip_locked=True)
    )
    return [_signal(row) for row in rows]


def lock_open(session: Session, organisation_id: UUID, *, limit: int) -> list[Signal]:
    """Read and lock active signals of an organisation, oldest first."""
    query = select(_SIGNAL).where(
        _SIGNAL.c.organisation_id == organisation_id, _SIGNAL.c.state == SignalState.ACTIVE
    )
    ordered = query.order_by(_SIGNAL.c.received_at, _SIGNAL.c.id).limit(limit)
    return [_signal(row) for row in session.execute(ordered.with_for_update())]


def set_owner(session: Session, ids: Collection[UUID], *, organisation_id: UUID, reporter_id: UUID) -> None:
    """Write whose signals are from now on."""
    moved = update(_SIGNAL).where(is_one_of(session, _SIGNAL.c.id, list(ids)))
    session.execute(moved.values(organisation_id=organisation_id, reporter_id=reporter_id))


def set_notice(session: Session, ids: Collection[UUID], **notice: object) -> None:
    """Write where the notice to the person stands."""
    session.execute(update(_SIGNAL).where(is_one_of(session, _SIGNAL.c.id, list(ids))).values(**notice))


def forget_grounds(session: Session) -> None:
    """Forget on which ground the persons of signals that were erased as unjustified were told later."""
    erased = (_SIGNAL.c.reason == "unjustified") & _SIGNAL.c.exception_code.is_not(None)
    session.execute(update(_SIGNAL).where(erased).values(exception_code=None, exception_until_on=None))


def lock_lapsed(session: Session, *, on: date, limit: int) -> list[Signal]:
    """Read and lock active signals whose exception ended before a day, past those another worker holds."""
    query = select(_SIGNAL).where(_UNTOLD, _SIGNAL.c.exception_until_on < on)
    return [_signal(row) for row in session.execute(query.limit(limit).with_for_update(skip_locked=True))]


def mark_reminded(session: Session, *, before: datetime, now: datetime, limit: int) -> list[Signal]:
    """Mark active signals from before a moment of which the person was not told, each once."""
    due = select(_SIGNAL.c.id).where(_UNTOLD, _SIGNAL.c.received_at < before)
    due = due.where(_SIGNAL.c.reminded_at.is_(None), _SIGNAL.c.exception_until_on.is_(None))
    mark = update(_SIGNAL).where(_SIGNAL.c.id.in_(due.limit(limit).with_for_update(skip_locked=True)))
    return [_signal(row) for row in session.execute(mark.values(reminded_at=now).returning(_SIGNAL))]


def set_state(
    session: Session,
    ids: Collection[UUID],
    state: SignalState,
    reason: WithdrawalReason | None = None,
    *,
    now: datetime,
) -> None:
    """Write where signals are in their life since a moment."""
    ended = update(_SIGNAL).where(is_one_of(session, _SIGNAL.c.id, list(ids)))
    session.execute(ended.values(state=state, reason=reason, ended_at=now))


def _signal(row: Any) -> Signal:
    facts = {name: getattr(row, name) for name in SIGNAL_COLUMNS if name not in {"leaf_hash", "signature"}}
    facts["state"] = SignalState(row.state)
    facts["reason"] = WithdrawalReason(row.reason) if row.reason else None
    return Signal(**facts)
