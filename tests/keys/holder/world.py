"""A key holder and an honest partner for tests, over HTTP."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Engine
from starlette.testclient import TestClient

from keys.holder import administration, custody
from keys.holder.administration import Admission
from keys.holder.app import create_holder_service
from keys.holder.dealing import DealtShare, import_shares
from keys.holder.migrating import migrate
from keys.holder.opening import Holder, open_holder
from keys.holder.settings import HolderSettings
from keys.protocol.encoding import b64u, unb64u
from keys.protocol.voprf import Blinding, Evaluation, blind
from service.database import Database
from service.keystore import FileKeyStore
from service.work import OPERATOR
from tests.databases import lay_sqlite
from tests.oauth_client import ApiClient, new_key, public_jwk

URL = "http://holder.example"


def new_holder(
    directory: Path, database_url: str = "", *, url: str = URL, shares: Sequence[DealtShare] | None = None
) -> Holder:
    """Set up a holder: with a whole key, or with the shares that were dealt to it.

    Its database is a new one in its directory, or the one of the URL, which has its tables.
    """
    settings = HolderSettings(data=directory, database_url=database_url, public_url=url)
    keys = FileKeyStore(settings.keys)
    if shares is None:
        custody.create_keys(keys)
    else:
        custody.create_service_keys(keys)
        import_shares(keys, shares)
    if not database_url:
        lay_sqlite(directory / "holder.db", migrated)
    return open_holder(settings)


def migrated(engine: Engine) -> None:
    """Lay a holder's tables as its migrations do."""
    database = Database(engine.url.render_as_string(hide_password=False))
    migrate(database)
    database.close()


def serve(holder: Holder) -> TestClient:
    """Answer over HTTP, in this process."""
    return TestClient(
        create_holder_service(holder), base_url=holder.settings.public_url, raise_server_exceptions=False
    )


@dataclass
class Partner:
    """A partner that is admitted at a holder, with one reporter."""

    client: ApiClient
    organisation: UUID
    reporter: UUID

    def ask(self, elements: Sequence[bytes | str], /, **changes: Any) -> Any:
        """Ask for an evaluation; `changes` replace members of the body."""
        body = {
            "scheme": "demographic",
            "epoch": 1,
            "requestId": secrets.token_hex(16),
            "reporter": str(self.reporter),
            "purpose": "signal",
            "elements": [one if isinstance(one, str) else b64u(one) for one in elements],
        } | changes
        return self.client.post("/evaluations", json=body)


@dataclass
class Admitting:
    """How a partner is admitted."""

    schemes: dict[str, int] = field(default_factory=lambda: {"demographic": 1_000})
    per_day: int = 1_000
    organisation: UUID = field(default_factory=uuid4)
    reporter: UUID = field(default_factory=uuid4)
    client_id: str = field(default_factory=lambda: f"partner-{secrets.token_hex(4)}")
    key: Any = field(default_factory=new_key)


def admit(holder: Holder, http: Any, how: Admitting | None = None) -> Partner:
    """Admit a partner at a holder."""
    how = how or Admitting()
    with holder.database.work(OPERATOR) as work:
        admission = Admission(how.client_id, how.organisation, public_jwk(how.key), how.schemes)
        administration.admit(work, admission)
        administration.add_reporter(work, how.organisation, how.reporter, per_day=how.per_day)
    client = ApiClient(http, how.client_id, how.key, public_url=holder.settings.public_url, base="/v1")
    return Partner(client, how.organisation, how.reporter)


def evaluation_of(answer: Any) -> Evaluation:
    """Read an answer."""
    assert answer.status_code == 200, answer.text
    said = answer.json()
    return Evaluation(tuple(map(unb64u, said["elements"])), tuple(map(unb64u, said["proofs"])))


def blindings(count: int = 1) -> list[Blinding]:
    """Blind so many different inputs."""
    return [blind(secrets.token_bytes(16)) for _ in range(count)]
