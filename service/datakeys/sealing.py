"""Seal a value under a data key, in a form that names the key: id (16) | nonce (12) | AES-256-GCM."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from keys.protocol.data_keys import KEY_ID_BYTES

NONCE_BYTES = 12
OVERHEAD = KEY_ID_BYTES + NONCE_BYTES + 16


class SealedError(Exception):
    """A sealed value does not open: its key is gone, it is in another place, or it was changed."""


@dataclass(frozen=True, slots=True)
class DataKey:
    """A data key in the hand of whoever seals; it is not kept."""

    id: bytes
    secret: bytes = field(repr=False)


def seal(key: DataKey, plain: bytes, *, place: bytes) -> bytes:
    """Seal a value for one place (table, row, column): moved elsewhere, it does not open."""
    nonce = os.urandom(NONCE_BYTES)
    return key.id + nonce + AESGCM(key.secret).encrypt(nonce, plain, place)


def key_id_of(sealed: bytes) -> bytes:
    """Return the id of the key that something is sealed under."""
    return sealed[:KEY_ID_BYTES]


def unseal(secret: bytes, sealed: bytes, *, place: bytes) -> bytes:
    """Open what was sealed for this place.

    Raises:
        SealedError: It was changed, moved, or sealed under another key.
    """
    nonce, rest = sealed[KEY_ID_BYTES : KEY_ID_BYTES + NONCE_BYTES], sealed[KEY_ID_BYTES + NONCE_BYTES :]
    try:
        return AESGCM(secret).decrypt(nonce, rest, place)
    except (InvalidTag, ValueError):
        raise SealedError from None


def open_with(keys: Mapping[bytes, bytes], sealed: bytes, *, place: bytes) -> bytes | None:
    """Open with the key that it names; None when that key was not given.

    Raises:
        SealedError: The key is there and does not open it.
    """
    secret = keys.get(key_id_of(sealed))
    return None if secret is None else unseal(secret, sealed, place=place)
