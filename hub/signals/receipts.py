"""Receipts: signed, of one size, computed from nothing but the post and its place in the log."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from nacl.signing import SigningKey

from hub.signals.values import Receipt
from keys.protocol.encoding import b64u, canonical_json
from service.clock import wire_time

CONTEXT = b"dat-hub/receipt/v1"


def sign_receipt(
    signer: SigningKey, *, signal_id: UUID, body_hash: bytes, leaf_hash: bytes, received_at: datetime
) -> Receipt:
    """Sign that this message was taken at this moment and stands in the log under this leaf."""
    facts = _facts(signal_id, body_hash, leaf_hash, received_at)
    signature = signer.sign(CONTEXT + canonical_json(facts)).signature
    return Receipt(signal_id, body_hash, leaf_hash, received_at, signature)


def write_receipt(receipt: Receipt) -> dict[str, str]:
    """Write a receipt as on the wire; its length never differs."""
    facts = _facts(receipt.signal_id, receipt.body_hash, receipt.leaf_hash, receipt.received_at)
    return {**facts, "signature": b64u(receipt.signature)}


def _facts(signal_id: UUID, body_hash: bytes, leaf_hash: bytes, received_at: datetime) -> dict[str, str]:
    return {
        "signalId": str(signal_id),
        "bodyHash": body_hash.hex(),
        "leafHash": leaf_hash.hex(),
        "receivedAt": wire_time(received_at),
    }
