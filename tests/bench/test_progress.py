"""A run of the bench stays within its time."""

from __future__ import annotations

from math import inf

from bench.progress import rounds


def test_there_is_always_one_round_and_no_more_when_it_is_late() -> None:
    assert list(rounds(3, late=0)) == [0]
    assert list(rounds(3, late=inf)) == [0, 1, 2]
