"""A town with a team, a school and the police, on each kind of database."""

from __future__ import annotations

from datetime import datetime

import pytest

from service.database import Database
from tests import builders
from tests.builders import Sender, Town


@pytest.fixture
def town(hub_database: Database, now: datetime) -> Town:
    return builders.town(hub_database, now=now)


@pytest.fixture
def school(town: Town) -> Sender:
    return builders.sender(town.database, "school", now=town.now, name="De Linde")


@pytest.fixture
def police(town: Town) -> Sender:
    return builders.sender(town.database, "police", now=town.now, name="Basisteam Oost")
