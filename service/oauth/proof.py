"""Check that the sender of a request holds the key that its token is bound to.

Source: RFC 9449 section 4.3, whose steps are quoted where they are obeyed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any

from keys.protocol.encoding import b64u
from service.oauth.claims import MAX_JTI, moment_claim, require_equal, text_claim
from service.oauth.errors import InvalidKeyError, InvalidProofError
from service.oauth.identity import ServiceIdentity
from service.oauth.jose import PublicKey, TokenError, import_public_key, unverified_jws, verified_claims
from service.oauth.replay import WINDOW, ReplayMemory

HEADER = frozenset({"typ", "alg", "jwk"})
KEYS_REMEMBERED = 4096


class ProofChecker:
    """Check DPoP proofs against this service's public name, and use each up."""

    def __init__(self, identity: ServiceIdentity, replays: ReplayMemory | None = None) -> None:
        self.identity = identity
        self.replays = replays or ReplayMemory()

    def require_proof(
        self,
        proof: str | None,
        *,
        method: str,
        path: str,
        now: datetime,
        token_hash: str | None = None,
        thumbprint: str | None = None,
        body: bytes | None = None,
    ) -> str:
        """Require a proof that fits this request, and return the thumbprint of its key.

        Args:
            token_hash: base64url SHA-256 of the access token that comes with it; None at the token endpoint.
            thumbprint: of the key that the token is bound to.
            body: as it came; None where it is not what is proved (a read, or a signed assertion).

        Raises:
            InvalidProofError: It is missing, used before, or for another request, body, token, key or time.
        """
        if not proof:
            raise InvalidProofError
        try:
            signature = unverified_jws(proof)
            key, found = _proof_key(signature.segments["header"])
            # The proof's key is the one the token was given to; else a stolen token would be enough.
            if thumbprint is not None and found != thumbprint:
                raise TokenError
            claims = verified_claims(signature, key, members=HEADER)
            # "8. The htm claim matches the HTTP method", "9. The htu claim matches the HTTP URI"
            require_equal(claims, htm=method, htu=self.identity.url(path))
            # "12. the value of the ath claim equals the hash of that access token"
            if token_hash is not None:
                require_equal(claims, ath=token_hash)
            # Ours, beside `htm` and `htu`: a proxy that ends TLS could else put a guess among the elements.
            if body is not None:
                require_equal(claims, htb=body_hash(body))
            self._require_fresh(claims, found, int(now.timestamp()))
        except (TokenError, InvalidKeyError):
            raise InvalidProofError from None
        return found

    def _require_fresh(self, claims: Mapping[str, Any], thumbprint: str, now: int) -> None:
        # "11. The creation time of the JWT is within an acceptable window"
        issued, jti = moment_claim(claims, "iat"), text_claim(claims, "jti")
        if abs(now - issued) > WINDOW or not 0 < len(jti) <= MAX_JTI:
            raise TokenError
        if not self.replays.take(thumbprint, jti, issued=issued, now=now):
            raise TokenError


def body_hash(body: bytes) -> str:
    """Return what a proof says of a body: base64url SHA-256."""
    return b64u(sha256(body).digest())


@lru_cache(maxsize=KEYS_REMEMBERED)
def _proof_key(header: bytes) -> tuple[PublicKey, str]:
    """Read key and thumbprint from a proof's header, once for as long as the same client comes back."""
    members = unverified_jws((header + b"..").decode("ascii")).headers()
    # "4. The typ JOSE Header Parameter has the value dpop+jwt"; "7. … does not contain a private key"
    if members.get("typ") != "dpop+jwt":
        raise TokenError
    key = import_public_key(members.get("jwk"))
    return key, key.thumbprint()
