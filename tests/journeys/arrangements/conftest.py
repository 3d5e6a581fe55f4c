"""A place to divide the work in, on each kind of server; the file's first number is its row."""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest

from service.database import Database
from tests.journeys.arrangements.place import Place

HERE = Path(__file__).parent
ON_POSTGRESQL = 2  # tests a row; the engine asks both stores the same, and `make prove` tries all on both


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave most of what is tried on PostgreSQL to `make prove`."""
    rows = Counter[Path]()
    for item in items:
        if item.path.parent == HERE and "[postgresql" in item.name:
            rows[item.path] += 1
            if rows[item.path] > ON_POSTGRESQL:
                item.add_marker("prove")


@pytest.fixture
def place(request: pytest.FixtureRequest, hub_database: Database, now: datetime) -> Place:
    """An empty place; its teams get the ids of the shipped file of this row."""
    found = re.search(r"test_row_(\d\d)", str(request.path))
    return Place(hub_database, now, row=int(found.group(1)) if found else 0)
