"""Bound what failing callers may write to the log: everybody may fail, as often as they like."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from service import clock
from service.logging import log

PER_MINUTE = 6  # lines of one reason, in one process
SETTLED_EVERY = 5.0  # seconds

Write = Callable[[str, int, datetime], None]
"""Write so many failures of a reason to the log, as one line; raises where it cannot."""


@dataclass(slots=True)
class _Reason:
    """What became of one reason: how many lines of which minute were written, how many failures wait."""

    minute: int = 0
    lines: int = 0
    waiting: int = 0

    def take(self, now: datetime) -> int:
        """Return how many are to be written as one line now, and count it; 0 while the minute is full."""
        minute = int(now.timestamp()) // 60
        if minute != self.minute:
            self.minute, self.lines = minute, 0
        if self.lines >= PER_MINUTE:
            return 0
        count, self.waiting = self.waiting, 0
        self.lines += count > 0
        return count

    def is_due(self, now: datetime) -> bool:
        """Tell whether something waits of a minute gone by."""
        return self.waiting > 0 and int(now.timestamp()) // 60 != self.minute


class FailureMeter:
    """Count failures by reason, and write a bounded number of lines, each with the number since the last.

    None is left out: what is over the bound waits for the next minute, in which `settle` writes it.
    """

    def __init__(self, write: Write) -> None:
        self._write = write
        self._reasons: defaultdict[str, _Reason] = defaultdict(_Reason)
        self._lock = threading.Lock()

    def count(self, reason: str, *, now: datetime) -> None:
        """Count one failure; write it, with what waited, unless the minute is full."""
        with self._lock:
            self._reasons[reason].waiting += 1
            count = self._reasons[reason].take(now)
        self._hand_over(reason, count, now)

    def settle(self, *, now: datetime) -> None:
        """Write what waits of minutes gone by: a flood that ended is counted to its last.

        Raises:
            ExceptionGroup: Some could not be written, and wait; the others are.
        """
        failed = []
        for reason, state in list(self._reasons.items()):
            with self._lock:
                count = state.take(now) if state.is_due(now) else 0
            try:
                self._hand_over(reason, count, now)
            except Exception as error:
                failed.append(error)
        if failed:
            raise ExceptionGroup("not all failures could be written", failed)

    def _hand_over(self, reason: str, count: int, now: datetime) -> None:
        if not count:
            return
        try:
            self._write(reason, count, now)
        except Exception:
            with self._lock:
                state = self._reasons[reason]
                state.waiting += count
                state.minute = 0  # so that it is tried again, and not kept until somebody else fails
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
