"""Check a client assertion: a client's signed statement of who it is, for this token endpoint, once.

Source: RFC 7523 section 3; NL GOV assurance profile for OAuth 2.0, private_key_jwt.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from joserfc.jws import CompactSignature

from service.oauth.claims import id_claim, moment_claim, require_equal, text_claim
from service.oauth.credentials import CLIENT_ID
from service.oauth.jose import PublicKey, TokenError, unverified_claims, verified_claims

MAX_LIFE = 300  # seconds
LEEWAY = 30
HEADER = frozenset({"typ", "alg", "kid"})
TYPES = frozenset({None, "JWT", "client-authentication+jwt"})


@dataclass(frozen=True, slots=True)
class Assertion:
    """What a verified client assertion says."""

    jti: str
    expires_at: datetime


def claimed_client_id(unverified_assertion: CompactSignature) -> str:
    """Return whose key to check the assertion with; nobody vouches for it yet."""
    client_id = text_claim(unverified_claims(unverified_assertion), "sub")
    if not CLIENT_ID.fullmatch(client_id):
        raise TokenError
    return client_id


def verify_assertion(
    unverified_assertion: CompactSignature, key: PublicKey, *, client_id: str, audience: str, now: datetime
) -> Assertion:
    """Return the assertion if it holds for this client, endpoint and moment.

    Raises:
        TokenError: It does not; which part is not told.
    """
    if unverified_assertion.headers().get("typ") not in TYPES:
        raise TokenError
    claims = verified_claims(unverified_assertion, key, members=HEADER)
    require_equal(claims, iss=client_id, sub=client_id, aud=audience)
    issued, expires, moment = moment_claim(claims, "iat"), moment_claim(claims, "exp"), int(now.timestamp())
    if not (0 < expires - issued <= MAX_LIFE and issued <= moment + LEEWAY and moment < expires + LEEWAY):
        raise TokenError
    return Assertion(
        jti=id_claim(claims),
        expires_at=datetime.fromtimestamp(expires, UTC) + timedelta(seconds=LEEWAY),
    )
