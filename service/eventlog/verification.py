"""Recompute a whole log from its leaf bytes and say whether anything was changed, dropped or added."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import exists, func, select, union

from ledger.checkpoint import open_checkpoint
from ledger.errors import NoteError
from ledger.note import Verifier
from ledger.tree import Frontier, leaf_hash
from service.eventlog.tables import LogTables
from service.work import Work

CHUNK = 500  # leaves that are read, and shown, at once


@dataclass(frozen=True, slots=True)
class FoundLeaf:
    """A leaf that is there, and the place it is told of by: `2026h2/17`, or `pending/17`."""

    place: str
    event_id: bytes
    leaf: bytes


OnLeaves = Callable[[Sequence[FoundLeaf]], None]


@dataclass(slots=True)
class VerificationReport:
    """What a full check found.

    Attributes:
        opened: commitments whose value is there and agrees.
        findings: a constant code and a place each; empty means that all is as it was signed.
    """

    events: int = 0
    pending: int = 0
    shards: int = 0
    opened: int = 0
    findings: list[str] = field(default_factory=list)

    @property
    def verified(self) -> bool:
        """Tell whether everything was as signed."""
        return not self.findings


def verify_tree(
    work: Work, log: LogTables, verifier: Verifier, *, on_leaves: OnLeaves | None = None
) -> VerificationReport:
    """Recompute every tree from leaf bytes, and check every signature and that no event is left out.

    All of it must be one snapshot: open the unit of work with `Database.look`.

    Args:
        on_leaves: is shown every event that is there, some at a time, to check what lies beside it.
    """
    report = VerificationReport()
    heads = {head.shard: head for head in work.session.execute(select(log.head))}
    # A head that somebody deleted must not hide the leaves under it.
    shards = union(select(log.head.c.shard), select(log.leaf.c.shard)).order_by("shard")
    for shard in work.session.execute(shards).scalars().all():
        report.shards += 1
        frontier = _verify_leaves(work, log, shard, report, on_leaves)
        head = heads.get(shard)
        report.findings += _wrong_with_head(head, frontier, verifier) if head else [f"head_missing {shard}"]
    _verify_pending(work, log, report, on_leaves)
    _verify_none_left_out(work, log, report)
    return report


def _verify_leaves(
    work: Work, log: LogTables, shard: str, report: VerificationReport, on_leaves: OnLeaves | None
) -> Frontier:
    query = (
        select(log.leaf.c.idx, log.leaf.c.event_id, log.leaf.c.leaf_hash, log.event.c.leaf)
        .outerjoin(log.event, log.event.c.event_id == log.leaf.c.event_id)
        .where(log.leaf.c.shard == shard)
        .order_by(log.leaf.c.idx)
    )
    frontier = Frontier()
    for rows in _chunks(work, query):
        for number, row in enumerate(rows, start=frontier.size):
            report.findings += _wrong_with(row, number, f"{shard}/{row.idx}")
        frontier = frontier.extend([leaf_hash(row.leaf or b"") for row in rows])
        report.events += len(rows)
        if on_leaves:
            on_leaves([FoundLeaf(f"{shard}/{row.idx}", row.event_id, row.leaf) for row in rows if row.leaf])
    return frontier


def _chunks(work: Work, query: Any) -> Iterator[Sequence[Any]]:
    yield from work.session.execute(query.execution_options(yield_per=CHUNK)).partitions()


def _wrong_with(row: Any, number: int, place: str) -> list[str]:
    wrong = []
    if row.idx != number:
        wrong.append(f"index_gap {place}")
    if row.leaf is None:
        wrong.append(f"leaf_missing {place}")
    elif leaf_hash(row.leaf) != row.leaf_hash:
        wrong.append(f"leaf_changed {place}")
    return wrong


def _wrong_with_head(head: Any, frontier: Frontier, verifier: Verifier) -> list[str]:
    if not head.note:
        return [f"unsigned_head {head.shard}"] if frontier.size else []
    try:
        signed = open_checkpoint(head.note, [Verifier(f"{verifier.name}/{head.shard}", verifier.public)])
    except NoteError:
        return [f"bad_signature {head.shard}"]
    wrong = []
    if not signed.size == frontier.size == head.size:
        wrong.append(f"size_differs {head.shard}")
    if signed.root != frontier.root():
        wrong.append(f"root_differs {head.shard}")
    return wrong


def _verify_pending(
    work: Work, log: LogTables, report: VerificationReport, on_leaves: OnLeaves | None
) -> None:
    pending = log.pending.c
    query = select(pending.seq, pending.event_id, pending.leaf_hash, log.event.c.leaf).outerjoin(
        log.event, log.event.c.event_id == pending.event_id
    )
    for rows in _chunks(work, query):
        report.pending += len(rows)
        report.findings += [
            f"pending_changed {row.seq}"
            for row in rows
            if row.leaf is None or leaf_hash(row.leaf) != row.leaf_hash
        ]
        if on_leaves:
            on_leaves([FoundLeaf(f"pending/{row.seq}", row.event_id, row.leaf) for row in rows if row.leaf])


def _verify_none_left_out(work: Work, log: LogTables, report: VerificationReport) -> None:
    # Neither in a tree nor waiting: dropped from the queue, or never put in it.
    placed = exists().where(log.leaf.c.event_id == log.event.c.event_id)
    waiting = exists().where(log.pending.c.event_id == log.event.c.event_id)
    query = select(func.count()).select_from(log.event).where(~placed, ~waiting)
    if lost := work.session.execute(query).scalar_one():
        report.findings.append(f"events_without_place {lost}")
