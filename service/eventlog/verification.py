"""Recompute a whole log from its leaf bytes and say whether anything was changed, dropped or added."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import exists, func, select, union

from ledger.checkpoint import Checkpoint, open_checkpoint, parse_checkpoint
from ledger.errors import NoteError
from ledger.leaf import Opening, find_opening
from ledger.note import Verifier, read_note
from ledger.tiles import WIDTH
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
        opened: commitments whose value could be opened and agrees.
        erased: commitments whose value is proved to be erased.
        findings: a constant code and a place each; empty means that all is as it was signed.
        witnessed: heads that a witness vouches for and the stored leaves gave.
        gaps: what was lost by a restore and is said so in the tree that followed: `2026h2 5-9`, of leaves 5
            to 8 some or all; `2026h2 forgotten 7-9`: nothing, but the witness forgot that it saw more than 7.
    """

    events: int = 0
    pending: int = 0
    shards: int = 0
    opened: int = 0
    witnessed: int = 0
    erased: int = 0
    findings: list[str] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)

    @property
    def verified(self) -> bool:
        """Tell whether everything was as signed."""
        return not self.findings


def verify_tree(
    work: Work,
    log: LogTables,
    verifier: Verifier,
    *,
    witnessed: Sequence[Checkpoint] = (),
    on_leaves: OnLeaves | None = None,
) -> VerificationReport:
    """Recompute every tree from leaf bytes, and check every signature and that no event is left out.

    All of it must be one snapshot: open the unit of work with `Database.look`.

    Args:
        witnessed: heads that somebody else holds of these trees. Only they show a database that was rolled
            back, or a history that was written anew by whoever has the key.
        on_leaves: is shown every event that is there, some at a time, to check what lies beside it.
    """
    report = VerificationReport()
    heads = {head.shard: head for head in work.session.execute(select(log.head))}
    # A head that somebody deleted must not hide the leaves under it.
    shards = union(select(log.head.c.shard), select(log.leaf.c.shard)).order_by("shard")
    before: Any = None
    unheld: list[tuple[str, Checkpoint]] = []
    lost: dict[str, int] = {}
    for shard in work.session.execute(shards).scalars().all():
        report.shards += 1
        seen = [one for one in witnessed if one.origin == f"{verifier.name}/{shard}"]
        tree = _Tree(work, log, shard, report, seen)
        frontier = tree.read(on_leaves)
        head = heads.get(shard)
        report.findings += _wrong_with_head(head, frontier, verifier) if head else [f"head_missing {shard}"]
        report.findings += _wrong_with_opening(shard, tree.first, before)
        opening = find_opening(tree.first)
        _judge_unheld(report, unheld, opening)
        lost |= _tell_gap(report, verifier.name, opening)
        before, unheld = head, tree.unheld
    _judge_unheld(report, unheld, None)
    known = {f"{verifier.name}/{shard}" for shard in heads}
    report.findings += [
        f"tree_missing {one.origin}"
        for one in witnessed
        if one.origin not in known and one.size > lost.get(one.origin, 0)
    ]
    _verify_pending(work, log, report, on_leaves)
    _verify_none_left_out(work, log, report)
    return report


