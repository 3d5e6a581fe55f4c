"""Lay out a bar chart; the template draws it as SVG, with its numbers as a table beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 420, 190
LEFT, TOP, BOTTOM, RIGHT = 40, 12, 26, 12  # room for the numbers, and for the words under the bars
STEPS = (1, 2, 5, 10)
TICKS = 4  # words under the bars that fit a phone
GAP = 0.25  # of a bar's place


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: where it stands, what it is of and how much."""

    x: float
    y: float
    width: float
    height: float
    label: str
    value: int


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart, laid out in its own units.

    Attributes:
        lines: height and number of each line across.
        ticks: place and word of each label under the bars.
    """

    bars: Sequence[Bar]
    lines: Sequence[tuple[float, int]]
    ticks: Sequence[tuple[float, str]]
    anchor: str = "end"
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT

    @property
    def total(self) -> int:
        """Return the sum of all bars."""
        return sum(bar.value for bar in self.bars)


def draw_bars(values: Sequence[tuple[str, int]], *, ticks: int = TICKS, words: Sequence[str] = ()) -> Chart:
    """Lay out bars in the order given; the highest line is a round number above all of them.

    Args:
        ticks: how many words there is room for under the bars; where each gets one, it stands in the middle.
        words: what stands under the bars, where their names are too long for that.
    """
    under = words or [label for label, _ in values]
    top, floor = round_up(max((value for _, value in values), default=0)), HEIGHT - BOTTOM
    room, place = floor - TOP, (WIDTH - LEFT - RIGHT) / max(len(values), 1)
    bars = [
        Bar(
            x=round(LEFT + place * (at + GAP / 2), 1),
            y=round(floor - room * value / top, 1),
            width=round(place * (1 - GAP), 1),
            height=round(room * value / top, 1),
            label=label,
            value=value,
        )
        for at, (label, value) in enumerate(values)
    ]
    marks = (0, top // 2, top) if top % 2 == 0 else (0, top)
    lines = [(round(floor - room * mark / top, 1), mark) for mark in marks]
    every = max(1, -(-len(bars) // ticks))
    middle = 0.5 if every == 1 else 1.0
    said = [(round(bar.x + bar.width * middle, 1), word) for bar, word in zip(bars, under, strict=True)]
    return Chart(bars, lines, said[::-1][::every][::-1], anchor="middle" if every == 1 else "end")


def round_up(value: int) -> int:
    """Return the first of 1, 2, 5, 10, 20, 50... that is not smaller."""
    scale = 1
    while True:
        for step in STEPS:
            if step * scale >= value:
                return step * scale
        scale *= 10
