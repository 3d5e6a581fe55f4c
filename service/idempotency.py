"""Know an idempotency key again without keeping it: a caller chose it, and it may say anything."""

from __future__ import annotations

from hashlib import sha256
from typing import Annotated
from uuid import UUID

from fastapi import Header

IdempotencyKey = Annotated[UUID, Header(alias="Idempotency-Key")]


def key_hash(organisation_id: UUID, key: UUID) -> bytes:
    """Return the 16 bytes under which an organisation's key is remembered."""
    return sha256(organisation_id.bytes + key.bytes).digest()[:16]
