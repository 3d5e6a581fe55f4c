"""Cut a tree into tiles: static files from which anybody computes every proof, and bundles of its entries.

Source: C2SP tlog-tiles.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from ledger.errors import TreeError
from ledger.tree import Frontier, node_hash

HEIGHT = 8
WIDTH = 1 << HEIGHT  # hashes in a full tile


@dataclass(frozen=True, slots=True)
class Row:
    """Name hashes `start` to `end` of a level, each the root of 256**level leaves; all of one tile."""

    level: int
    start: int
    end: int

    @property
    def path(self) -> str:
        """Return where the tile that these hashes fill from its left edge lies, below the log's prefix."""
        return f"tile/{self.level}/{_number(self.start // WIDTH, self.end - self.start)}"


ReadRow = Callable[[Row], Sequence[bytes]]


def tiles_of(size: int) -> Iterator[Row]:
    """Yield every tile of a tree, partial ones too, level by level."""
    level, nodes = 0, size
    while nodes:
        for start in range(0, nodes, WIDTH):
            yield Row(level, start, min(start + WIDTH, nodes))
        level, nodes = level + 1, nodes // WIDTH


def entries_path(index: int, width: int) -> str:
    """Return where a bundle of entries lies, below the log's prefix."""
    return f"tile/entries/{_number(index, width)}"


def write_bundle(entries: Iterable[bytes]) -> bytes:
    """Write entries one after another, each behind its length in two bytes, big-endian."""
    return b"".join(len(entry).to_bytes(2) + entry for entry in entries)


def read_bundle(data: bytes) -> list[bytes]:
    """Read back what `write_bundle` wrote.

    Raises:
        TreeError: A length goes beyond the end.
    """
    entries, at = [], 0
    while at < len(data):
        end = at + 2 + int.from_bytes(data[at : at + 2])
        if at + 2 > len(data) or end > len(data):
            raise TreeError("a bundle of entries is cut off")
        entries.append(data[at + 2 : end])
        at = end
    return entries


def rows_of(low: int, high: int) -> list[Row]:
    """Name the hashes that give the root of leaves [low, high), a range that a proof asks for."""
    rows, at = [], low
    for height in reversed(range((high - low).bit_length())):
        if (high - low) >> height & 1:
            level, rest = divmod(height, HEIGHT)
            start = at >> (level * HEIGHT)
            rows.append(Row(level, start, start + (1 << rest)))
            at += 1 << height
    return rows


def range_root(low: int, high: int, read: ReadRow) -> bytes:
    """Return the root of leaves [low, high), a range that a proof asks for, from the hashes of tiles."""
    *others, root = [Frontier().extend(read(row)).root() for row in rows_of(low, high)]
    for left in reversed(others):
        root = node_hash(left, root)
    return root


def _number(index: int, width: int) -> str:
    """Write an index in groups of three digits, all but the last marked, and the width of a partial tile."""
    digits = str(index)
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    name = "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])
    return name if width == WIDTH else f"{name}.p/{width}"
