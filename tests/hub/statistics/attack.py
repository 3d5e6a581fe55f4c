"""Whoever has every release, knows how they are made, and solves for what was not shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from hub.statistics.values import Cells, Protection

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Key = tuple[str, str, str]  # period, municipality, table
Cell = tuple[Key, str]
# What definitions of two tables of one population say of each other: the left is never more than the right.
RELATIONS: tuple[tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]], ...] = (
    ((("follow_up", "late"),), (("time_to_acknowledge", "longer"),)),
    ((("follow_up", "not_followed_up"),), (("time_to_acknowledge", "not_acknowledged"),)),
    (
        (("follow_up", "in_term"),),
        tuple(("time_to_acknowledge", name) for name in ("within_1_day", "within_3_days", "within_5_days")),
    ),
)


@dataclass
class Attack:
    """A linear programme over every cell of every release."""

    protection: Protection
    populations: Mapping[str, str]
    names: dict[object, int] = field(default_factory=dict)
    bounds: list[tuple[float, float | None]] = field(default_factory=list)
    equal: list[dict[int, float]] = field(default_factory=list)
    at_most: list[tuple[dict[int, float], float]] = field(default_factory=list)

    def learn(self, releases: Mapping[Key, Cells]) -> None:
        """Take in what was released: intervals of what is shown, and that cells add up to their total."""
        for key, shown in releases.items():
            total = self._total(key, shown.total)
            row = {total: -1.0}
            for name, number in shown.cells.items():
                row[self._variable((key, name), number)] = 1.0
            self.equal.append(row)
        for period, place in {key[:2] for key in releases}:
            for left, right in RELATIONS:
                self._never_more((period, place), left, right)

    def learn_sum(self, cells: Iterable[Cell], total: int) -> None:
        """Take in that some cells add up to a number that was published rounded."""
        row = {self.names[cell]: 1.0 for cell in cells}
        slack = (self.protection.round_to - 1) / 2
        self.at_most.append((row, total + slack))
        self.at_most.append(({at: -one for at, one in row.items()}, slack - total))

    def solve(self, cells: Sequence[Cell]) -> dict[Cell, tuple[float, float]]:
        """Return between which numbers each cell lies, as far as all of it together tells."""
        return {cell: (self._extreme(cell, 1), self._extreme(cell, -1)) for cell in cells}

    def _extreme(self, cell: Cell, sign: int) -> float:
        from scipy.optimize import linprog  # half a second to import, in every test process

        aim = np.zeros(len(self.names))
        aim[self.names[cell]] = sign
        answer = linprog(
            aim,
            A_ub=self._matrix([row for row, _ in self.at_most]) if self.at_most else None,
            b_ub=[limit for _, limit in self.at_most] or None,
            A_eq=self._matrix(self.equal),
            b_eq=np.zeros(len(self.equal)),
            bounds=self.bounds,
        )
        assert answer.status in {0, 3}, answer.message
        return sign * float(answer.fun) if answer.status == 0 else float("inf")

    def _matrix(self, rows: Sequence[Mapping[int, float]]) -> csr_array:
        from scipy.sparse import csr_array

        entries = [(at, column, one) for at, row in enumerate(rows) for column, one in row.items()]
        lines, columns, values = zip(*entries, strict=True)
        return csr_array((values, (lines, columns)), shape=(len(rows), len(self.names)))

    def _total(self, key: Key, shown: int | None) -> int:
        name = (key[0], key[1], self.populations[key[2]])
        if name in self.names:
            return self.names[name]
        if shown is None:
            self.bounds.append((0, self.protection.threshold - 1))
        else:
            self.bounds.append(self._interval(shown))
        return self.names.setdefault(name, len(self.names))

    def _variable(self, name: Cell, shown: int | None) -> int:
        self.bounds.append((0, None) if shown is None else self._interval(shown))
        return self.names.setdefault(name, len(self.names))

    def _interval(self, shown: int) -> tuple[float, float]:
        slack = (self.protection.round_to - 1) / 2
        return max(self.protection.threshold, shown - slack), shown + slack

    def _never_more(self, at: tuple[str, str], left: object, right: object) -> None:
        row: dict[int, float] = {}
        for parts, sign in ((left, 1.0), (right, -1.0)):
            assert isinstance(parts, tuple)
            for table, name in parts:
                row[self.names[((*at, table), name)]] = sign
        self.at_most.append((row, 0.0))
