"""Prove who sends a request: an access token of ours, and a proof made for this request."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from threading import Lock

from service import clock
from service.database import Database
from service.oauth.credentials import CredentialStore
from service.oauth.errors import InvalidTokenError
from service.oauth.jose import MAX_TOKEN
from service.oauth.proof import ProofChecker
from service.oauth.tokens import TokenMint
from service.work import SYSTEM, Caller

RECHECK = 30  # seconds: within which a disabled credential stops working, in every process
MAX_KNOWN = 10_000


@dataclass(frozen=True, slots=True)
class _Known:
    caller: Caller
    thumbprint: str
    token_hash: str
    good_until: float


class Authenticator:
    """Authenticate requests; the token itself is checked once per half minute, the proof every time."""

    def __init__(
        self, *, database: Database, store: CredentialStore, mint: TokenMint, proofs: ProofChecker
    ) -> None:
        self.database = database
        self.store = store
        self.mint = mint
        self.proofs = proofs
        self._known: dict[bytes, _Known] = {}
        self._lock = Lock()

    def authenticate(
        self,
        method: str,
        path: str,
        authorization: str | None,
        dpop: str | None,
        *,
        body: bytes | None = None,
        now: datetime | None = None,
    ) -> Caller:
        """Return who sends this request.

        Args:
            path: without host and query, as the caller sees it.
            authorization: the header, `DPoP <token>`.
            dpop: the header, one proof.
            body: as it came; None for what has none.

        Raises:
            InvalidTokenError: No token, or not one that holds now.
            InvalidProofError: The proof does not fit this request, its body and token.
        """
        moment = now or clock.now()
        known = self._known_token(_token_of(authorization), moment)
        self.proofs.require_proof(
            dpop,
            method=method,
            path=path,
            now=moment,
            token_hash=known.token_hash,
            thumbprint=known.thumbprint,
            body=body,
        )
        return known.caller

    def require_token(self, authorization: str | None, *, now: datetime | None = None) -> None:
        """Refuse what is no token that holds now; raises InvalidTokenError."""
        self._known_token(_token_of(authorization), now or clock.now())

    def knows(self, authorization: str | None, *, now: datetime | None = None) -> bool:
        """Tell whether neither of these needs a look in the store; proves nothing."""
        digest = sha256((authorization or "").partition(" ")[2].encode()).digest()
        known = self._known.get(digest)
        return known is not None and (now or clock.now()).timestamp() < known.good_until

    def _known_token(self, token: str, now: datetime) -> _Known:
        digest, moment = sha256(token.encode()).digest(), now.timestamp()
        known = self._known.get(digest)
        if known is None or moment >= known.good_until:
            known = self._check(token, digest, now)
            self._remember(digest, known, moment)
        return known

    def _check(self, token: str, digest: bytes, now: datetime) -> _Known:
        facts = self.mint.require_token(token, now=now)
        with self.database.look(SYSTEM, now=now) as work:
            credential = self.store.find_credential(work, facts.client_id)
        if credential is None:
            raise InvalidTokenError
        return _Known(
            caller=credential.caller,
            thumbprint=facts.thumbprint,
            token_hash=urlsafe_b64encode(digest).rstrip(b"=").decode(),
            good_until=min(facts.expires, now.timestamp() + RECHECK),
        )

    def _remember(self, digest: bytes, known: _Known, moment: float) -> None:
        with self._lock:
            if len(self._known) >= MAX_KNOWN:
                self._known = {key: one for key, one in self._known.items() if moment < one.good_until}
            if len(self._known) < MAX_KNOWN:
                self._known[digest] = known


def _token_of(authorization: str | None) -> str:
    scheme, _, token = (authorization or "").partition(" ")
    # RFC 9110: the scheme is case-insensitive. A bearer token is never taken: it would not be bound to a key.
    if scheme.lower() != "dpop" or not token or len(token) > MAX_TOKEN:
        raise InvalidTokenError
    return token
