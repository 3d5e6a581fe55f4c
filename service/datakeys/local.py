"""Data keys on the hub's own machine: for a trial and for tests, not for real persons.

Erasure then holds against a stolen database and its backups, and not against who has the machine.
"""

from __future__ import annotations

import fcntl
import os
import threading
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from functools import cache
from pathlib import Path

from nacl.signing import SigningKey

from keys.protocol.data_keys import BATCH_ID_BYTES, ROOT, derive, path_to, place_of, puncture
from keys.protocol.destruction import DestructionReceipt, require_destroyed, sign_destruction
from keys.protocol.errors import EncodingError
from service import clock
from service.datakeys.custody import Batch, Purpose
from service.datakeys.pool import DataKeyPool
from service.keystore import FileKeyStore, KeyStore

NAME = "local"
RECEIPT_KEY = "receipt"
NO_LEAF = bytes(32)  # there is no log beside it


class LocalCustody:
    """A key store with a file for each secret above living keys, and one for each key that was destroyed."""

    separated = False

    def __init__(self, keys: KeyStore, *, lock: Path | None = None) -> None:
        self._keys, self._lock = keys, lock
        self._mutex = threading.Lock()
        with self._alone():
            if RECEIPT_KEY not in keys.names(RECEIPT_KEY):
                keys.create(RECEIPT_KEY, os.urandom(32))
        self._receipt_key = SigningKey(keys.read(RECEIPT_KEY))

    @classmethod
    def in_directory(cls, directory: Path) -> LocalCustody:
        """Keep the keys in a directory of their own, which belongs in no backup of the database."""
        return cls(FileKeyStore(directory), lock=directory / ".lock")

    def issue(self) -> Batch:
        """Draw a batch."""
        batch = Batch(os.urandom(BATCH_ID_BYTES), os.urandom(32))
        self._keys.create(_node(batch.id, ROOT), batch.root)
        return batch

    def release(self, ids: Collection[bytes], purpose: Purpose) -> Mapping[bytes, bytes]:
        """Give back the secrets of those keys that still are."""
        found = {}
        for id_ in ids:
            with suppress(EncodingError):
                batch, leaf = place_of(id_)
                if (kept := self._find(batch, leaf)) is not None:
                    found[id_] = derive(*kept, leaf)
        return found

    def destroy(self, ids: Collection[bytes]) -> list[DestructionReceipt]:
        """Destroy keys for good."""
        with self._alone():
            return [self._destroy(id_) for id_ in ids]

    def list_destroyed(self, since: datetime) -> Iterator[DestructionReceipt]:
        """Repeat the receipts of what was destroyed from this second on."""
        for name in self._keys.names("destroyed."):
            if self._keys.read(name).decode() >= clock.wire_time(since):
                yield self._receipt(bytes.fromhex(name.removeprefix("destroyed.")))

    def require_receipt(self, receipt: DestructionReceipt, *, key_id: bytes) -> None:
        """Check a receipt against the key in the same directory."""
        require_destroyed(receipt, bytes(self._receipt_key.verify_key), key_id=key_id)

    def _destroy(self, id_: bytes) -> DestructionReceipt:
        batch, leaf = place_of(id_)
        # Again until nothing is above it: a kill half-way leaves the old secret beside some of the new ones.
        while (kept := self._find(batch, leaf)) is not None:
            for node, secret in puncture(*kept, leaf):
                with suppress(FileExistsError):
                    self._keys.create(_node(batch, node), secret)
            self._keys.destroy(_node(batch, kept[0]))
        with suppress(FileExistsError):
            self._keys.create(f"destroyed.{id_.hex()}", clock.wire_time(clock.now()).encode())
        return self._receipt(id_)

    def _receipt(self, id_: bytes) -> DestructionReceipt:
        destroyed_at = self._keys.read(f"destroyed.{id_.hex()}").decode()
        return sign_destruction(
            self._receipt_key, holder=NAME, key_id=id_, destroyed_at=destroyed_at, leaf_hash=NO_LEAF
        )

    def _find(self, batch: bytes, leaf: int) -> tuple[int, bytes] | None:
        for node in path_to(leaf):
            with suppress(KeyError):
                return node, self._keys.read(_node(batch, node))
        return None

    @contextmanager
    def _alone(self) -> Iterator[None]:
        # Two at once on one batch would each keep what the other destroys.
        with self._mutex:
            if self._lock is None:
                yield
                return
            with self._lock.open("a") as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                yield


class VolatileKeyStore:
    """Keys in memory, gone with the process."""

    def __init__(self) -> None:
        self._keys: dict[str, bytes] = {}

    def read(self, name: str) -> bytes:
        """Return the key; raises KeyError when there is none."""
        return self._keys[name]

    def create(self, name: str, secret: bytes) -> None:
        """Store a new key; raises FileExistsError rather than overwrite one."""
        if name in self._keys:
            raise FileExistsError(name)
        self._keys[name] = secret

    def destroy(self, name: str) -> None:
        """Forget the key."""
        del self._keys[name]

    def names(self, prefix: str = "") -> list[str]:
        """List the names of the keys there are, sorted."""
        return sorted(name for name in self._keys if name.startswith(prefix))


@cache
def volatile_pool() -> DataKeyPool:
    """Return the pool of a process that keeps nothing: what it seals is unreadable when it ends."""
    return DataKeyPool(LocalCustody(VolatileKeyStore()))


def _node(batch: bytes, node: int) -> str:
    return f"node.{batch.hex()}.{node}"
