"""Tell on standard error how far the run is; standard output is for the one JSON object."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

_STARTED = perf_counter()


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
