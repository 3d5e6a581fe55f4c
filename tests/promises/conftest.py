"""A settled town on each kind of database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.promises.town import Town, settled


@pytest.fixture
def town(database_url: str, tmp_path: Path) -> Iterator[Town]:
    """A hub in this process, with everybody admitted."""
    with settled(tmp_path, database_url) as found:
        yield found
