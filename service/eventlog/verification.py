"""Recompute a whole log from its leaf bytes and say whether anything was changed, dropped or added."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import exists, func, select

from ledger.checkpoint import open_checkpoint
from ledger.errors import NoteError
from ledger.note import Verifier
from ledger.tree import Frontier, leaf_hash
from service.eventlog.tables import LogTables
from service.work import Work

OnLeaf = Callable[[str, bytes, bytes], None]


@dataclass(slots=True)
class VerificationReport:
    """What a full check found.

    Attributes:
        opened, erased: commitments whose value is still there and agrees, or was erased as it may be.
        findings: a constant code and a place each; empty means that all is as it was signed.
    """

    events: int = 0
    pending: int = 0
    shards: int = 0
    opened: int = 0
    erased: int = 0
    findings: list[str] = field(default_factory=list)

    @property
    def verified(self) -> bool:
        """Tell whether everything was as signed."""
        return not self.findings


def verify_tree(
    work: Work, log: LogTables, verifier: Verifier, *, on_leaf: OnLeaf | None = None
) -> VerificationReport:
    """Recompute every tree from leaf bytes, and check every signature and that no event is left out.

    Args:
        on_leaf: is shown (place, event id, leaf) of every event that is there, to check what lies beside it.
    """
    report = VerificationReport()
    for head in work.session.execute(select(log.head).order_by(log.head.c.shard)):
        report.shards += 1
        frontier = Frontier()
        for number, row in enumerate(_rows(work, log, head.shard)):
            place = f"{head.shard}/{row.idx}"
            report.findings += _wrong_with(row, number, place)
            frontier = frontier.append(leaf_hash(row.leaf or b""))
            report.events += 1
            if on_leaf and row.leaf:
                on_leaf(place, row.event_id, row.leaf)
        report.findings += _wrong_with_head(head, frontier, verifier)
    _verify_pending(work, log, report)
    _verify_none_left_out(work, log, report)
    return report


def _rows(work: Work, log: LogTables, shard: str) -> Iterator[Any]:
    query = (
        select(log.leaf.c.idx, log.leaf.c.event_id, log.leaf.c.leaf_hash, log.event.c.leaf)
        .outerjoin(log.event, log.event.c.event_id == log.leaf.c.event_id)
        .where(log.leaf.c.shard == shard)
        .order_by(log.leaf.c.idx)
        .execution_options(yield_per=1_000)
    )
    yield from work.session.execute(query)


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


def _verify_pending(work: Work, log: LogTables, report: VerificationReport) -> None:
    query = select(log.pending.c.seq, log.pending.c.leaf_hash, log.event.c.leaf).outerjoin(
        log.event, log.event.c.event_id == log.pending.c.event_id
    )
    for seq, stored_hash, leaf in work.session.execute(query.execution_options(yield_per=1_000)):
        report.pending += 1
        if leaf is None or leaf_hash(leaf) != stored_hash:
            report.findings.append(f"pending_changed {seq}")


def _verify_none_left_out(work: Work, log: LogTables, report: VerificationReport) -> None:
    # Neither in a tree nor waiting: dropped from the queue, or never put in it.
    placed = exists().where(log.leaf.c.event_id == log.event.c.event_id)
    waiting = exists().where(log.pending.c.event_id == log.event.c.event_id)
    query = select(func.count()).select_from(log.event).where(~placed, ~waiting)
    if lost := work.session.execute(query).scalar_one():
        report.findings.append(f"events_without_place {lost}")
