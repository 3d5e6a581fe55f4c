"""Who may call this holder: its own list of request keys, and its own tokens, never the hub's."""

from __future__ import annotations

from datetime import datetime, timedelta

from keys.holder.events import record
from keys.holder.models import USED_ASSERTION, ClientRow
from keys.holder.settings import HolderSettings
from service.database import Database
from service.keystore import KeyStore
from service.oauth.authenticator import Authenticator
from service.oauth.credentials import Credential
from service.oauth.grant import TokenService
from service.oauth.identity import ServiceIdentity
from service.oauth.proof import ProofChecker
from service.oauth.store import take_assertion
from service.oauth.tokens import TokenMint
from service.work import Role, Work

BASE = "/v1"
TOKEN_KEY = "token"  # noqa: S105 - a name in the key store


class HolderCredentials:
    """The holder's list of keys."""

    def find_credential(self, work: Work, client_id: str) -> Credential | None:
        """Return the credential in force now, or None."""
        row = work.session.get(ClientRow, client_id)
        if row is None or row.disabled_at is not None:
            return None
        role = Role.STAFF if row.staff_id else Role.PARTNER
        return Credential(row.client_id, row.public_jwk, row.organisation_id, row.staff_id, role)

    def take_jti(self, work: Work, client_id: str, jti: str, expires_at: datetime) -> bool:
        """Use up an assertion's id; False when it was used before."""
        return take_assertion(work, USED_ASSERTION, client_id, jti, expires_at)

    def record_token(self, work: Work, credential: Credential) -> None:
        """Say nothing: the log counts evaluations, and a token alone evaluates nothing."""

    def record_failure(self, work: Work, reason: str, count: int) -> None:
        """Write that callers failed to prove who they are."""
        record(work, "auth.fail", reason=reason, n=count)


def mint_of(settings: HolderSettings, keys: KeyStore) -> TokenMint:
    """Return this holder's mint of access tokens."""
    identity = ServiceIdentity(settings.public_url, BASE)
    return TokenMint(identity, keys.read(TOKEN_KEY), life=timedelta(minutes=settings.token_minutes))


def authenticator(database: Database, mint: TokenMint) -> Authenticator:
    """Return what proves who sends a request to this holder."""
    return Authenticator(
        database=database, store=HolderCredentials(), mint=mint, proofs=ProofChecker(mint.identity)
    )


def token_service(database: Database, mint: TokenMint) -> TokenService:
    """Return what stands behind this holder's token endpoint."""
    return TokenService(
        database=database, store=HolderCredentials(), mint=mint, proofs=ProofChecker(mint.identity)
    )
