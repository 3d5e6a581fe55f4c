"""Tiles: named as the specification names them, and enough for every proof."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.errors import TreeError
from ledger.tiles import Row, entries_path, range_root, read_bundle, rows_of, tiles_of, write_bundle
from ledger.tree import consistency_proof, consistency_ranges, inclusion_proof, inclusion_ranges
from tests.ledger.logs import MemoryLog, numbered

LARGE = numbered(70_000 // 64)
SIZES = st.integers(1, len(LARGE.leaves))


def test_a_tree_has_the_tiles_of_the_specifications_example() -> None:
    tiles = list(tiles_of(70_000))
    full = [row for row in tiles if row.end - row.start == 256]
    assert [row.level for row in full] == [0] * 273 + [1]
    partial = [(row.level, row.end - row.start) for row in tiles if row.end - row.start < 256]
    assert partial == [(0, 112), (1, 17), (2, 1)]
    assert [(row.level, row.path) for row in tiles_of(256)] == [(0, "tile/0/000"), (1, "tile/1/000.p/1")]


@pytest.mark.parametrize(
    ("index", "width", "path"),
    [
        (0, 256, "tile/entries/000"),
        (999, 1, "tile/entries/999.p/1"),
        (1000, 256, "tile/entries/x001/000"),
        (1_234_067, 256, "tile/entries/x001/x234/067"),
        (1_234_067, 17, "tile/entries/x001/x234/067.p/17"),
    ],
)
def test_paths_are_those_of_the_specification(index: int, width: int, path: str) -> None:
    assert entries_path(index, width) == path
    assert Row(3, index * 256, index * 256 + width).path == path.replace("entries", "3")


class Shelf:
    """Gives hashes only as far as a tile of the tree holds them."""

    def __init__(self, log: MemoryLog) -> None:
        self.rows = {row: log.row(row) for row in tiles_of(len(log.leaves))}

    def __call__(self, wanted: Row) -> list[bytes]:
        for row, hashes in self.rows.items():
            if row.level == wanted.level and row.start <= wanted.start and wanted.end <= row.end:
                return hashes[wanted.start - row.start : wanted.end - row.start]
        raise AssertionError(wanted)


SHELF = Shelf(LARGE)
HASHES = LARGE.hashes


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_every_proof_is_computed_from_the_tiles_alone(data: st.DataObject) -> None:
    size = data.draw(SIZES)
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, size))
    included = [range_root(low, high, SHELF) for low, high in inclusion_ranges(index, size)]
    assert included == inclusion_proof(HASHES, index, size)
    continued = [range_root(low, high, SHELF) for low, high in consistency_ranges(old, size)]
    assert continued == consistency_proof(HASHES, old, size)


@given(SIZES)
def test_the_rows_of_a_range_cover_it_once(size: int) -> None:
    rows = rows_of(0, size)
    assert sum((row.end - row.start) * 256**row.level for row in rows) == size
    assert all(row.start // 256 == (row.end - 1) // 256 for row in rows)


@given(st.lists(st.binary(max_size=1_024), max_size=40))
def test_a_bundle_gives_back_its_entries(entries: list[bytes]) -> None:
    assert read_bundle(write_bundle(entries)) == entries


@given(st.binary(max_size=200))
def test_whatever_is_read_as_a_bundle_was_written_that_way(data: bytes) -> None:
    try:
        entries = read_bundle(data)
    except TreeError:
        return
    assert write_bundle(entries) == data
