"""Fixtures for the client: a world of its own for each test, closed afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from dat_client import Client, clock
from tests.dat_client.world import World, make_world


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """One hub and one key holder."""
    made = make_world(tmp_path)
    yield made
    made.services.close()
    assert [made.hub.failures, *(holder.failures for holder in made.services.holders)] == [[], []]


@pytest.fixture
def home(world: World) -> Path:
    """A configured home."""
    return world.make_home()


@pytest.fixture
def client(world: World, home: Path) -> Iterator[Client]:
    """A client of that home that never waits."""
    with world.open(home) as opened:
        yield opened


@pytest.fixture
def today() -> date:
    """A contact date that may be signalled."""
    return clock.dutch_date(clock.now())
