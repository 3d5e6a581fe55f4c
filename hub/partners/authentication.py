"""The hub's own token endpoint and authenticator, on the chassis that the key holder also stands on."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from typing import Protocol

from hub.audit.service import record
from hub.partners import store
from hub.partners.events import TokenGiven, TokenRefused
from hub.partners.models import USED_ASSERTION
from hub.settings import HubSettings
from service.database import Database
from service.keystore import KeyStore
from service.oauth.authenticator import Authenticator
from service.oauth.credentials import Credential
from service.oauth.grant import TokenService
from service.oauth.identity import ServiceIdentity
from service.oauth.proof import ProofChecker
from service.oauth.store import take_assertion
from service.oauth.tokens import TokenMint
from service.work import Work

TOKEN_KEY = "token"  # noqa: S105 - a name in the key store
BASE = "/api/v1"


class OpenedHub(Protocol):
    """What authentication needs of a hub."""

    @property
    def settings(self) -> HubSettings:
        """The settings."""
        ...

    @property
    def database(self) -> Database:
        """The store."""
        ...

    @property
    def keys(self) -> KeyStore:
        """The secret keys."""
        ...


class HubCredentials:
    """The hub's list of keys; the key holder has another, and neither believes the other's tokens."""

    def find_credential(self, work: Work, client_id: str) -> Credential | None:
        """Return the credential in force at `work.now`, or None."""
        return store.find_credential(work, client_id)

    def take_jti(self, work: Work, client_id: str, jti: str, expires_at: datetime) -> bool:
        """Use up an assertion's id; False when it was used before."""
        return take_assertion(work, USED_ASSERTION, client_id, jti, expires_at)

    def record_token(self, work: Work, credential: Credential) -> None:
        """Write that a token is given; the caller of the unit of work says to whom."""
        record(work, TokenGiven(organisation_id=credential.organisation_id))

    def record_failure(self, work: Work, reason: str, count: int) -> None:
        """Write that callers failed to prove who they are."""
        record(work, TokenRefused.of(reason, count=count))


def create_token_key(keys: KeyStore) -> None:
    """Make the key under which this hub signs access tokens; raises FileExistsError when there is one."""
    keys.create(TOKEN_KEY, os.urandom(32))


def authenticator_of(hub: OpenedHub) -> Authenticator:
    """Return what proves who sends a request to this hub."""
    mint = _mint_of(hub)
    return Authenticator(
        database=hub.database, store=HubCredentials(), mint=mint, proofs=ProofChecker(mint.identity)
    )


def token_service_of(hub: OpenedHub) -> TokenService:
    """Return what stands behind this hub's token endpoint."""
    mint = _mint_of(hub)
    return TokenService(
        database=hub.database, store=HubCredentials(), mint=mint, proofs=ProofChecker(mint.identity)
    )


def _mint_of(hub: OpenedHub) -> TokenMint:
    identity = ServiceIdentity(hub.settings.public_url, BASE)
    life = timedelta(minutes=hub.settings.token_minutes)
    return TokenMint(identity, hub.keys.read(TOKEN_KEY), life=life)
