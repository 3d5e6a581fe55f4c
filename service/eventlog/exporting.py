"""Write a log as static files that other people's tools read.

Source: C2SP tlog-tiles.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import select

from ledger.tiles import WIDTH, Row, entries_path, write_bundle
from ledger.tree import Frontier
from service.eventlog.tables import LogTables
from service.work import Work


def export_tiles(work: Work, log: LogTables, shard: str, *, size: int, note: str, folder: Path) -> None:
    """Write the tree of one half-year into a folder; the checkpoint last, when all that it asks for is there.

    What is stored is written, not what should be: whoever judges the files judges the store.
    """
    levels: list[list[bytes]] = [[]]
    for start in range(0, size, WIDTH):
        rows = _leaves(work, log, shard, start, min(start + WIDTH, size))
        bundle = write_bundle(row.leaf or b"" for row in rows)
        _write(folder / entries_path(start // WIDTH, len(rows)), bundle)
        _add(levels, 0, [row.leaf_hash for row in rows], folder)
    for level, hashes in enumerate(levels):
        if len(hashes) % WIDTH:
            _write_last(level, hashes, folder)
    write_note(folder / "checkpoint", note)


def write_note(path: Path, note: str) -> None:
    """Write a signed head."""
    _write(path, note.encode())


def _add(levels: list[list[bytes]], level: int, hashes: Sequence[bytes], folder: Path) -> None:
    """Take the next hashes of a level; a tile that they fill is written and gives one hash to the next."""
    levels[level] += hashes
    if len(levels[level]) % WIDTH == 0:
        last = _write_last(level, levels[level], folder)
        if len(levels) == level + 1:
            levels.append([])
        _add(levels, level + 1, [Frontier().extend(last).root()], folder)


def _write_last(level: int, hashes: Sequence[bytes], folder: Path) -> Sequence[bytes]:
    row = Row(level, (len(hashes) - 1) // WIDTH * WIDTH, len(hashes))
    _write(folder / row.path, b"".join(hashes[row.start :]))
    return hashes[row.start :]


def _leaves(work: Work, log: LogTables, shard: str, start: int, end: int) -> Sequence[Any]:
    leaf = log.leaf.c
    query = (
        select(leaf.leaf_hash, log.event.c.leaf)
        .outerjoin(log.event, log.event.c.event_id == leaf.event_id)
        .where(leaf.shard == shard, leaf.idx >= start, leaf.idx < end)
        .order_by(leaf.idx)
    )
    return work.session.execute(query).all()


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
