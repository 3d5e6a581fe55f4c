"""Check what the hub signed: this partner can prove what it posted.

Source: protocol.md, 4, step 6; RFC 8032.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey

from dat_client.errors import ReceiptRefusedError
from keys.protocol.encoding import canonical_json, unb64u
from keys.protocol.errors import EncodingError

DOMAIN = b"dat-hub/receipt/v1"
FACTS = ("signalId", "bodyHash", "leafHash", "receivedAt")


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the hub signed over one signal: its id, the hash of what was posted, its ledger leaf, the time."""

    signal_id: UUID
    body_hash: str
    leaf_hash: str
    received_at: str
    signature: str

    def as_wire(self) -> dict[str, str]:
        """Write the receipt as it came."""
        return {
            "signalId": str(self.signal_id),
            "bodyHash": self.body_hash,
            "leafHash": self.leaf_hash,
            "receivedAt": self.received_at,
            "signature": self.signature,
        }


def read_receipt(answer: object) -> Receipt:
    """Take a receipt apart; whether it is genuine is `require_genuine`'s question.

    Raises:
        ReceiptRefusedError: It is not a receipt.
    """
    if not isinstance(answer, Mapping):
        raise ReceiptRefusedError
    facts: Mapping[str, Any] = answer
    try:
        texts = [str(facts[name]) for name in FACTS]
        return Receipt(UUID(texts[0]), texts[1], texts[2], texts[3], str(facts["signature"]))
    except (KeyError, ValueError):
        raise ReceiptRefusedError from None


def require_genuine(receipt: Receipt, *, receipt_public: bytes, body_hash: str) -> None:
    """Refuse a receipt that the hub's pinned key did not sign, or that is about something else.

    Raises:
        ReceiptRefusedError: Whatever the reason.
    """
    wire = receipt.as_wire()
    signed = DOMAIN + canonical_json({name: wire[name] for name in FACTS})
    try:
        VerifyKey(receipt_public).verify(signed, unb64u(receipt.signature))
    except (BadSignatureError, EncodingError, ValueError, TypeError):
        raise ReceiptRefusedError from None
    if receipt.body_hash != body_hash:
        raise ReceiptRefusedError
