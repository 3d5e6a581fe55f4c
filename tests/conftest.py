"""Fixtures that every test may use: a moment, and a fresh hub database on each kind of server."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from service.database import Database
from tests import databases

ran_on: set[str] = set()


@pytest.fixture
def now() -> datetime:
    """A working day at noon."""
    return datetime(2026, 11, 18, 12, 0, tzinfo=UTC)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'test.db'}"
        return
    url = databases.new_postgresql_url()
    yield url
    databases.drop_postgresql(url)


@pytest.fixture
def hub_database(database_url: str) -> Iterator[Database]:
    """A hub's database with all its tables, on each kind of server."""
    import hub.models  # noqa: F401
    from hub.audit.service import record_refusal
    from hub.base import Base

    database = Database(database_url, record_refusal=record_refusal, pool=8)
    Base.metadata.create_all(database.writer)
    yield database
    database.close()
