"""Mint access tokens, and believe only those that this service minted itself.

Source: RFC 9068; protocol.md 2: the holder never accepts a token minted by the hub.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from joserfc import jws
from joserfc.jwk import OKPKey

from service.oauth.claims import moment_claim, require_equal, text_claim
from service.oauth.errors import InvalidTokenError
from service.oauth.identity import ServiceIdentity
from service.oauth.jose import REGISTRY, TokenError, unverified_jws, verified_claims

MAX_LIFE = timedelta(minutes=10)
HEADER = frozenset({"typ", "alg"})


@dataclass(frozen=True, slots=True)
class AccessToken:
    """A token as given to the client."""

    value: str = field(repr=False)
    life: timedelta


@dataclass(frozen=True, slots=True)
class TokenFacts:
    """What a verified access token says.

    Attributes:
        thumbprint: of the key that every proof beside the token must be made with.
    """

    client_id: str
    thumbprint: str
    expires: int


class TokenMint:
    """The one key under which this service gives access tokens.

    Args:
        seed: 32 bytes; the Ed25519 key of this service alone.
        life: at most ten minutes.
    """

    def __init__(self, identity: ServiceIdentity, seed: bytes, *, life: timedelta = MAX_LIFE) -> None:
        if not timedelta(0) < life <= MAX_LIFE:
            raise ValueError("an access token lives at most ten minutes")
        self.identity = identity
        self.life = life
        self._key = OKPKey.import_key(
            Ed25519PrivateKey.from_private_bytes(seed).private_bytes(
                Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
            )
        )

    def mint(self, client_id: str, *, thumbprint: str, now: datetime) -> AccessToken:
        """Give a token to a client, bound to the key of its proof."""
        issued = int(now.timestamp())
        claims = {
            "iss": self.identity.issuer,
            "aud": self.identity.issuer,
            "sub": client_id,
            "client_id": client_id,
            "iat": issued,
            "exp": issued + int(self.life.total_seconds()),
            "jti": secrets.token_urlsafe(16),
            "cnf": {"jkt": thumbprint},
        }
        header = {"typ": "at+jwt", "alg": "EdDSA"}
        value = jws.serialize_compact(header, json.dumps(claims), self._key, registry=REGISTRY)
        return AccessToken(value=value, life=self.life)

    def require_token(self, token: str, *, now: datetime) -> TokenFacts:
        """Return what a token of ours says.

        Raises:
            InvalidTokenError: It is not ours, not for us, expired or not a token.
        """
        try:
            return self._facts(token, int(now.timestamp()))
        except TokenError:
            raise InvalidTokenError from None

    def _facts(self, token: str, now: int) -> TokenFacts:
        signature = unverified_jws(token)
        if signature.headers().get("typ") != "at+jwt":
            raise TokenError
        claims = verified_claims(signature, self._key, members=HEADER)
        require_equal(claims, iss=self.identity.issuer, aud=self.identity.issuer)
        expires, confirmation = moment_claim(claims, "exp"), claims.get("cnf")
        if expires <= now or not isinstance(confirmation, dict):
            raise TokenError
        return TokenFacts(
            client_id=text_claim(claims, "sub"),
            thumbprint=text_claim(confirmation, "jkt"),
            expires=expires,
        )
