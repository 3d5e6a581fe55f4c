"""A key holder on each kind of database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from starlette.testclient import TestClient

from keys.holder.models import Base
from keys.holder.opening import Holder
from tests import databases
from tests.keys.holder import world


@pytest.fixture(params=["sqlite", "postgresql"])
def holder_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A key holder's database with all its tables, on each kind of server."""
    if request.param == "sqlite":
        url = databases.lay_sqlite(tmp_path / "test.db", world.migrated)
    else:
        url = databases.postgresql_url_for("holder")
        databases.empty_tables(url, [table.name for table in Base.metadata.sorted_tables])
        if not databases.has_tables(url):
            world.migrated(create_engine(url))
    return url


@pytest.fixture
def holder(tmp_path: Path, holder_url: str) -> Iterator[Holder]:
    """A holder of whole keys."""
    holder = world.new_holder(tmp_path / "holder", holder_url)
    yield holder
    holder.database.close()


@pytest.fixture
def http(holder: Holder) -> Iterator[TestClient]:
    """The holder, answering."""
    with world.serve(holder) as client:
        yield client


@pytest.fixture
def partner(holder: Holder, http: TestClient) -> world.Partner:
    """A partner that may use the demographic key."""
    return world.admit(holder, http)
