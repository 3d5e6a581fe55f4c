"""A hub for authentication: a database, keys and settings, on each kind of server."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from hub.partners.authentication import authenticator_of, create_token_key, token_service_of
from hub.settings import HubSettings
from service.database import Database
from service.http import AnyCaller
from service.keystore import FileKeyStore
from service.oauth.router import token_router
from service.problems import install_problem_handlers


@dataclass(frozen=True)
class SmallHub:
    """As much of a hub as authentication needs."""

    settings: HubSettings
    database: Database
    keys: FileKeyStore


@pytest.fixture
def small_hub(hub_database: Database, tmp_path: Path) -> SmallHub:
    """A hub with a token key."""
    keys = FileKeyStore(tmp_path / "keys")
    create_token_key(keys)
    return SmallHub(HubSettings(public_url="https://hub.example"), hub_database, keys)


@pytest.fixture
def http(small_hub: SmallHub) -> Iterator[TestClient]:
    """The token endpoint, and one resource that says who calls."""
    api = FastAPI(redirect_slashes=False)
    api.state.authenticator = authenticator_of(small_hub)
    api.state.tokens = token_service_of(small_hub)
    api.include_router(token_router())

    @api.get("/whoami")
    def whoami(caller: AnyCaller) -> dict[str, str | None]:
        return {
            "role": caller.role.value,
            "organisation": str(caller.organisation_id),
            "staff": str(caller.staff_id) if caller.staff_id else None,
            "credential": caller.credential_id,
        }

    install_problem_handlers(api)
    outer = FastAPI(redirect_slashes=False)
    outer.mount("/api/v1", api)
    with TestClient(outer, base_url="https://hub.example", raise_server_exceptions=False) as client:
        yield client
