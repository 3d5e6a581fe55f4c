"""The seam between the hub and whoever keeps its data keys."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from keys.protocol.destruction import DestructionReceipt

MOST_AT_ONCE = 1_000  # key ids a request


class Purpose(StrEnum):
    """Why keys are asked back; the custodian writes it down and rations each by itself."""

    LOG_READING = "log_reading"
    LOG_CHECKING = "log_checking"
    ROTATION = "rotation"
    RIGHTS = "rights"


@dataclass(frozen=True, slots=True)
class Batch:
    """A fresh batch: its random id, and the root that its keys derive from (keys.protocol.data_keys)."""

    id: bytes
    root: bytes = field(repr=False)


class Custody(Protocol):
    """Keep data keys away from what they seal."""

    separated: bool
    """Whether another organisation keeps the keys, or this very machine."""

    def issue(self) -> Batch:
        """Give a fresh batch, which is kept from now on.

        Raises:
            UnavailableError: Not now.
        """
        ...

    def release(self, ids: Collection[bytes], purpose: Purpose) -> Mapping[bytes, bytes]:
        """Give back the secrets of those keys that still are.

        Raises:
            UnavailableError: Not now, or the ration of this purpose is used up.
        """
        ...

    def destroy(self, ids: Collection[bytes]) -> list[DestructionReceipt]:
        """Destroy keys for good, with a receipt for each; a second time gives the same receipts.

        Raises:
            UnavailableError: Not now.
        """
        ...

    def list_destroyed(self, since: datetime) -> Iterator[DestructionReceipt]:
        """Repeat the receipts of what was destroyed from this second on.

        Raises:
            UnavailableError: Not now.
        """
        ...

    def require_receipt(self, receipt: DestructionReceipt, *, key_id: bytes) -> None:
        """Check a receipt against the custodian's public key; raises ReceiptError."""
        ...
