"""Bound what failing callers may write to the log: everybody may fail, as often as they like."""

from __future__ import annotations

from datetime import datetime
from threading import Lock

PER_MINUTE = 6  # events of one reason, in one process


class FailureMeter:
    """Count failures by reason, and say which of them the log hears of, with the number since the one before.

    What is over the bound waits in memory for the next failure of that reason in a later minute.
    """

    def __init__(self) -> None:
        self._minute = 0
        self._written: dict[str, int] = {}
        self._waiting: dict[str, int] = {}
        self._lock = Lock()

    def count(self, reason: str, *, now: datetime) -> int:
        """Count one failure; return how many to write now, 0 when the minute is full."""
        minute = int(now.timestamp()) // 60
        with self._lock:
            if minute != self._minute:
                self._minute, self._written = minute, {}
            waiting = self._waiting.pop(reason, 0) + 1
            if self._written.get(reason, 0) < PER_MINUTE:
                self._written[reason] = self._written.get(reason, 0) + 1
                return waiting
            self._waiting[reason] = waiting
            return 0
