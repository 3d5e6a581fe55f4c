"""Prove what stands in a log, from few of its rows: leaves at the edges, roots of full subtrees between.

A tree of a million leaves is proved from some hundred hashes, read in a query for each level. What is asked
for and not there raises `LogBrokenError`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import and_, func, or_, select

from ledger.checkpoint import Checkpoint
from ledger.tiles import WIDTH, Row, range_root, rows_of
from ledger.tree import Frontier, consistency_ranges, inclusion_ranges
from service.bulk import insert_rows
from service.eventlog.appending import LogBrokenError
from service.eventlog.tables import LogTables
from service.work import Work


def prove_inclusion(work: Work, log: LogTables, shard: str, *, index: int, size: int) -> list[bytes]:
    """Prove that the leaf at `index` stands in the tree of the first `size` leaves."""
    return _roots(work, log, shard, inclusion_ranges(index, size))


def prove_consistency(work: Work, log: LogTables, shard: str, *, old: int, new: int) -> list[bytes]:
    """Prove that the tree of `new` leaves begins with the tree of `old`."""
    return _roots(work, log, shard, consistency_ranges(old, new))


def root_at(work: Work, log: LogTables, shard: str, size: int) -> bytes:
    """Return the root of the first `size` leaves."""
    return _roots(work, log, shard, [(0, size)])[0] if size else Frontier().root()


def holds(work: Work, log: LogTables, shard: str, head: Checkpoint) -> bool:
    """Tell whether the stored tree has this head, or continues it leaf for leaf."""
    size = work.session.execute(select(log.head.c.size).where(log.head.c.shard == shard)).scalar() or 0
    return head.size <= size and root_at(work, log, shard, head.size) == head.root


def extend_nodes(work: Work, log: LogTables, shard: str, *, size: int) -> None:
    """Write down the roots of subtrees that the first `size` leaves have filled and nobody wrote yet."""
    level, filled = 1, size // WIDTH
    while filled:
        node = log.node.c
        last = select(func.max(node.idx)).where(node.shard == shard, node.level == level)
        known = work.session.execute(last).scalar_one()
        for index in range(0 if known is None else known + 1, filled):
            below = Row(level - 1, index * WIDTH, (index + 1) * WIDTH)
            root = Frontier().extend(_read(work, log, shard, [below])[below]).root()
            row = (shard, level, index, root)
            insert_rows(work.session, log.node, ("shard", "level", "idx", "hash"), [row])
        level, filled = level + 1, filled // WIDTH


def _roots(work: Work, log: LogTables, shard: str, ranges: Sequence[tuple[int, int]]) -> list[bytes]:
    rows = _read(work, log, shard, [row for low, high in ranges for row in rows_of(low, high)])
    return [range_root(low, high, rows.__getitem__) for low, high in ranges]


def _read(work: Work, log: LogTables, shard: str, rows: Iterable[Row]) -> dict[Row, list[bytes]]:
    wanted: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        wanted[row.level].append(row)
    found: dict[Row, list[bytes]] = {}
    for level, group in wanted.items():
        hashes = {row.idx: row.hash for row in work.session.execute(_query(log, shard, level, group))}
        try:
            found |= {row: [hashes[idx] for idx in range(row.start, row.end)] for row in group}
        except KeyError:
            raise LogBrokenError from None
    return found


def _query(log: LogTables, shard: str, level: int, rows: Sequence[Row]) -> Any:
    leaf, node = log.leaf.c, log.node.c
    index = node.idx if level else leaf.idx
    among = or_(*[and_(index >= row.start, index < row.end) for row in rows])
    if level:
        return select(node.idx, node.hash).where(node.shard == shard, node.level == level, among)
    return select(leaf.idx, leaf.leaf_hash.label("hash")).where(leaf.shard == shard, among)
