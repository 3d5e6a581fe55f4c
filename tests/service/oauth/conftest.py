"""One service with its own list of keys, kept in memory by an honest fake."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from uuid import uuid4

import pytest
from joserfc.jwk import ECKey, OKPKey

from service.database import Database
from service.oauth.authenticator import Authenticator
from service.oauth.credentials import Credential
from service.oauth.grant import TokenService
from service.oauth.identity import ServiceIdentity
from service.oauth.proof import ProofChecker
from service.oauth.tokens import TokenMint
from service.work import Role, Work
from tests.oauth_client import assertion, new_key, proof, public_jwk, token_form

HUB = ServiceIdentity("https://hub.example", "/api/v1")
SIGNALS = "/api/v1/signals"


@dataclass
class ListOfKeys:
    """Keeps credentials as each service must."""

    credentials: dict[str, Credential] = field(default_factory=dict)
    used: set[tuple[str, str]] = field(default_factory=set)
    given: list[str] = field(default_factory=list)
    failed: list[tuple[str, int]] = field(default_factory=list)
    looks: int = 0
    log_fails: bool = False

    def find_credential(self, work: Work, client_id: str) -> Credential | None:
        self.looks += 1
        return self.credentials.get(client_id)

    def take_jti(self, work: Work, client_id: str, jti: str, expires_at: datetime) -> bool:
        fresh = (client_id, jti) not in self.used
        self.used.add((client_id, jti))
        return fresh

    def record_token(self, work: Work, credential: Credential) -> None:
        if self.log_fails:
            raise OSError
        self.given.append(credential.client_id)

    def record_failure(self, work: Work, reason: str, count: int) -> None:
        if self.log_fails:
            raise OSError
        self.failed.append((reason, count))


@dataclass
class World:
    """A service, its clock and one client of it."""

    now: datetime
    keys: ListOfKeys
    mint: TokenMint
    authenticator: Authenticator
    tokens: TokenService
    key: OKPKey | ECKey = field(default_factory=new_key)
    client_id: str = "police-1"

    def register(self) -> Credential:
        """Put the client on the service's list."""
        credential = Credential(self.client_id, public_jwk(self.key), uuid4(), None, Role.PARTNER)
        self.keys.credentials[self.client_id] = credential
        return credential

    def form(self, **changes: object) -> dict[str, str]:
        """The form with an assertion of this client, as of now."""
        claims = {"now": self.now.timestamp(), **changes}
        return token_form(assertion(self.key, self.client_id, HUB.token_url, **claims))

    def proof(self, method: str, path: str, **changes: object) -> str:
        """A proof of this client, as of now."""
        return proof(self.key, method, HUB.url(path), **{"now": self.now.timestamp(), **changes})  # type: ignore[arg-type]

    def token(self) -> str:
        """A token, asked for as a client does."""
        return self.tokens.grant(self.form(), self.proof("POST", HUB.token_path), now=self.now).value


@pytest.fixture
def world(tmp_path: Path, now: datetime) -> Iterator[World]:
    """A service with one registered client."""
    database, keys = Database(f"sqlite:///{tmp_path / 'keys.db'}", pool=2), ListOfKeys()
    mint, proofs = TokenMint(HUB, b"h" * 32), ProofChecker(HUB)
    world = World(
        now=now,
        keys=keys,
        mint=mint,
        authenticator=Authenticator(database=database, store=keys, mint=mint, proofs=proofs),
        tokens=TokenService(database=database, store=keys, mint=mint, proofs=proofs),
    )
    world.register()
    yield world
    database.close()
