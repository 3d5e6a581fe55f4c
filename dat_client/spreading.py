"""Spread work over threads in pieces: libsodium releases the GIL, and handing out single calls costs more."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from typing import Any, TypeVar

R = TypeVar("R")
PIECE = 32


def spread(workers: Executor, function: Callable[..., R], *columns: Sequence[Any]) -> list[R]:
    """Apply a function to the rows of equally long columns, and give the results in their order."""

    def run(start: int) -> list[R]:
        return list(map(function, *(column[start : start + PIECE] for column in columns)))

    return [result for piece in workers.map(run, range(0, len(columns[0]), PIECE)) for result in piece]
