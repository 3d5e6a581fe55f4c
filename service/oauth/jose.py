"""Signed tokens by joserfc, narrowed to two algorithms and closed headers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError, UnsupportedAlgorithmError
from joserfc.jwk import ECKey, OKPKey
from joserfc.jws import CompactSignature, JWSAlgModel, JWSRegistry  # type: ignore[attr-defined]
from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

from service.oauth.errors import InvalidKeyError

MAX_TOKEN = 4096
MEMBERS = {("OKP", "Ed25519"): ("kty", "crv", "x"), ("EC", "P-256"): ("kty", "crv", "x", "y")}

PublicKey = OKPKey | ECKey


class TokenError(Exception):
    """The token is not what was asked for; callers turn it into the error of their protocol."""


class _SodiumEdDSA(JWSAlgModel):
    """EdDSA by libsodium: half the time of OpenSSL, and it refuses keys of small order."""

    name = "EdDSA"
    description = "Ed25519"
    key_type = "OKP"

    def sign(self, msg: bytes, key: OKPKey) -> bytes:
        return SigningKey(key.private_key.private_bytes_raw()).sign(msg).signature  # type: ignore[union-attr]

    def verify(self, msg: bytes, sig: bytes, key: OKPKey) -> bool:
        try:
            VerifyKey(key.public_key.public_bytes_raw()).verify(msg, sig)
        except (BadSignatureError, ValueError):
            return False
        return True


ALGORITHMS: Mapping[str, JWSAlgModel] = {"EdDSA": _SodiumEdDSA(), "ES256": JWSRegistry.algorithms["ES256"]}


class _Registry(JWSRegistry):
    """Exactly two algorithms, so that `none` or an HMAC under a public key is not even looked up."""

    max_payload_length = MAX_TOKEN

    def get_alg(self, name: str) -> JWSAlgModel:
        """Return one of the two."""
        if not isinstance(name, str) or name not in ALGORITHMS:
            raise UnsupportedAlgorithmError
        return ALGORITHMS[name]


REGISTRY = _Registry()


def import_public_key(jwk: object) -> PublicKey:
    """Read a public key, refusing every other type, curve and any private part.

    Raises:
        InvalidKeyError: The JWK is not a public Ed25519 or P-256 key.
    """
    if not isinstance(jwk, dict) or "d" in jwk:
        raise InvalidKeyError
    members = MEMBERS.get((str(jwk.get("kty")), str(jwk.get("crv"))))
    if members is None or not all(isinstance(jwk.get(name), str) for name in members):
        raise InvalidKeyError
    needed = {name: jwk[name] for name in members}
    try:
        key = OKPKey.import_key(needed) if jwk["kty"] == "OKP" else ECKey.import_key(needed)
        _ = key.public_key
    except (JoseError, ValueError):
        raise InvalidKeyError from None
    return key


def public_members(jwk: object) -> dict[str, str]:
    """Return the members of a public JWK that make the key, and nothing else of it."""
    key = import_public_key(jwk)
    return {
        name: str(value)
        for name, value in key.as_dict(private=False).items()
        if name in MEMBERS[(key.key_type, key.curve_name)]
    }


def thumbprint(jwk: object) -> str:
    """Return the RFC 7638 thumbprint of a public key, as in `cnf.jkt`."""
    return import_public_key(jwk).thumbprint()


def unverified_jws(token: str) -> CompactSignature:
    """Take a compact token apart without believing it.

    Raises:
        TokenError: It is not a JWS in compact form.
    """
    try:
        return jws.extract_compact(token.encode("ascii"), registry=REGISTRY)
    except (JoseError, ValueError, RecursionError):
        raise TokenError from None


def unverified_claims(signature: CompactSignature) -> dict[str, Any]:
    """Read the claims of a token that nobody vouches for yet."""
    try:
        claims = json.loads(signature.payload)
    except (ValueError, RecursionError):
        raise TokenError from None
    if not isinstance(claims, dict):
        raise TokenError
    return claims


def verified_claims(
    signature: CompactSignature, key: PublicKey, *, members: frozenset[str]
) -> dict[str, Any]:
    """Return the claims after the signature has been checked.

    Args:
        members: header parameters that may be there; anything else (crit, jku, x5u) is refused unread.

    Raises:
        TokenError: The header, the algorithm or the signature is not right.
    """
    if not members.issuperset(signature.headers()):
        raise TokenError
    try:
        valid = jws.validate_compact(signature, key, registry=REGISTRY)
    except (JoseError, ValueError, TypeError):
        raise TokenError from None
    if not valid:
        raise TokenError
    return unverified_claims(signature)
