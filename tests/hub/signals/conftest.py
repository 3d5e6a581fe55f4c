"""A hub that takes signals: its keys, its signer, and a school that posts, on each kind of server."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from fastapi import FastAPI
from nacl.signing import SigningKey
from starlette.testclient import TestClient

from hub.context import Hub
from hub.settings import HubSettings
from hub.signals.committer import GroupCommitter
from hub.signals.router import router
from hub.subjects.keys import Keyring, SubjectKeys
from service.database import Database
from service.errors import UnauthenticatedError
from service.keystore import FileKeyStore
from service.problems import install_problem_handlers
from service.work import Caller
from tests import builders

KEYS = builders.subject_keys()
SIGNER = SigningKey(bytes(32))


class KnownCallers:
    """An authenticator that believes a name, so that these tests are about signals only."""

    def __init__(self) -> None:
        self.callers: dict[str, Caller] = {}

    def authenticate(
        self,
        method: str,
        path: str,
        authorization: str | None,
        dpop: str | None,
        *,
        body: bytes | None = None,
    ) -> Caller:
        """Return the caller of this name."""
        if authorization not in self.callers:
            raise UnauthenticatedError
        return self.callers[authorization]

    def knows(self, authorization: str | None) -> bool:
        """Say that no store is asked."""
        return True


@pytest.fixture
def school(hub_database: Database, now: datetime) -> builders.Sender:
    """A school with a reporter."""
    return builders.sender(hub_database, now=now)


class FixedKeys(Keyring):
    """Keys that are never read again."""

    def __init__(self) -> None:
        """Read no store."""

    def current(self) -> SubjectKeys:
        """Return the keys of these tests."""
        return KEYS


@pytest.fixture
def hub(hub_database: Database, tmp_path: Path) -> Hub:
    """A hub in which only signals can be posted."""
    committer = GroupCommitter(hub_database, receipt_signer=SIGNER)
    return Hub(HubSettings(), hub_database, FileKeyStore(tmp_path / "keys"), FixedKeys(), SIGNER, committer)


@pytest.fixture
def http(hub: Hub) -> Iterator[TestClient]:
    """The signals' part of the API."""
    api = FastAPI(redirect_slashes=False)
    api.state.hub = hub
    api.state.authenticator = KnownCallers()
    api.include_router(router)
    install_problem_handlers(api)
    with TestClient(api, raise_server_exceptions=False) as client:
        yield client
