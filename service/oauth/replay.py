"""Remember which proofs were used, for as long as they could be used again."""

from __future__ import annotations

from hashlib import sha256
from threading import Lock

from service.errors import UnavailableError

WINDOW = 60  # seconds that a proof's clock may differ from ours
MAX_PROOFS = 1_000_000


class ReplayMemory:
    """The ids of recent proofs, in memory, in slots of one window each.

    Bounded: when it is full it refuses rather than forgets. It is of one process: with n processes a proof
    could be used n times within its window, by somebody who already reads inside TLS, for the same method and
    path; posts carry idempotency keys for that case.
    """

    def __init__(self, *, limit: int = MAX_PROOFS) -> None:
        self._limit = limit
        self._slots: dict[int, set[bytes]] = {}
        self._lock = Lock()

    def take(self, thumbprint: str, jti: str, *, issued: int, now: int) -> bool:
        """Use up a proof's id; False when it was used before.

        Raises:
            UnavailableError: The memory is full.
        """
        mark = sha256(f"{thumbprint}.{jti}".encode()).digest()[:16]
        slot = issued // WINDOW
        with self._lock:
            if slot not in self._slots:
                self._forget(now)
            used = self._slots.setdefault(slot, set())
            if mark in used:
                return False
            if sum(map(len, self._slots.values())) >= self._limit:
                raise UnavailableError(retry_after=WINDOW)
            used.add(mark)
            return True

    def _forget(self, now: int) -> None:
        # The youngest proof of a slot is issued at its end, and is good for one window more.
        for slot in [slot for slot in self._slots if (slot + 2) * WINDOW < now]:
            del self._slots[slot]
