"""Sign the manifest with an offline root, and believe only what the pinned root signed.

Source: protocol.md, 2.
"""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from keys.protocol.documents import read_document, sign_document
from keys.protocol.errors import ManifestError, ProtocolError, SignatureError
from keys.protocol.manifest_values import EnvelopeKey, Manifest, SchemeKey
from keys.protocol.manifest_wire import read_manifest, write_manifest
from keys.protocol.threshold import check_shares
from keys.protocol.tokens import SCHEMES

__all__ = ["EnvelopeKey", "Manifest", "SchemeKey", "load_manifest", "manifest_hash", "sign_manifest"]

_KIND = "dat-manifest+jws"


def sign_manifest(manifest: Manifest, root_private: bytes) -> str:
    """Sign a sound manifest with the root's 32-byte Ed25519 seed: a compact JWS.

    Raises:
        ManifestError: The manifest contradicts itself.
    """
    _require_sound(manifest)
    return sign_document(write_manifest(manifest), kind=_KIND, private=root_private)


def load_manifest(token: str, *, pinned_root: bytes, now: datetime) -> Manifest:
    """Read a manifest that the pinned root (32-byte Ed25519 public key) signed, that is valid now, and sound.

    Raises:
        ManifestError: Whatever the reason.
    """
    try:
        manifest = read_manifest(read_document(token, kind=_KIND, public=pinned_root))
    except SignatureError:
        raise ManifestError from None
    if not manifest.valid_from <= now < manifest.valid_until:
        raise ManifestError
    _require_sound(manifest)
    return manifest


def manifest_hash(token: str) -> bytes:
    """Hash the signed manifest, so that two hubs' views of it can be compared: SHA-256 of the compact JWS."""
    return sha256(token.encode("utf-8")).digest()


def _require_sound(manifest: Manifest) -> None:
    """Refuse shares that are not of one key, unknown schemes, epochs beyond 16 bit, keys of a wrong size."""
    publics = (manifest.receipt_public, *manifest.ledger_publics.values())
    envelope_publics = (key.public for key in manifest.envelope_keys)
    if any(len(public) != 32 for public in (*publics, *envelope_publics)):
        raise ManifestError
    for (scheme, epoch), key in manifest.keys.items():
        if scheme not in SCHEMES or not 0 <= epoch <= 0xFFFF or set(key.shares) != set(key.holders):
            raise ManifestError
        try:
            check_shares(key.public, key.shares, key.threshold)
        except ProtocolError:
            raise ManifestError from None
