"""Sign a document offline, and read back only what the pinned key signed: a compact JWS, Ed25519.

Source: RFC 7515; RFC 9864 for the algorithm's name.
"""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from keys.protocol.errors import SignatureError

_ALGORITHM = "Ed25519"


def sign_document(payload: bytes, *, kind: str, private: bytes) -> str:
    """Sign bytes as a document of this kind (the `typ`) with a 32-byte Ed25519 seed."""
    key = OKPKey.import_key(Ed25519PrivateKey.from_private_bytes(private))
    return jws.serialize_compact(_header(kind), payload, key, algorithms=[_ALGORITHM])


def read_document(token: str, *, kind: str, public: bytes) -> bytes:
    """Return what the holder of the pinned key signed as a document of this kind.

    Raises:
        SignatureError: Another key, another kind, or no such document.
    """
    try:
        key = OKPKey.import_key(Ed25519PublicKey.from_public_bytes(public))
        found = jws.deserialize_compact(token, key, algorithms=[_ALGORITHM])
    except (JoseError, ValueError):
        raise SignatureError from None
    if found.headers() != _header(kind):
        raise SignatureError
    return found.payload


def _header(kind: str) -> dict[str, str]:
    return {"alg": _ALGORITHM, "typ": kind}
