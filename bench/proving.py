"""Build whole HTTP requests beforehand: token, a fresh DPoP proof each, body.

Proofs hold for a minute, so they are signed right before they are used and outside what is timed.
"""

from __future__ import annotations

import json
import secrets
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from time import time
from urllib.parse import urlencode, urlsplit

from nacl.signing import SigningKey

from keys.protocol.encoding import b64u

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@dataclass(frozen=True, slots=True)
class RequestKey:
    """A client's own key at one service."""

    client_id: str
    key: SigningKey = field(repr=False)

    @property
    def public_jwk(self) -> dict[str, str]:
        """Return what is registered of the key."""
        return {"kty": "OKP", "crv": "Ed25519", "x": b64u(bytes(self.key.verify_key))}

    def sign(self, header: Mapping[str, object], claims: Mapping[str, object]) -> str:
        """Sign a compact JWS."""
        written = ".".join(b64u(json.dumps(part).encode()) for part in ({"alg": "EdDSA", **header}, claims))
        return f"{written}.{b64u(self.key.sign(written.encode()).signature)}"

    def prove(self, method: str, url: str, token: str = "", *, body: bytes = b"") -> str:
        """Make one proof for one request."""
        claims: dict[str, object] = {
            "htm": method,
            "htu": url,
            "iat": int(time()),
            "jti": secrets.token_urlsafe(16),
        }
        if token:
            claims["ath"] = b64u(sha256(token.encode()).digest())
            claims["htb"] = b64u(sha256(body).digest())
        return self.sign({"typ": "dpop+jwt", "jwk": self.public_jwk}, claims)


@dataclass(frozen=True, slots=True)
class Session:
    """A client with an access token at one service.

    Attributes:
        base: scheme, host, port and base path, as the service's own public URL has it.
    """

    request_key: RequestKey
    base: str
    token: str = field(repr=False)

    def request(
        self, method: str, path: str, *, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> bytes:
        """Return the bytes of one request with a proof of its own; `path` may carry a query."""
        parts = urlsplit(self.base + path)
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        url = f"{parts.scheme}://{parts.netloc}{parts.path}"
        lines = {
            "Host": parts.netloc,
            "Authorization": f"DPoP {self.token}",
            "DPoP": self.request_key.prove(method, url, self.token, body=body),
            **(headers or {}),
        }
        if body:
            lines |= {"Content-Type": "application/json", "Content-Length": str(len(body))}
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        return f"{method} {target} HTTP/1.1\r\n{head}\r\n".encode() + body


def open_session(request_key: RequestKey, base: str) -> Session:
    """Get an access token at a service."""
    url = f"{base}/token"
    issued = int(time())
    claims = {
        "iss": request_key.client_id,
        "sub": request_key.client_id,
        "aud": url,
        "iat": issued,
        "exp": issued + 120,
        "jti": secrets.token_urlsafe(16),
    }
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": request_key.sign({"typ": "JWT"}, claims),
    }
    headers = {"DPoP": request_key.prove("POST", url), "Content-Type": "application/x-www-form-urlencoded"}
    asked = urllib.request.Request(url, data=urlencode(form).encode(), headers=headers)
    with urllib.request.urlopen(asked, timeout=30) as answer:
        return Session(request_key, base, json.load(answer)["access_token"])
