"""A key holder on each kind of database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from keys.holder.opening import Holder
from tests.keys.holder import world


@pytest.fixture
def holder(tmp_path: Path, database_url: str) -> Iterator[Holder]:
    """A holder of whole keys."""
    holder = world.new_holder(tmp_path / "holder", database_url)
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
