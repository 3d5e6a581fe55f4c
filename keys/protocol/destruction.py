"""The receipt of a destroyed data key: what its holder signs, and how anybody checks it."""

from __future__ import annotations

from dataclasses import dataclass

from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

from keys.protocol.data_keys import place_of
from keys.protocol.encoding import canonical_json
from keys.protocol.errors import EncodingError, ReceiptError

FORMAT = "dat-hub/destruction/v1"
_LEAF_HASH_BYTES = 32


@dataclass(frozen=True, slots=True)
class DestructionReceipt:
    """A holder's word that a data key is gone.

    Attributes:
        holder: the holder's name, as in its log.
        key_id: 16 bytes.
        destroyed_at: in UTC, to the second, as on the wire.
        leaf_hash: of the leaf about it in the holder's own log, in which it can be proved.
        signature: Ed25519 by the holder's receipt key.
    """

    holder: str
    key_id: bytes
    destroyed_at: str
    leaf_hash: bytes
    signature: bytes = b""

    def to_signed(self) -> bytes:
        """Write the bytes that are signed."""
        facts = {
            "destroyedAt": self.destroyed_at,
            "holder": self.holder,
            "keyId": self.key_id.hex(),
            "leafHash": self.leaf_hash.hex(),
        }
        return FORMAT.encode() + canonical_json(facts)


def sign_destruction(
    key: SigningKey, *, holder: str, key_id: bytes, destroyed_at: str, leaf_hash: bytes
) -> DestructionReceipt:
    """Sign that a key is gone; the same facts give the same receipt."""
    unsigned = DestructionReceipt(holder, key_id, destroyed_at, leaf_hash)
    signature = key.sign(unsigned.to_signed()).signature
    return DestructionReceipt(holder, key_id, destroyed_at, leaf_hash, signature)


def require_destroyed(receipt: DestructionReceipt, public: bytes, *, key_id: bytes) -> None:
    """Check, offline, that the holder of this public key says that this very key is gone.

    Raises:
        ReceiptError: It is about another key, or of another holder, or was changed.
    """
    try:
        place_of(receipt.key_id)
        if receipt.key_id != key_id or len(receipt.leaf_hash) != _LEAF_HASH_BYTES:
            raise ReceiptError
        VerifyKey(public).verify(receipt.to_signed(), receipt.signature)
    except (BadSignatureError, EncodingError, ValueError, TypeError):
        raise ReceiptError from None
