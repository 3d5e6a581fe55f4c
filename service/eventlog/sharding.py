"""Begin a new tree every half-year, and after a restore, each where the one before it ended.

A tree's first leaf names the last signed head of the tree before: none can be left out, put in between, or be
taken up again once it was closed.
"""

from __future__ import annotations

import os
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, select

from ledger.checkpoint import Checkpoint, parse_checkpoint, sign_checkpoint
from ledger.leaf import Opening, encode_opening, find_opening, leaf_hour
from ledger.note import Signer, read_note
from ledger.tiles import WIDTH
from ledger.tree import Frontier, leaf_hash
from service.bulk import insert_into, insert_rows
from service.eventlog.appending import LIMIT, LogBrokenError, list_waiting, sequence_pending, shard_of
from service.eventlog.proofs import extend_nodes
from service.eventlog.tables import LogTables
from service.work import Work

MOST_TREES = 9  # a half-year; each one more is a restore


def sequence(work: Work, log: LogTables, signer: Signer, *, limit: int = LIMIT) -> int:
    """Give waiting events their place in the newest tree, begun anew every half-year, and sign its head.

    Returns:
        How many events got their place.

    Raises:
        LogBrokenError: A stored leaf no longer gives the hash it was recorded with, or the clock went back.
    """
    return place(work, log, signer, limit=limit) if list_waiting(work, log, limit=1) else 0


def place(work: Work, log: LogTables, signer: Signer, *, limit: int = LIMIT) -> int:
    """Do what `sequence` does where something is known to wait."""
    newest, shard = lock_newest_head(work, log), shard_of(work.now)
    if newest is not None and newest.shard < shard:
        open_tree(work, log, signer, shard, closing(work, newest))
        newest = None
    elif newest is not None:
        # Never back to a closed tree, also when this clock is a moment behind the one that closed it.
        shard = newest.shard
    placed = sequence_pending(work, log, signer, shard=shard, head=newest, limit=limit)
    size = newest.size + placed if newest else find_newest_head(work, log).size
    if newest is None or size // WIDTH > newest.size // WIDTH:
        extend_nodes(work, log, shard, size=size)
    return placed


def find_newest_head(work: Work, log: LogTables) -> Any:
    """Return the head of the newest tree, or None where there is no tree yet."""
    return work.session.connection().execute(_newest(log)).one_or_none()


@lru_cache(maxsize=8)
def _newest(log: LogTables) -> Select[Any]:
    return select(log.head).where(log.head.c.note != "").order_by(log.head.c.shard.desc()).limit(1)


def lock_newest_head(work: Work, log: LogTables) -> Any:
    """Return the newest head and hold it, so that nobody adds to a tree that somebody else is closing."""
    newest = find_newest_head(work, log)
    if work.session.get_bind().dialect.name == "sqlite":
        return newest  # who writes holds all of it
    while newest is not None:
        held = select(log.head.c.shard).where(log.head.c.shard == newest.shard).with_for_update()
        work.session.execute(held)
        again = find_newest_head(work, log)
        if again.shard == newest.shard:
            return again
        newest = again
    return None


def next_tree(shard: str, half_year: str) -> str:
    """Name the tree after this one: of a new half-year, or one more of the same."""
    if not shard.startswith(half_year):
        return half_year
    number = int(shard.partition(".")[2] or 1) + 1
    if number > MOST_TREES:
        raise LogBrokenError
    return f"{half_year}.{number}"


def previous_half_year(half_year: str) -> str:
    """Name the half-year before this one."""
    year, half = int(half_year[:4]), half_year[4:]
    return f"{year}h1" if half == "h2" else f"{year - 1}h2"


def lay_empty(work: Work, log: LogTables, signer: Signer, shard: str) -> Any:
    """Sign that a tree is empty here, so that the next can close it; returns its head.

    For a store that lost every tree: what a witness saw of this one is said of it like of any other.
    """
    own = Signer(f"{signer.name}/{shard}", signer.key)
    note = sign_checkpoint(Checkpoint(own.name, 0, Frontier().root()), own)
    head = {"size": 0, "frontier": Frontier().to_bytes(), "note": note, "signed_at": work.now}
    work.session.execute(insert_into(work.session, log.head).values(shard=shard, **head))
    return find_newest_head(work, log)


def closing(
    work: Work,
    head: Any,
    *,
    witnessed: int | None = None,
    agreed: int | None = None,
    lost: str | None = None,
) -> Opening:
    """Say where a tree ended, as the first leaf of the next will."""
    signed = parse_checkpoint(read_note(head.note)[0])
    event_id, hour = os.urandom(16).hex(), leaf_hour(work.now)
    return Opening(event_id, hour, signed.origin, signed.size, signed.root, witnessed, agreed, lost)


def read_openings(work: Work, log: LogTables) -> dict[str, Opening]:
    """Return the first leaf of each tree that closes one before it."""
    leaf, event = log.leaf.c, log.event.c
    query = select(leaf.shard, event.leaf).join(log.event, event.event_id == leaf.event_id)
    rows = work.session.execute(query.where(leaf.idx == 0).order_by(leaf.shard))
    found = {row.shard: find_opening(row.leaf) for row in rows}
    return {shard: opening for shard, opening in found.items() if opening is not None}


def open_tree(work: Work, log: LogTables, signer: Signer, shard: str, opening: Opening) -> bool:
    """Sign a tree of one leaf that says where the one before ended; False when somebody else did."""
    leaf = encode_opening(opening)
    hashed, event_id = leaf_hash(leaf), bytes.fromhex(opening.id)
    frontier = Frontier().append(hashed)
    own = Signer(f"{signer.name}/{shard}", signer.key)
    head = {
        "shard": shard,
        "size": 1,
        "frontier": frontier.to_bytes(),
        "note": sign_checkpoint(Checkpoint(own.name, 1, frontier.root()), own),
        "signed_at": work.now,
    }
    won = insert_into(work.session, log.head).values(head).on_conflict_do_nothing()
    if work.session.execute(won.returning(log.head.c.shard)).first() is None:
        return False
    insert_rows(work.session, log.event, ("event_id", "leaf"), [(event_id, leaf)])
    place = (shard, 0, event_id, hashed)
    insert_rows(work.session, log.leaf, ("shard", "idx", "event_id", "leaf_hash"), [place])
    return True
