"""How counts become something that may be shown; pure.

What is shown of one population is its total and how it divides, populations of different periods have no
member in common, and sums over periods or municipalities are made of what was shown. So whoever has every
release has, of each table, one equation: its cells add up to the total. `protect` keeps that equation from
saying anything about a cell of fewer persons than the threshold.

Source: domain.md STA-01, STA-04.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from hub.statistics.values import Cells, Counted, Protection


def protect(counted: Counted, *, protection: Protection) -> Cells:
    """Return a division as it may be shown: cells of few persons away, others with them, the rest rounded.

    Source: STA-04.
    """
    limit, base, counts = protection.threshold, protection.round_to, counted.numbers
    hidden = hidden_cells(counts, counted.persons, threshold=limit)
    cells = {name: None if name in hidden else _rounded(count, base) for name, count in counts.items()}
    return Cells(_rounded(sum(counts.values()), base) if counted.everybody >= limit else None, cells)


def hidden_cells(counts: Mapping[str, int], persons: Mapping[str, int], *, threshold: int) -> frozenset[str]:
    """Name the cells that are not shown: those of too few persons, and as many others as hide them.

    What the others have above the threshold is together at least the threshold. So even who guesses which
    cells are the small ones, and knows the total, can't tell a small cell from any other number under the
    threshold. Others are taken in the order of the table, so that which ones went along says nothing about
    their size. Where all together do not hide the small ones, nothing is shown.
    """
    small = [name for name in counts if persons[name] < threshold]
    if not small:
        return frozenset()
    hidden, room = set(small), 0
    for name, count in counts.items():
        if room >= threshold:
            break
        if name not in small:
            hidden.add(name)
            room += count - threshold
    return frozenset(hidden if room >= threshold else counts)


def add_up(shown: Sequence[Cells], categories: Collection[str]) -> tuple[Cells, bool]:
    """Add what was shown of several periods or municipalities, and tell whether nothing is missing in it.

    Made of what was shown and of nothing else, a sum tells nobody anything that they could not add up
    themselves. A cell that was not shown counts for nothing, so that a sum is "at least".
    """
    cells = {name: _sum([one.cells.get(name) for one in shown]) for name in categories}
    total = _sum([one.total for one in shown])
    whole = all(one.total is not None and None not in one.cells.values() for one in shown)
    return Cells(total, cells), whole and bool(shown)


def share_of(shown: Cells, categories: Collection[str]) -> int | None:
    """Return a share in whole percents, made of what is shown; None where a part of it is not."""
    parts = [shown.cells.get(name) for name in categories]
    known = [part for part in parts if part is not None]
    if not parts or len(known) < len(parts) or not shown.total:
        return None
    return min(100, round(100 * sum(known) / shown.total))


def _sum(parts: Sequence[int | None]) -> int | None:
    known = [part for part in parts if part is not None]
    return sum(known) if known else None


def _rounded(count: int, base: int) -> int:
    return base * ((2 * count + base) // (2 * base))
