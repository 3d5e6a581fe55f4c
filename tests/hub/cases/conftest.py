"""A town, on each kind of database."""

from __future__ import annotations

from datetime import datetime

import pytest

from service.database import Database
from tests import builders
from tests.builders import Town


@pytest.fixture
def town(hub_database: Database, now: datetime) -> Town:
    return builders.town(hub_database, now=now)
