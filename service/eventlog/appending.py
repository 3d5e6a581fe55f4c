"""Write leaves in the transaction of their acts, and give them their place in the tree afterwards.

One sequencer at a time: the head row is the fence. Pending rows are claimed from a queue and not by "id
greater than the last", because identities commit out of order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import Delete, Select, Update, bindparam, delete, select, update

from ledger.checkpoint import Checkpoint, sign_checkpoint
from ledger.note import Signer
from ledger.tree import Frontier, leaf_hash
from service.bulk import insert_into, insert_rows, select_those
from service.errors import UnavailableError
from service.eventlog.tables import LogTables
from service.work import Work

Item = TypeVar("Item")

LIMIT = 5_000  # events a turn
CHUNK = 500  # ids a statement
# Another sequencer may have looked at its clock a moment later; further back is not to be trusted.
CLOCKS_DIFFER = timedelta(minutes=5)


class LogBrokenError(UnavailableError):
    """The log is not what it was; nothing may be signed over it."""

    code = "log_broken"
    title = "The log is not what it was; nothing is signed over it."


@dataclass(frozen=True, slots=True)
class _Kept:
    """The statements of every turn, made and compiled once: on SQLite a turn is part of every act."""

    waiting: Select[Any]
    leaves: Select[Any]
    move: Update
    forget: Delete


@lru_cache(maxsize=8)
def _kept(log: LogTables) -> _Kept:
    pending, event, head = log.pending.c, log.event.c, log.head.c
    first = select(pending.seq, pending.event_id, pending.leaf_hash).order_by(pending.seq)
    moved = update(log.head).where(head.shard == bindparam("of"), head.size == bindparam("old"))
    new: dict[str, Any] = {name: bindparam(name) for name in ("size", "frontier", "note", "signed_at")}
    return _Kept(
        waiting=first.limit(bindparam("most")),
        leaves=select(event.event_id, event.leaf),
        move=moved.values(new).returning(head.size),
        forget=delete(log.pending).where(pending.seq.in_(bindparam("placed", expanding=True))),
    )


def list_waiting(work: Work, log: LogTables, *, limit: int = LIMIT) -> Sequence[Any]:
    """Return the events that wait for their place, in order."""
    return work.session.connection().execute(_kept(log).waiting, {"most": limit}).all()


def append(work: Work, log: LogTables, leaves: Sequence[tuple[bytes, bytes]]) -> list[bytes]:
    """Write (event id of 16 bytes, leaf) pairs; returns their leaf hashes."""
    hashes = [leaf_hash(leaf) for _, leaf in leaves]
    pending = [(event_id, hashed) for (event_id, _), hashed in zip(leaves, hashes, strict=True)]
    insert_rows(work.session, log.event, ("event_id", "leaf"), leaves)
    insert_rows(work.session, log.pending, ("event_id", "leaf_hash"), pending)
    return hashes


def shard_of(moment: datetime) -> str:
    """Return the half-year that an event is filed under: "2026h2"."""
    return f"{moment.year}h{1 if moment.month <= 6 else 2}"


def sequence_pending(
    work: Work,
    log: LogTables,
    signer: Signer,
    *,
    shard: str | None = None,
    head: Any = None,
    limit: int = LIMIT,
) -> int:
    """Append waiting events to a tree, that of this half-year if none is named, and sign its new head.

    Args:
        head: of that tree, where the caller holds it.

    Returns:
        How many events got their place.

    Raises:
        LogBrokenError: A stored leaf no longer gives the hash it was recorded with, or the clock went back.
    """
    shard = shard or shard_of(work.now)
    if head is None:
        if not list_waiting(work, log, limit=1):
            return 0
        head = _locked_head(work, log, shard)
    waiting = list_waiting(work, log, limit=limit)
    if waiting and work.now < head.signed_at - CLOCKS_DIFFER:
        raise LogBrokenError
    _require_unchanged(work, log, {row.event_id: row.leaf_hash for row in waiting})
    if waiting:
        _place(work, log, shard, head, [(row.event_id, row.leaf_hash) for row in waiting], signer=signer)
        for ids in _chunks([row.seq for row in waiting]):
            work.session.connection().execute(_kept(log).forget, {"placed": ids})
    return len(waiting)


def _locked_head(work: Work, log: LogTables, shard: str) -> Any:
    empty = {"size": 0, "frontier": Frontier().to_bytes(), "note": "", "signed_at": work.now}
    fresh = insert_into(work.session, log.head).values(shard=shard, **empty)
    work.session.execute(fresh.on_conflict_do_nothing())
    head = log.head.c
    query = select(head.size, head.frontier, head.signed_at).where(head.shard == shard).with_for_update()
    return work.session.execute(query).one()


def _require_unchanged(work: Work, log: LogTables, hashes: Mapping[bytes, bytes]) -> None:
    # Re-read and re-hash before signing: one flipped bit in one entry ended a public log (Yeti, 2022).
    found = 0
    for ids in _chunks(list(hashes)):
        for event_id, leaf in select_those(work.session, _kept(log).leaves, log.event.c.event_id, ids):
            found += 1
            if leaf_hash(leaf) != hashes[event_id]:
                raise LogBrokenError
    if found != len(hashes):
        raise LogBrokenError


def _place(
    work: Work,
    log: LogTables,
    shard: str,
    head: Any,
    events: Sequence[tuple[bytes, bytes]],
    *,
    signer: Signer,
) -> None:
    rows = [(shard, head.size + at, event_id, hashed) for at, (event_id, hashed) in enumerate(events)]
    insert_rows(work.session, log.leaf, ("shard", "idx", "event_id", "leaf_hash"), rows)
    frontier = Frontier.from_bytes(head.frontier).extend([hashed for _, hashed in events])
    own = Signer(f"{signer.name}/{shard}", signer.key)
    note = sign_checkpoint(Checkpoint(own.name, frontier.size, frontier.root()), own)
    new = {"size": frontier.size, "frontier": frontier.to_bytes(), "note": note}
    at = {"of": shard, "old": head.size, "signed_at": max(work.now, head.signed_at)}
    if work.session.connection().execute(_kept(log).move, {**new, **at}).first() is None:
        raise LogBrokenError


def _chunks(items: Sequence[Item]) -> list[Sequence[Item]]:
    return [items[start : start + CHUNK] for start in range(0, len(items), CHUNK)]
