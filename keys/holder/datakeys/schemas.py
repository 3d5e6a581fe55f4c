"""Wire shapes of data keys."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from keys.protocol.destruction import DestructionReceipt
from keys.protocol.encoding import b64u
from service.http import WireModel

MOST_IDS = 1_000

KeyId = Annotated[str, Field(pattern=r"^[0-9a-f]{28}0[0-9a-f]{3}$", description="A data key's id")]
KeyIds = Annotated[list[KeyId], Field(min_length=1, max_length=MOST_IDS)]


class BatchRequest(WireModel):
    """Nothing: who asks says it all."""


class BatchAnswer(WireModel):
    """A fresh batch; its keys derive from the root."""

    batch_id: str
    root: str


class CountRequest(WireModel):
    """An hour, `2026-11-22T01` in UTC."""

    hour: Annotated[str, Field(pattern=r"^20[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-2][0-9]$")]


class CountAnswer(WireModel):
    """How many elements one organisation had evaluated."""

    organisation_id: UUID
    elements: int


class CountsAnswer(WireModel):
    """Every organisation that had any evaluated in the hour."""

    counts: list[CountAnswer]


class ReleaseRequest(WireModel):
    """Keys that are needed again, and for what."""

    purpose: Literal["log_reading", "log_checking", "rotation", "rights"]
    key_ids: KeyIds


class ReleasedKey(WireModel):
    """A key that still is."""

    key_id: str
    secret: str


class ReleaseAnswer(WireModel):
    """Those keys that still are."""

    keys: list[ReleasedKey]


class DestructionRequest(WireModel):
    """Keys that must go."""

    key_ids: KeyIds


class ReceiptAnswer(WireModel):
    """The holder's word that one key is gone."""

    holder: str
    key_id: str
    destroyed_at: str
    leaf_hash: str
    signature: str

    @classmethod
    def of(cls, receipt: DestructionReceipt) -> ReceiptAnswer:
        """Write a receipt."""
        return cls(
            holder=receipt.holder,
            key_id=receipt.key_id.hex(),
            destroyed_at=receipt.destroyed_at,
            leaf_hash=receipt.leaf_hash.hex(),
            signature=b64u(receipt.signature),
        )


class DestructionAnswer(WireModel):
    """A receipt for each key, in the order asked."""

    receipts: list[ReceiptAnswer]
