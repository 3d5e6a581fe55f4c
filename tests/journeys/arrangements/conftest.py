"""A place to divide the work in, on each kind of server; the file's first number is its row."""

from __future__ import annotations

import re
from datetime import datetime

import pytest

from service.database import Database
from tests.journeys.arrangements.place import Place


@pytest.fixture
def place(request: pytest.FixtureRequest, hub_database: Database, now: datetime) -> Place:
    """An empty place; its teams get the ids of the shipped file of this row."""
    found = re.search(r"test_row_(\d\d)", str(request.path))
    return Place(hub_database, now, row=int(found.group(1)) if found else 0)