class _Tree:
    """Read one tree once, and hold it against itself, its nodes and what witnesses saw."""

    def __init__(
        self,
        work: Work,
        log: LogTables,
        shard: str,
        report: VerificationReport,
        witnessed: Sequence[Checkpoint],
    ) -> None:
        self.work, self.log, self.shard, self.report = work, log, shard, report
        self.first = b""
        self.expected = sorted(witnessed, key=lambda head: head.size)
        self.otherwise: list[tuple[str, Checkpoint]] = []
        self.nodes = self._nodes()
        self.levels: list[list[bytes]] = []
        self.counts: Counter[int] = Counter()

    def read(self, on_leaves: OnLeaves | None) -> Frontier:
        """Return the frontier that the stored leaves give."""
        frontier = Frontier()
        for rows in _chunks(self.work, self._query()):
            for number, row in enumerate(rows, start=frontier.size):
                self.report.findings += _wrong_with(row, number, f"{self.shard}/{row.idx}")
            self.first = self.first or rows[0].leaf or b""
            hashes = [leaf_hash(row.leaf or b"") for row in rows]
            frontier = self._extend(frontier, hashes)
            self._check_nodes(0, hashes)
            self.report.events += len(rows)
            if on_leaves:
                on_leaves(
                    [FoundLeaf(f"{self.shard}/{row.idx}", row.event_id, row.leaf) for row in rows if row.leaf]
                )
        self.report.findings += [f"node_without_leaves {self.shard}/{level}" for level, _ in self.nodes]
        return frontier

    @property
    def unheld(self) -> list[tuple[str, Checkpoint]]:
        """Return the heads that this tree is not, each with what that would be called."""
        return self.otherwise + [("rolled_back", head) for head in self.expected]

    def _extend(self, frontier: Frontier, hashes: Sequence[bytes]) -> Frontier:
        """Extend, and stop at each size that a witness holds the root of."""
        start = frontier.size
        while self.expected and self.expected[0].size <= start + len(hashes):
            head = self.expected.pop(0)
            at = frontier.extend(hashes[frontier.size - start : head.size - start])
            frontier = at
            if at.root() == head.root:
                self.report.witnessed += 1
            else:
                self.otherwise.append(("witnessed_otherwise", head))
        return frontier.extend(hashes[frontier.size - start :])

    def _check_nodes(self, level: int, hashes: Sequence[bytes]) -> None:
        """Compare the stored roots of full subtrees: a false one would spoil proofs, not the tree."""
        if len(self.levels) == level:
            self.levels.append([])
        row = self.levels[level]
        row += hashes
        while len(row) >= WIDTH:
            full, index = row[:WIDTH], self.counts[level]
            del row[:WIDTH]
            self.counts[level] += 1
            root = Frontier().extend(full).root()
            if self.nodes.pop((level + 1, index), root) != root:
                self.report.findings.append(f"node_changed {self.shard}/{level + 1}/{index}")
            self._check_nodes(level + 1, [root])

    def _nodes(self) -> dict[tuple[int, int], bytes]:
        node = self.log.node.c
        query = select(node.level, node.idx, node.hash).where(node.shard == self.shard)
        return {(row.level, row.idx): row.hash for row in self.work.session.execute(query)}

    def _query(self) -> Any:
        leaf, event = self.log.leaf.c, self.log.event.c
        return (
            select(leaf.idx, leaf.event_id, leaf.leaf_hash, event.leaf)
            .outerjoin(self.log.event, event.event_id == leaf.event_id)
            .where(leaf.shard == self.shard)
            .order_by(leaf.idx)
        )


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


def _judge_unheld(
    report: VerificationReport, unheld: Sequence[tuple[str, Checkpoint]], following: Opening | None
) -> None:
    """Judge heads that a tree is not: it was rolled back or written anew, or the next tree says so itself."""
    for code, head in unheld:
        said = following.witnessed if following and following.closed == head.origin else None
        if said is None or not ((following and following.agreed) or 0) < head.size <= said:
            report.findings.append(f"{code} {head.origin.rpartition('/')[2]} {head.size}")


def _tell_gap(report: VerificationReport, name: str, opening: Opening | None) -> dict[str, int]:
    """Write down what a tree says was lost before it; returns the trees that it says are gone, by origin."""
    if opening is None or opening.witnessed is None:
        return {}
    agreed, shard = opening.agreed or 0, opening.closed.rpartition("/")[2]
    if agreed < opening.witnessed:
        report.gaps.append(f"{shard} {agreed}-{opening.witnessed}")
    else:
        report.gaps.append(f"{shard} forgotten {opening.witnessed}-{opening.size}")
    trees = {
        tree: int(size) for tree, _, size in (one.partition(":") for one in (opening.lost or "").split())
    }
    report.gaps += [f"{tree} 0-{size}" for tree, size in trees.items()]
    return {f"{name}/{tree}": size for tree, size in trees.items()}


def _wrong_with_opening(shard: str, first: bytes, before: Any) -> list[str]:
    """Hold the first leaf of a tree against the last head of the tree before; the very first names none."""
    opening = find_opening(first)
    if before is None or not before.note:
        return [f"tree_missing {opening.closed}"] if opening else []
    if opening is None:
        return [f"opening_missing {shard}"]
    try:
        closed = parse_checkpoint(read_note(before.note)[0])
    except NoteError:
        return []  # said of that tree already
    named = (opening.closed, opening.size, opening.root)
    return [] if named == (closed.origin, closed.size, closed.root) else [f"opening_differs {shard}"]


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
