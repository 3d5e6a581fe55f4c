"""Give access tokens to registered clients: assertion, proof, once, recorded."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from joserfc.jwk import OKPKey

from service.database import Database
from service.oauth.assertion import Assertion, claimed_client_id, verify_assertion
from service.oauth.credentials import Credential, CredentialStore
from service.oauth.errors import (
    AssertionReusedError,
    InvalidClientError,
    InvalidProofError,
    MalformedTokenRequestError,
    UnknownClientError,
    UnsupportedGrantTypeError,
)
from service.oauth.failures import FailureMeter
from service.oauth.jose import TokenError, import_public_key, unverified_jws
from service.oauth.proof import ProofChecker
from service.oauth.tokens import AccessToken, TokenMint
from service.work import SYSTEM

GRANT_TYPE = "client_credentials"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
# The private half is dropped at once: an unknown client costs the same check as a wrong signature.
_DECOY = import_public_key(OKPKey.generate_key("Ed25519").as_dict(private=False))


class TokenService:
    """The token endpoint without its HTTP."""

    def __init__(
        self, *, database: Database, store: CredentialStore, mint: TokenMint, proofs: ProofChecker
    ) -> None:
        self.database = database
        self.store = store
        self.mint = mint
        self.proofs = proofs
        self.failures = FailureMeter(self._record)

    def grant(self, form: Mapping[str, str], proof: str | None, *, now: datetime) -> AccessToken:
        """Give a token that only the holder of the proof's key can use; who fails is written to the log.

        Raises:
            MalformedTokenRequestError: A parameter is missing.
            InvalidClientError: The assertion does not hold, or the client is not, or no longer, registered.
            InvalidProofError: The DPoP proof does not fit.
        """
        _require_form(form)
        try:
            return self._grant(form, proof, now)
        except (InvalidClientError, InvalidProofError) as refusal:
            self.failures.count(refusal.reason, now=now)
            raise

    def _grant(self, form: Mapping[str, str], proof: str | None, now: datetime) -> AccessToken:
        credential, assertion = self._authenticate(form["client_assertion"], now)
        path = self.mint.identity.token_path
        # Its own key: a proxy that reads the assertion would else bind the token to one of the proxy.
        own = import_public_key(dict(credential.public_jwk)).thumbprint()
        thumbprint = self.proofs.require_proof(proof, method="POST", path=path, now=now, thumbprint=own)
        with self.database.work(credential.caller, now=now) as work:
            if not self.store.take_jti(work, credential.client_id, assertion.jti, assertion.expires_at):
                raise AssertionReusedError
            self.store.record_token(work, credential)
        return self.mint.mint(credential.client_id, thumbprint=thumbprint, now=now)

    def _record(self, reason: str, count: int, now: datetime) -> None:
        with self.database.work(SYSTEM, now=now) as work:
            self.store.record_failure(work, reason, count)

    def _authenticate(self, unverified_assertion: str, now: datetime) -> tuple[Credential, Assertion]:
        credential = None
        try:
            signature = unverified_jws(unverified_assertion)
            client_id = claimed_client_id(signature)
            with self.database.look(SYSTEM, now=now) as work:
                credential = self.store.find_credential(work, client_id)
            key = import_public_key(dict(credential.public_jwk)) if credential else _DECOY
            audience = self.mint.identity.token_url
            assertion = verify_assertion(signature, key, client_id=client_id, audience=audience, now=now)
        except TokenError:
            assertion = None
        if credential is None:
            raise UnknownClientError
        if assertion is None:
            raise InvalidClientError
        return credential, assertion


def _require_form(form: Mapping[str, str]) -> None:
    missing = [
        name for name in ("grant_type", "client_assertion_type", "client_assertion") if not form.get(name)
    ]
    if missing:
        raise MalformedTokenRequestError(places=tuple(missing))
    if form["grant_type"] != GRANT_TYPE:
        raise UnsupportedGrantTypeError(places=("grant_type",))
    if form["client_assertion_type"] != ASSERTION_TYPE:
        raise MalformedTokenRequestError(places=("client_assertion_type",))
