"""An honest OAuth client for tests: assertions, proofs, and an API client that uses them."""

from __future__ import annotations

import json
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from time import time
from typing import Any, Protocol

from joserfc import jws
from joserfc.jwk import ECKey, OKPKey

from service.oauth.jose import REGISTRY

WRITES = frozenset({"POST", "PUT", "PATCH"})
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class HttpClient(Protocol):
    """Starlette's TestClient, or httpx2's."""

    def request(self, method: str, url: str, **rest: Any) -> Any: ...


def new_key(algorithm: str = "EdDSA") -> OKPKey | ECKey:
    """Make a private key that the algorithm can use."""
    return OKPKey.generate_key("Ed25519") if algorithm == "EdDSA" else ECKey.generate_key("P-256")


def public_jwk(key: OKPKey | ECKey) -> dict[str, str]:
    """Return what is registered of a key."""
    return {
        name: str(key.as_dict(private=False)[name])
        for name in ("kty", "crv", "x", "y")
        if name in key.as_dict(private=False)
    }


def algorithm_of(key: OKPKey | ECKey) -> str:
    """Return the algorithm that belongs to a key."""
    return "EdDSA" if isinstance(key, OKPKey) else "ES256"


def sign(header: Mapping[str, Any], claims: Mapping[str, Any], key: OKPKey | ECKey) -> str:
    """Sign any claims under any header: also wrong ones, for tests of refusal."""
    return jws.serialize_compact(dict(header), json.dumps(claims), key, registry=REGISTRY)


def assertion(key: OKPKey | ECKey, client_id: str, token_url: str, **changes: Any) -> str:
    """Make a client assertion; `changes` replace claims, None removes one."""
    issued = int(changes.pop("now", time()))
    claims = {
        "iss": client_id,
        "sub": client_id,
        "aud": token_url,
        "iat": issued,
        "exp": issued + 120,
        "jti": secrets.token_urlsafe(16),
    } | changes
    return sign({"alg": algorithm_of(key), "typ": "JWT"}, _without_none(claims), key)


def proof(
    key: OKPKey | ECKey,
    method: str,
    url: str,
    *,
    token: str | None = None,
    body: bytes | None = None,
    **changes: Any,
) -> str:
    """Make a DPoP proof; `changes` replace claims, None removes one."""
    claims: dict[str, Any] = {
        "htm": method,
        "htu": url,
        "iat": int(changes.pop("now", time())),
        "jti": secrets.token_urlsafe(16),
    }
    if token is not None:
        claims["ath"] = urlsafe_b64encode(sha256(token.encode()).digest()).rstrip(b"=").decode()
    if body is not None:
        claims["htb"] = urlsafe_b64encode(sha256(body).digest()).rstrip(b"=").decode()
    header = {"typ": "dpop+jwt", "alg": algorithm_of(key), "jwk": public_jwk(key)}
    return sign(header, _without_none(claims | changes), key)


def token_form(client_assertion: str) -> dict[str, str]:
    """Return the form that asks for a token."""
    return {
        "grant_type": "client_credentials",
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": client_assertion,
    }


def _without_none(claims: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in claims.items() if value is not None}


@dataclass
class ApiClient:
    """Call a service as one client: gets a token when it needs one, proves every request.

    Attributes:
        http: a Starlette TestClient or httpx2 client.
        public_url: the service's own public URL, which proofs are bound to.
        base: `/api/v1` for the hub, `/v1` for the holder; paths below are relative to it.
    """

    http: HttpClient
    client_id: str
    key: OKPKey | ECKey
    public_url: str = "http://127.0.0.1:8100"
    base: str = "/api/v1"
    _token: str | None = field(default=None, repr=False)

    def fetch_token(self) -> str:
        """Ask for a new token and keep it."""
        url = f"{self.public_url}{self.base}/token"
        answer = self.http.request(
            "POST",
            f"{self.base}/token",
            data=token_form(assertion(self.key, self.client_id, url)),
            headers={"DPoP": proof(self.key, "POST", url)},
        )
        assert answer.status_code == 200, answer.text
        self._token = answer.json()["access_token"]
        return str(self._token)

    def request(
        self, method: str, path: str, *, headers: Mapping[str, str] | None = None, **rest: Any
    ) -> Any:
        """Send one request with token and proof; `path` may carry a query."""
        token = self._token or self.fetch_token()
        full = self.base + path
        url = self.public_url + full.partition("?")[0]
        mine, body = {"Authorization": f"DPoP {token}"}, None
        if method in WRITES:
            if "json" in rest:
                rest["content"] = json.dumps(rest.pop("json")).encode()
                mine["Content-Type"] = "application/json"
            given = rest.get("content", b"")
            body = given.encode() if isinstance(given, str) else given
        mine["DPoP"] = proof(self.key, method, url, token=token, body=body)
        return self.http.request(method, full, headers={**mine, **(headers or {})}, **rest)

    def get(self, path: str, **rest: Any) -> Any:
        """GET a path under the base."""
        return self.request("GET", path, **rest)

    def post(self, path: str, **rest: Any) -> Any:
        """POST to a path under the base; `json=` for the body."""
        return self.request("POST", path, **rest)
