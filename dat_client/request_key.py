"""The key this partner is known by, at the hub and at each key holder: registered there separately."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey

from dat_client.errors import ConfigurationError
from dat_client.files import read_private, write_private

RequestKey = OKPKey | ECKey
Algorithm = Literal["EdDSA", "ES256"]
PUBLIC_MEMBERS = ("kty", "crv", "x", "y")


def generate_request_key(path: Path, *, algorithm: Algorithm = "EdDSA") -> RequestKey:
    """Draw a key and write it for its owner only; an existing file is never overwritten."""
    key = OKPKey.generate_key("Ed25519") if algorithm == "EdDSA" else ECKey.generate_key("P-256")
    write_private(path, key.as_pem(private=True), exclusive=True)
    return key


def load_request_key(path: Path) -> RequestKey:
    """Read a key from PEM or JWK.

    Raises:
        ConfigurationError: No such file, readable by others, or not an Ed25519 or P-256 private key.
    """
    key = _import(read_private(path))
    if algorithm_of(key) is None or not key.is_private:
        raise ConfigurationError("the request key is not an Ed25519 or P-256 private key")
    return key


def _import(content: bytes) -> RequestKey:
    for kind in (OKPKey, ECKey):
        try:
            return kind.import_key(content)
        except (JoseError, ValueError, TypeError):
            continue
    raise ConfigurationError("the request key cannot be read: PEM or JWK, Ed25519 or P-256")


def algorithm_of(key: RequestKey) -> Algorithm | None:
    """Name the algorithm of a key, None for keys that are not used here."""
    names: dict[str, Algorithm] = {"Ed25519": "EdDSA", "P-256": "ES256"}
    return names.get(key.curve_name)


def public_jwk(key: RequestKey) -> dict[str, str]:
    """Give what is registered of a key, and nothing private."""
    members: dict[str, Any] = key.as_dict(private=False)
    return {name: str(members[name]) for name in PUBLIC_MEMBERS if name in members}
