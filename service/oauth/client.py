"""Call another service as its client: a signed assertion for a token, a proof of possession on every call.

Source: RFC 7523 (private_key_jwt); RFC 9449 (DPoP).
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from joserfc import jws
from joserfc.jwk import OKPKey

from keys.protocol.encoding import b64u
from service import clock
from service.oauth.jose import REGISTRY, public_members

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ASSERTION_SECONDS = 120


def token_form(key: OKPKey, *, client_id: str, token_url: str) -> dict[str, str]:
    """Write the form that asks for an access token."""
    issued = int(clock.now().timestamp())
    claims = {
        "iss": client_id,
        "sub": client_id,
        "aud": token_url,
        "iat": issued,
        "exp": issued + ASSERTION_SECONDS,
        "jti": secrets.token_urlsafe(16),
    }
    return {
        "grant_type": "client_credentials",
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": _sign(key, {"typ": "JWT"}, claims),
    }


def dpop_proof(key: OKPKey, *, method: str, url: str, token: str | None = None, body: bytes = b"") -> str:
    """Prove possession of the key for one request and its body; `url` without its query."""
    claims = {
        "htm": method,
        "htu": url,
        "iat": int(clock.now().timestamp()),
        "jti": secrets.token_urlsafe(16),
    }
    if token is not None:
        claims["ath"] = b64u(sha256(token.encode("ascii")).digest())
        claims["htb"] = b64u(sha256(body).digest())
    return _sign(key, {"typ": "dpop+jwt", "jwk": public_members(key.as_dict(private=False))}, claims)


def _sign(key: OKPKey, header: Mapping[str, Any], claims: Mapping[str, Any]) -> str:
    return jws.serialize_compact({"alg": "EdDSA", **header}, json.dumps(claims), key, registry=REGISTRY)
