"""A settled town on each kind of database, one for the tests of each promise: who they are about differs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests import databases
from tests.promises.processes import ForkServer, Running, free_port
from tests.promises.town import Town, settled


@pytest.fixture(scope="module")
def medium() -> Path:
    """Where the store lies; a promise about what survives takes the disk."""
    return databases.QUICK


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def promise_url(request: pytest.FixtureRequest, medium: Path) -> Iterator[str]:
    """An empty database of each kind."""
    if request.param == "postgresql":
        url = databases.new_postgresql_url(medium)
        yield url
        databases.drop_postgresql(url)
    else:
        with TemporaryDirectory(prefix="dat-promise-", dir=medium) as folder:
            url = f"sqlite:///{folder}/hub.db"
            yield url


@pytest.fixture(scope="module")
def town(promise_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A hub in this process, with everybody admitted."""
    with settled(tmp_path_factory.mktemp("hub"), promise_url) as found:
        yield found


@pytest.fixture(scope="module")
def running(
    promise_url: str, tmp_path_factory: pytest.TempPathFactory, forks: ForkServer
) -> Iterator[tuple[Town, Running]]:
    """A town whose hub is not running yet: start it and its worker as processes."""
    folder, port = tmp_path_factory.mktemp("hub"), free_port()
    choices = {
        "port": port,
        "public_url": f"http://127.0.0.1:{port}",
        "work_every_seconds": 0.25,
        "smtp_port": free_port(),
        "mail_hours": "",
    }
    with settled(folder, promise_url, **choices) as found:
        processes = Running(forks, found.hub.settings, folder / "log")
        yield found, processes
        for service in list(processes.pids):
            processes.kill(service)
