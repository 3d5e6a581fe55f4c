"""Hash to group elements and scalars, as RFC 9497 does for ristretto255-SHA512."""

from __future__ import annotations

from hashlib import sha512

from keys.protocol import sodium

_BLOCK = bytes(128)
_LENGTH = (64).to_bytes(2, "big")


def _expand(message: bytes, tag: bytes) -> bytes:
    """Expand a message to 64 uniform bytes: expand_message_xmd of RFC 9380 5.3.1 with one output block."""
    suffix = tag + len(tag).to_bytes(1, "big")
    first = sha512(_BLOCK + message + _LENGTH + b"\0" + suffix).digest()
    return sha512(first + b"\1" + suffix).digest()


def hash_to_group(message: bytes, *, context: bytes) -> bytes:
    """Hash a message to an element of which nobody knows the logarithm."""
    return sodium.element_from_hash(_expand(message, b"HashToGroup-" + context))


def hash_to_scalar(message: bytes, *, context: bytes, prefix: bytes = b"HashToScalar-") -> bytes:
    """Hash a message to a scalar, domain-separated by prefix and context."""
    return sodium.reduce_scalar(_expand(message, prefix + context))
