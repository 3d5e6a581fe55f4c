"""Every query on registrations, the match index and the queue."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import (
    LargeBinary,
    Select,
    bindparam,
    delete,
    func,
    select,
    tuple_,
    update,
)
from sqlalchemy.orm import Session

from hub.subjects.models import MatchIndexRow, MatchQueueRow, RegistrationKind, RegistrationRow
from hub.subjects.opening import read_tokens
from hub.subjects.policy import Token
from keys.protocol.data_keys import KEY_ID_BYTES
from service.bulk import insert_into, insert_rows, is_one_of, select_those

T = TypeVar("T")
_TABLES = RegistrationRow.metadata.tables
_REGISTRATION = _TABLES[RegistrationRow.__tablename__]
_INDEX = _TABLES[MatchIndexRow.__tablename__]
_QUEUE = _TABLES[MatchQueueRow.__tablename__]
_R = _REGISTRATION.c

# SQLite takes at most 32,766 parameters a statement.
CHUNK = 10_000
CLOCKS_DIFFER = timedelta(minutes=5)

REGISTRATION_COLUMNS = (
    "id", "kind", "organisation_id", "active_from", "active_until", "quarantine", "epoch", "tokens", "sealed",
)  # fmt: skip


# Kept, so that they are built and compiled once: each look at anybody reads by them.
_CARRIES = select(_INDEX.c.idx, _INDEX.c.registration_id)
_EVER = select(_R.id, _R.kind, _R.tokens).where(_R.quarantine.is_(None))
_ACTIVE = _EVER.where(
    _R.ended_at.is_(None), _R.active_from <= bindparam("begun"), _R.active_until > bindparam("now")
)


@dataclass(frozen=True, slots=True)
class Found:
    """A registration that is active now, with its tokens."""

    id: UUID
    kind: str
    tokens: frozenset[Token]


def insert_registrations(session: Session, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert registrations, in the order of `REGISTRATION_COLUMNS`."""
    insert_rows(session, _REGISTRATION, REGISTRATION_COLUMNS, rows)


def insert_index(session: Session, rows: Sequence[tuple[bytes, UUID]]) -> None:
    """Insert (index, registration id) rows."""
    insert_rows(session, _INDEX, ("idx", "registration_id"), rows)


def enqueue_new(session: Session, ids: Sequence[UUID], *, now: datetime) -> None:
    """Queue registrations that cannot be queued yet."""
    insert_rows(session, _QUEUE, ("registration_id", "queued_at"), [(id_, now) for id_ in ids])


def enqueue(session: Session, ids: Collection[UUID], *, now: datetime) -> None:
    """Queue registrations once; waits for a worker that holds one, so that no change is missed."""
    rows = [{"registration_id": id_, "queued_at": now} for id_ in sorted(ids)]
    if rows:
        statement = insert_into(session, _QUEUE)
        # Doing nothing would not wait for a worker that has locked a row and is about to delete it.
        again = {"queued_at": _QUEUE.c.queued_at}
        session.execute(statement.on_conflict_do_update(index_elements=["registration_id"], set_=again), rows)


def dequeue(session: Session, limit: int) -> list[UUID]:
    """Take the oldest from the queue, past those that another worker holds; a roll-back puts them back."""
    oldest = select(_QUEUE.c.registration_id).order_by(_QUEUE.c.queued_at).limit(limit)
    ids = session.execute(oldest.with_for_update(skip_locked=True)).scalars().all()
    for part in _chunks(ids):
        session.execute(delete(_QUEUE).where(is_one_of(session, _QUEUE.c.registration_id, part)))
    return list(ids)


def lock(session: Session, ids: Collection[UUID]) -> None:
    """Lock registrations in sorted order; on SQLite the statement itself takes the one writer's turn."""
    chosen = select(_R.id).where(is_one_of(session, _R.id, list(ids)))
    session.execute(chosen.order_by(_R.id).with_for_update()).all()


def end(session: Session, ids: Collection[UUID], *, now: datetime) -> None:
    """Mark registrations as ended, those that were not."""
    for part in _chunks(list(ids)):
        ended = update(_REGISTRATION).where(is_one_of(session, _R.id, part), _R.ended_at.is_(None))
        session.execute(ended.values(ended_at=now))


def erase(session: Session, ids: Collection[UUID]) -> None:
    """Delete registrations and their index rows."""
    rows = [row for part in _chunks(list(ids)) for row in _tokens_of(session, part)]
    _delete_index(session, [(token.index, id_) for id_, tokens in rows for token in read_tokens(tokens)])
    for part in _chunks(list(ids)):
        session.execute(delete(_REGISTRATION).where(is_one_of(session, _R.id, part)))


def find_owners(session: Session, ids: Collection[UUID]) -> list[tuple[UUID, UUID, str]]:
    """Read (id, organisation id, kind) of registrations."""
    wanted = [
        select(_R.id, _R.organisation_id, _R.kind).where(is_one_of(session, _R.id, part))
        for part in _chunks(list(ids))
    ]
    return [(id_, owner, kind) for query in wanted for id_, owner, kind in session.execute(query)]


def find_by_key(session: Session, keys: Collection[bytes]) -> dict[UUID, tuple[UUID, str]]:
    """Read owner and kind of registrations that are sealed under one of these keys, among all there are."""
    key = func.substr(_R.sealed, 1, KEY_ID_BYTES, type_=LargeBinary)
    found: dict[UUID, tuple[UUID, str]] = {}
    for part in _chunks(sorted(keys)):
        query = select(_R.id, _R.organisation_id, _R.kind).where(is_one_of(session, key, part))
        found |= {id_: (owner, kind) for id_, owner, kind in session.execute(query)}
    return found


