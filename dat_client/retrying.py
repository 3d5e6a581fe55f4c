"""Try again when that can help, and not forever."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from secrets import SystemRandom
from typing import TypeVar

from dat_client.errors import UnavailableError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Retries:
    """How often and how long to try; seconds.

    Attributes:
        longest_wait: a service that asks for a longer pause is left for a later run.
    """

    attempts: int = 5
    first_wait: float = 0.5
    longest_wait: float = 30.0
    sleep: Callable[[float], None] = time.sleep

    def run(self, attempt: Callable[[], T]) -> T:
        """Call until it succeeds; only `UnavailableError` is worth another attempt.

        Raises:
            UnavailableError: Every attempt failed, or the pause asked for is too long.
        """
        for number in range(1, self.attempts):
            try:
                return attempt()
            except UnavailableError as error:
                pause = self._pause(number, error.retry_after)
                if pause > self.longest_wait:
                    raise
            self.sleep(pause)
        return attempt()

    def _pause(self, number: int, asked: float | None) -> float:
        """Wait as long as asked, else longer each time, spread so that clients do not return together."""
        if asked is not None:
            return asked
        longest: float = min(self.first_wait * 2.0 ** (number - 1), self.longest_wait)
        return longest * SystemRandom().uniform(0.5, 1.0)
