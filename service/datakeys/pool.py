"""Fresh data keys at hand, so that sealing never waits for their custodian."""

from __future__ import annotations

import hmac
import os
import threading
import weakref
from collections import deque
from random import SystemRandom
from time import monotonic

from keys.protocol.data_keys import BATCH_KEYS, derive_all, key_id
from service.datakeys.custody import Batch, Custody
from service.datakeys.sealing import DataKey
from service.errors import UnavailableError
from service.logging import log

AHEAD = 16_384  # keys: as many values can be sealed while the custodian is away
PATIENCE = 5.0  # seconds to wait at most for keys that are on their way
TRY_AGAIN = 5.0  # seconds after a custodian that did not answer
ACTORS = 10_000  # actor-years of which the key is remembered


class DataKeysUnavailableError(UnavailableError):
    """There is no data key at hand, and who keeps them does not answer."""

    code = "data_keys_unavailable"
    title = "Nothing can be sealed now: the service that keeps the data keys does not answer."


class DataKeyPool:
    """Keys of one process; each is handed out once and forgotten.

    A key that a process still had when it died was never used and opens nothing: nobody has to clean up.

    Args:
        naming_key: under which actors are named where their keys are listed; none: one for this process.
    """

    def __init__(self, custody: Custody, *, ahead: int = AHEAD, naming_key: bytes = b"") -> None:
        self.custody = custody
        self._ahead = ahead
        self._naming_key = naming_key or os.urandom(32)
        self._reset()
        _POOLS.add(self)

    def stock(self, wanted: int = 1) -> None:
        """Have keys at hand before a transaction begins; waits for another house where there are too few.

        Raises nothing: what needs no key goes on without. Nothing is reserved either: right after a start two
        large batches at once can take each other's, and the later one is refused though the holder is well.
        """
        if self.custody.separated and len(self._ready) < max(wanted, self._low):
            self._refill(wanted)

    def take(self) -> DataKey:
        """Hand out a fresh key; inside a transaction too, so who finds none never waits for another house.

        Raises:
            DataKeysUnavailableError: There is none.
        """
        if len(self._ready) < self._low:
            self._refill(0 if self.custody.separated else 1)
        try:
            return self._ready.popleft()
        except IndexError:
            raise DataKeysUnavailableError(retry_after=int(TRY_AGAIN)) from None

    def of_actor(self, actor: str, year: int) -> DataKey:
        """Return this process's key for what one actor did in one year; others have their own."""
        key = self._actors.get((actor, year))
        if key is None:
            if len(self._actors) >= ACTORS:
                self._actors.clear()
            key = self._actors[actor, year] = self.take()
        return key

    def derive(self, label: bytes) -> bytes:
        """Derive a key from the naming key for one use; 32 bytes."""
        return hmac.digest(self._naming_key, b"dat-hub/derive/v1/" + label, "sha256")

    def name_actor(self, actor: str) -> bytes:
        """Name an actor so that only who knows them and holds the hub's key can ask for them; 16 bytes."""
        return hmac.digest(self._naming_key, b"dat-hub/actor/v1/" + actor.encode(), "sha256")[:16]

    def _reset(self) -> None:
        self.listed: set[bytes] = set()
        self._ready: deque[DataKey] = deque()
        self._low = BATCH_KEYS // 2
        self._begun = False
        self._actors: dict[tuple[str, int], DataKey] = {}
        self._filling = threading.Lock()
        self._not_before = 0.0

    def _refill(self, wanted: int) -> None:
        """Fetch what is wanted at once, and what may be wanted later beside the work."""
        if len(self._ready) >= wanted and (self._begun or not wanted):
            if monotonic() >= self._not_before and self._filling.acquire(blocking=False):
                threading.Thread(
                    target=self._fill, args=(self._ahead,), name="data-keys", daemon=True
                ).start()
        elif self._filling.acquire(timeout=PATIENCE):
            if len(self._ready) >= wanted or monotonic() < self._not_before:
                self._filling.release()
            else:
                self._fill(wanted)

    def _fill(self, wanted: int) -> None:
        try:
            while len(self._ready) < wanted:
                self._ready.extend(_shuffled(self.custody.issue()))
            self._begun, self._low = True, max(self._low, wanted // 2)
        except UnavailableError as failure:
            self._not_before = monotonic() + TRY_AGAIN
            log.error("data_keys_not_fetched", code=failure.code, count=len(self._ready))
        finally:
            self._filling.release()


def _shuffled(batch: Batch) -> list[DataKey]:
    # In order, the number in a key's id would tell its custodian when in the batch it was used.
    keys = [DataKey(key_id(batch.id, number), secret) for number, secret in enumerate(derive_all(batch.root))]
    SystemRandom().shuffle(keys)
    return keys


_POOLS: weakref.WeakSet[DataKeyPool] = weakref.WeakSet()


def _forget_keys_of_parent() -> None:
    # A forked process that went on with its parent's keys would seal another person under the same key.
    for pool in list(_POOLS):
        pool._reset()


os.register_at_fork(after_in_child=_forget_keys_of_parent)