def list_newest_tokens(
    session: Session, organisation_id: UUID, *, limit: int
) -> list[tuple[bool, frozenset[Token]]]:
    """Read of an organisation's newest signals whether they lie in quarantine, and their tokens."""
    query = select(_R.quarantine, _R.tokens).where(
        _R.organisation_id == organisation_id, _R.kind == RegistrationKind.SIGNAL
    )
    rows = session.execute(query.order_by(_R.active_from.desc()).limit(limit))
    return [(held is not None, read_tokens(tokens)) for held, tokens in rows]


def change_owner(session: Session, ids: Collection[UUID], *, organisation_id: UUID) -> None:
    """Let another organisation be the one that registered these."""
    for part in _chunks(list(ids)):
        moved = update(_REGISTRATION).where(is_one_of(session, _R.id, part))
        session.execute(moved.values(organisation_id=organisation_id))


def list_sealed(session: Session, epoch: int, *, limit: int) -> list[UUID]:
    """Name registrations that are sealed under one row key."""
    query = select(_R.id).where(_R.epoch == epoch, _R.quarantine.is_(None))
    return list(session.scalars(query.order_by(_R.id).limit(limit)))


def find_sealed(session: Session, ids: Collection[UUID]) -> dict[UUID, bytes]:
    """Read the sealed elements of registrations; of one in quarantine, the id of its data key alone."""
    query = select(_R.id, _R.sealed).where(is_one_of(session, _R.id, list(ids)))
    return {row.id: row.sealed for row in session.execute(query)}


def lock_sealed(session: Session, ids: Sequence[UUID], *, epoch: int) -> list[tuple[UUID, bytes, bytes]]:
    """Lock and read (id, tokens, sealed) of those registrations that are still under this row key."""
    query = select(_R.id, _R.tokens, _R.sealed).where(is_one_of(session, _R.id, ids), _R.epoch == epoch)
    rows = session.execute(query.order_by(_R.id).with_for_update())
    return [(id_, tokens, sealed) for id_, tokens, sealed in rows]


def replace_tokens(session: Session, rows: Sequence[tuple[UUID, bytes, bytes, bytes]], *, epoch: int) -> None:
    """Move (id, old tokens, new tokens, sealed) to another row key, with their index rows."""
    old = [(token.index, id_) for id_, tokens, _, _ in rows for token in read_tokens(tokens)]
    new = {(token.index, id_) for id_, _, tokens, _ in rows for token in read_tokens(tokens)}
    _delete_index(session, old)
    insert_index(session, sorted(new))
    for id_, _, tokens, sealed in rows:
        moved = update(_REGISTRATION).where(_R.id == id_)
        session.execute(moved.values(tokens=tokens, sealed=sealed, epoch=epoch))


def find_active(session: Session, ids: Collection[UUID], *, now: datetime | None) -> list[Found]:
    """Read those of the registrations that are active at this moment; without one, ended ones too."""
    return [Found(id_, kind, read_tokens(data)) for id_, kind, data in _read(session, ids, now=now)]


def find_by_index(
    session: Session,
    indexes: Collection[bytes],
    *,
    now: datetime | None,
    kinds: Collection[str] | None = None,
) -> dict[bytes, list[Found]]:
    """Read the registrations that carry any of these index values, per value; see `find_active`.

    Args:
        kinds: None asks for those of every kind.
    """
    carried = _carriers(session, indexes)
    known = {
        id_: Found(id_, kind, read_tokens(data))
        for id_, kind, data in _read(session, {id_ for _, id_ in carried}, now=now)
        if kinds is None or kind in kinds
    }
    found: dict[bytes, list[Found]] = defaultdict(list)
    for idx, id_ in carried:
        if id_ in known:
            found[idx].append(known[id_])
    return found


def is_carried(session: Session, indexes: Collection[bytes], among: Select[UUID]) -> bool:
    """Tell whether a registration of a query carries any of these index values."""
    return any(
        session.execute(
            select(_INDEX.c.registration_id)
            .where(is_one_of(session, _INDEX.c.idx, part), _INDEX.c.registration_id.in_(among))
            .limit(1)
        ).first()
        for part in _chunks(list(indexes))
    )


def _carriers(session: Session, indexes: Collection[bytes]) -> list[tuple[bytes, UUID]]:
    """Read who carries these index values.

    Not joined with the registrations: before its first ANALYZE PostgreSQL plans that join as a look-up of all
    values for every registration there is, three seconds a batch where this takes milliseconds.
    """
    parts = (select_those(session, _CARRIES, _INDEX.c.idx, part) for part in _chunks(list(indexes)))
    return [(idx, id_) for part in parts for idx, id_ in part]


def _delete_index(session: Session, keys: Sequence[tuple[bytes, UUID]]) -> None:
    for some in _chunks(keys):
        session.execute(delete(_INDEX).where(tuple_(_INDEX.c.idx, _INDEX.c.registration_id).in_(some)))


def _read(session: Session, ids: Collection[UUID], *, now: datetime | None) -> Iterator[Any]:
    # A worker whose clock is a little behind would take a new registration, or a new objection, for none.
    moments = {} if now is None else {"now": now, "begun": now + CLOCKS_DIFFER}
    query = _EVER if now is None else _ACTIVE
    for part in _chunks(list(ids)):
        yield from select_those(session, query, _R.id, part, **moments)


def _tokens_of(session: Session, ids: Sequence[UUID]) -> list[tuple[UUID, bytes]]:
    rows = session.execute(select(_R.id, _R.tokens).where(is_one_of(session, _R.id, ids)))
    return [(id_, tokens) for id_, tokens in rows]


def _chunks(values: Sequence[T]) -> Iterator[Sequence[T]]:
    return (values[start : start + CHUNK] for start in range(0, len(values), CHUNK))
