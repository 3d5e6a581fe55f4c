"""Bound what failing callers may write to the log: everybody may fail, as often as they like."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime

from service import clock
from service.logging import log

PER_MINUTE = 6  # lines of one reason, in one process
SETTLED_EVERY = 5.0  # seconds

Write = Callable[[str, int, datetime], None]
"""Write so many failures of a reason to the log, as one line; raises where it cannot."""


class FailureMeter:
    """Count failures by reason, and write a bounded number of lines, each with the number since the last.

    None is left out: what is over the bound waits for the next minute, in which `settle` writes it.
    """

    def __init__(self, write: Write) -> None:
        self._write = write
        self._minute = 0
        self._written = Counter[str]()
        self._waiting = Counter[str]()
        self._lock = threading.Lock()

    def count(self, reason: str, *, now: datetime) -> None:
        """Count one failure; write it, with what waited, unless the minute is full."""
        with self._lock:
            self._begin(now)
            self._waiting[reason] += 1
            if self._written[reason] >= PER_MINUTE:
                return
            count = self._take(reason)
        self._hand_over(reason, count, now)

    def settle(self, *, now: datetime) -> None:
        """Write what waits of minutes gone by: a flood that ended is counted to its last."""
        with self._lock:
            due = {reason: self._take(reason) for reason in list(self._waiting)} if self._begin(now) else {}
        for reason, count in due.items():
            self._hand_over(reason, count, now)

    def _begin(self, now: datetime) -> bool:
        minute = int(now.timestamp()) // 60
        is_new = minute != self._minute
        if is_new:
            self._minute = minute
            self._written.clear()
        return is_new

    def _take(self, reason: str) -> int:
        self._written[reason] += 1
        return self._waiting.pop(reason)

    def _hand_over(self, reason: str, count: int, now: datetime) -> None:
        try:
            self._write(reason, count, now)
        except Exception:
            with self._lock:
                self._waiting[reason] += count
                self._minute = 0  # so that it is tried again, and not kept until somebody else fails
            raise


def settle_in_background(meters: Sequence[FailureMeter]) -> None:
    """Settle these until the process ends; what a kill takes is of its last minute."""

    def run() -> None:
        pause = threading.Event()
        while not pause.wait(SETTLED_EVERY):
            for meter in meters:
                try:
                    meter.settle(now=clock.now())
                except Exception as error:
                    log.error("chore_failed", job="failures", error=type(error).__name__)

    threading.Thread(target=run, name="failures", daemon=True).start()
