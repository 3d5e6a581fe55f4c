"""Fixtures that every test may use: a moment, and a fresh hub database on each kind of server."""

from __future__ import annotations

import gc
import os
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings
from sqlalchemy import Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from service.database import Database
from tests import databases

if TYPE_CHECKING:
    from tests.promises.processes import ForkServer

_ran_on: dict[str, str] = {}
# Where pytest makes its temporary folders.
os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(databases.QUICK))
# What takes longest begins first, so that no processor waits at the end for one file.
LONGEST = (
    "journeys/test_demo.py",
    "promises/test_07_kill.py",
    "promises/test_03_canaries.py",
    "pages",
    "desk/test_browser.py",
    "promises/test_02_timing.py",
    "promises/test_08_match_race.py",
    "consent/test_state_machine.py",
    "matches/test_orphans.py",
    "promises/test_09_no_act_without_event.py",
    "promises/test_10_failing_commit.py",
    "promises/test_01_same_answer.py",
    "dat_client/test_promises.py",
    "dat_client/test_three_holders.py",
)
# Files of one folder that share something that takes long to lay out.
TOGETHER = ("tests/pages/",)
# How often a law is tried; `make prove` takes the deep one.
settings.register_profile("quick", max_examples=15, deadline=None)
settings.register_profile("deep", max_examples=200, deadline=None)
settings.load_profile("quick")
# What is imported stays: walking it again and again takes a tenth of the time.
gc.disable()


def pytest_collection_finish() -> None:
    """Collect garbage from here on, of what the tests themselves leave."""
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)
    gc.enable()


@pytest.hookimpl(tryfirst=True)  # before tests are chosen by their marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the files that take longest first, and leave out the browser where it is not wanted."""
    places = {name: place for place, name in enumerate(LONGEST)}

    def place_of(item: pytest.Item) -> int:
        folder, file = item.path.parts[-2:]
        return places.get(f"{folder}/{file}", places.get(folder, len(places)))

    if os.environ.get("BROWSER") == "no":
        items[:] = [item for item in items if "browser" not in item.fixturenames]  # type: ignore[attr-defined]
    items.sort(key=place_of)
    for item in items:
        if item.get_closest_marker("prove_on_postgresql") and "postgresql" in item.name:
            item.add_marker("prove")


class Division(LoadScopeScheduling):
    """Gives one process the tests of a file on one kind of store: they share what is laid out for them."""

    def _split_scope(self, nodeid: str) -> str:
        file, _, test = nodeid.partition("::")
        together = next((folder for folder in TOGETHER if file.startswith(folder)), None)
        return together or f"{file} {'postgresql' in test}"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Division:
    """Divide the tests over the test processes."""
    return Division(config, log)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Let a test process tell the one that prints which databases it really ran on."""
    if (output := getattr(session.config, "workeroutput", None)) is not None:
        output["ran_on"] = dict(_ran_on)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: object, error: object) -> None:
    """Hear from a test process on which databases it ran."""
    _ran_on.update(getattr(node, "workeroutput", {}).get("ran_on", {}))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say which databases the tests really ran on."""
    found = ", ".join(f"{name} {version}" for name, version in sorted(_ran_on.items(), reverse=True))
    terminalreporter.write_line(f"databases: {found or 'none'}")


@event.listens_for(Engine, "connect")
def _remember(connection: DBAPIConnection, _record: object) -> None:
    """Take down each kind of server that a test really connected to."""
    if isinstance(connection, sqlite3.Connection):
        _ran_on["sqlite"] = sqlite3.sqlite_version
    else:
        _ran_on["postgresql"] = str(connection.info.parameter_status("server_version")).split()[0]


@pytest.fixture(scope="session", autouse=True)
def _elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let what is started with default settings lay its files outside the project."""
    with pytest.MonkeyPatch.context() as patch:
        for service in ("HUB", "KEYS"):
            patch.setenv(f"DAT_{service}_DATA", str(tmp_path_factory.mktemp(service.lower())))
        yield


@pytest.fixture
def now() -> datetime:
    """A working day at noon."""
    return datetime(2026, 11, 18, 12, 0, tzinfo=UTC)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind; with `hub_database`, one that has the hub's tables."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'test.db'}"
    elif "hub_database" in request.fixturenames:
        url = databases.postgresql_url_for("hub")
    else:
        url = databases.postgresql_url_for("anything")
        databases.require_empty(url)
    return url


@pytest.fixture
def hub_database(database_url: str) -> Iterator[Database]:
    """A hub's database with all its tables, on each kind of server."""
    import hub.models  # noqa: F401
    from hub.audit.service import record_refusal
    from hub.base import Base

    database = Database(database_url, record_refusal=record_refusal, pool=8)
    tables = [table.name for table in Base.metadata.sorted_tables]
    if database.dialect == "sqlite":
        databases.lay_sqlite(Path(str(database.url.database)), Base.metadata.create_all)
    elif not databases.empty_tables(database_url, tables):
        Base.metadata.create_all(database.writer)
    databases.keep_engines(database)
    yield database
    databases.let_go(database)


@pytest.fixture(scope="session")
def forks() -> Iterator[ForkServer]:
    """Something that starts real processes fast."""
    from tests.promises.processes import ForkServer

    with ForkServer() as server:
        yield server
