"""Tell on standard error how far the run is; standard output is for the one JSON object."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

_STARTED = perf_counter()
LATE = 300.0  # seconds; what begins after that is measured once, so that the whole stays under ten minutes


def say(text: str) -> None:
    """Write one line with the seconds since the start."""
    print(f"[{perf_counter() - _STARTED:5.0f} s] {text}", file=sys.stderr, flush=True)


def elapsed() -> float:
    """Return the seconds since the start."""
    return perf_counter() - _STARTED


@contextmanager
def step(text: str) -> Iterator[None]:
    """Say what begins, and how long it took."""
    say(f"{text} ...")
    started = perf_counter()
    yield
    say(f"{text}: {perf_counter() - started:.1f} s")


def rounds(most: int, *, late: float = LATE) -> Iterator[int]:
    """Count rounds of a measurement; on a busy machine, when the run is late, one must do."""
    for number in range(most):
        if number and elapsed() > late:
            say("late: no more rounds of this")
            return
        yield number
