"""Carry pseudonyms to the hub so that no gateway, log or proxy on the way sees them: HPKE, base mode.

A sealed envelope is always 608 bytes: 32 of encapsulated key, 560 of ciphertext, 16 of tag.

Source: RFC 9180, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-128-GCM.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from keys.protocol.encoding import canonical_json, lp, utf8
from keys.protocol.errors import EnvelopeError
from keys.protocol.tokens import TYPE_BY_CODE, TokenType

CAPACITY = 16
ENTRY_BYTES = 35
PLAIN_BYTES = CAPACITY * ENTRY_BYTES
SEALED_BYTES = 32 + PLAIN_BYTES + 16

_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_128_GCM)


@dataclass(frozen=True, slots=True)
class Entry:
    """One pseudonym: its token type, the key epoch (16 bit) it was evaluated under, and its 32 bytes."""

    token_type: TokenType
    epoch: int
    element: bytes = field(repr=False)


def generate_key_pair() -> tuple[bytes, bytes]:
    """Draw an X25519 private key and its public key, 32 raw bytes each."""
    private = X25519PrivateKey.generate()
    return private.private_bytes_raw(), private.public_key().public_bytes_raw()


def load_private_key(raw: bytes) -> X25519PrivateKey:
    """Prepare a private key for many envelopes: that costs most of opening one, and is done once."""
    try:
        return X25519PrivateKey.from_private_bytes(raw)
    except ValueError:
        raise EnvelopeError from None


def public_part_hash(public_part: Mapping[str, object]) -> bytes:
    """Hash the open part of a message, so that its envelope opens beside no other."""
    return sha256(canonical_json(public_part)).digest()


def envelope_info(
    *, hub_id: str, organisation_id: str, idempotency_key: str, public_part_hash: bytes
) -> bytes:
    """Bind an envelope to its hub, its sender, its message and the open part of that message.

    Source:
        protocol.md, 4, step 5.
    """
    parts = ("dat-hub/envelope/v1", hub_id, organisation_id, idempotency_key)
    return lp(*(utf8(part) for part in parts), public_part_hash)


def seal(public_key: bytes, info: bytes, entries: Sequence[Entry]) -> bytes:
    """Seal at most 16 pseudonyms; the result has the same size for any number of them."""
    if len(entries) > CAPACITY:
        raise EnvelopeError
    plain = b"".join(map(_write, entries)).ljust(PLAIN_BYTES, b"\0")
    try:
        return _SUITE.encrypt(plain, X25519PublicKey.from_public_bytes(public_key), info)
    except ValueError:
        raise EnvelopeError from None


def _write(entry: Entry) -> bytes:
    if not 0 <= entry.epoch <= 0xFFFF or len(entry.element) != 32:
        raise EnvelopeError
    return bytes((entry.token_type.code,)) + entry.epoch.to_bytes(2, "big") + entry.element


def unseal(private_key: bytes | X25519PrivateKey, info: bytes, sealed: bytes) -> list[Entry]:
    """Open an envelope and read its entries; whether an element is one is left to the caller.

    Raises:
        EnvelopeError: Sealed for another key or message, changed, or not in the one form `seal` writes.
    """
    if len(sealed) != SEALED_BYTES:
        raise EnvelopeError
    key = load_private_key(private_key) if isinstance(private_key, bytes) else private_key
    try:
        plain = _SUITE.decrypt(sealed, key, info)
    except (InvalidTag, ValueError):
        raise EnvelopeError from None
    return _read(plain)


def _read(plain: bytes) -> list[Entry]:
    end = (plain[::ENTRY_BYTES] + b"\0").index(0) * ENTRY_BYTES
    if plain[end:].strip(b"\0"):
        raise EnvelopeError
    slots = (plain[start : start + ENTRY_BYTES] for start in range(0, end, ENTRY_BYTES))
    try:
        return [Entry(TYPE_BY_CODE[slot[0]], int.from_bytes(slot[1:3], "big"), slot[3:]) for slot in slots]
    except KeyError:
        raise EnvelopeError from None
