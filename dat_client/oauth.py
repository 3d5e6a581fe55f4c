"""Show a service who is calling: a signed assertion for a token, and a proof of possession on every call.

Source: RFC 7523 (private_key_jwt); RFC 9449 (DPoP).
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from joserfc import jws
from joserfc.jws import JWSAlgModel, JWSRegistry  # type: ignore[attr-defined]

from dat_client import clock
from dat_client.request_key import RequestKey, algorithm_of, public_jwk
from keys.protocol.encoding import b64u

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ASSERTION_SECONDS = 120


class _Registry(JWSRegistry):
    """Sign with `EdDSA`, the name that services register; joserfc warns on it since RFC 9864."""

    def get_alg(self, name: str) -> JWSAlgModel:
        return JWSRegistry.algorithms[name]


_REGISTRY = _Registry()


def token_form(key: RequestKey, *, client_id: str, token_url: str) -> dict[str, str]:
    """Write the form that asks for an access token."""
    issued = int(clock.now().timestamp())
    claims = {
        "iss": client_id,
        "sub": client_id,
        "aud": token_url,
        "iat": issued,
        "exp": issued + ASSERTION_SECONDS,
        "jti": _random_id(),
    }
    return {
        "grant_type": "client_credentials",
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": _sign(key, {"typ": "JWT"}, claims),
    }


def dpop_proof(key: RequestKey, *, method: str, url: str, token: str | None = None, body: bytes = b"") -> str:
    """Prove possession of the key for one request and its body; `url` without its query."""
    claims = {"htm": method, "htu": url, "iat": int(clock.now().timestamp()), "jti": _random_id()}
    if token is not None:
        claims["ath"] = b64u(sha256(token.encode("ascii")).digest())
        claims["htb"] = b64u(sha256(body).digest())
    return _sign(key, {"typ": "dpop+jwt", "jwk": public_jwk(key)}, claims)


def _sign(key: RequestKey, header: Mapping[str, Any], claims: Mapping[str, Any]) -> str:
    protected = {"alg": algorithm_of(key), **header}
    return jws.serialize_compact(protected, json.dumps(claims), key, registry=_REGISTRY)


def _random_id() -> str:
    return secrets.token_urlsafe(16)
