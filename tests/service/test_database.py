"""One way in for writing, one for looking: what each promises when others write and when it fails."""

from __future__ import annotations

from contextlib import ExitStack, suppress
from datetime import datetime
from typing import Any

import psycopg
import pytest
from sqlalchemy import event, make_url, text
from sqlalchemy.exc import TimeoutError as NoConnectionError

from hub.audit.events import AuditEvent
from hub.audit.service import record
from service.database import Database
from service.errors import (
    ConflictError,
    DatError,
    ExhaustedError,
    MissingError,
    RefusedError,
    UnauthenticatedError,
    UnavailableError,
    UnsafeSettingsError,
)
from service.work import SYSTEM, Work

COUNT = text("SELECT count(*) FROM audit_event")


class Happened(AuditEvent):
    code = "test.happened"


def _fail(work: Work, error: DatError) -> None:
    record(work, Happened())
    raise error


def recorded(database: Database) -> int:
    with database.look(SYSTEM) as work:
        return int(work.session.execute(COUNT).scalar_one())


def test_a_look_sees_one_moment_whatever_is_written_meanwhile(hub_database: Database) -> None:
    with hub_database.look(SYSTEM) as look:
        before = look.session.execute(COUNT).scalar_one()
        with hub_database.work(SYSTEM) as work:
            record(work, Happened())
        assert look.session.execute(COUNT).scalar_one() == before == 0
    assert recorded(hub_database) == 1


def test_a_unit_of_work_after_a_look_writes_and_sees_what_others_wrote(hub_database: Database) -> None:
    # The two share the connections of one pool: what a look asked of its connection must not stay on it.
    for number in range(3):
        assert recorded(hub_database) == number
        with hub_database.work(SYSTEM) as work:
            record(work, Happened())
            assert work.session.execute(COUNT).scalar_one() == number + 1


@pytest.mark.parametrize(
    ("error", "lines"),
    [
        (RefusedError(), 1),
        (ExhaustedError(retry_after=3600), 1),
        (MissingError(), 0),
        (ConflictError(), 0),
        (UnauthenticatedError(), 0),
    ],
    ids=lambda value: value.code if isinstance(value, DatError) else "",
)
def test_who_wants_more_than_is_theirs_leaves_a_line(
    hub_database: Database, now: datetime, error: DatError, lines: int
) -> None:
    with pytest.raises(type(error)), hub_database.work(SYSTEM, now=now) as work:
        _fail(work, error)
    assert recorded(hub_database) == lines
    with pytest.raises(type(error)), hub_database.look(SYSTEM, now=now):
        raise error
    assert recorded(hub_database) == 2 * lines


@pytest.mark.parametrize("state", ["40001", "40P01", "57P01"])
def test_a_transaction_that_lost_a_race_is_worth_another_try(hub_database: Database, state: str) -> None:
    if hub_database.dialect != "postgresql":
        pytest.skip("only PostgreSQL gives up a transaction for another one")
    raising = text(f"DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '{state}'; END $$")
    for opened in (hub_database.work, hub_database.look):
        with pytest.raises(UnavailableError) as failure, opened(SYSTEM) as work:
            work.session.execute(raising)
        assert failure.value.retry_after == 1


def test_a_connection_that_broke_while_it_lay_idle_is_replaced(
    hub_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    if hub_database.dialect == "sqlite":
        pytest.skip("nobody can break a connection to a file")
    monkeypatch.setattr("service.database.PING_AFTER", 0.0)
    with hub_database.work(SYSTEM) as work:
        backend = work.session.execute(text("SELECT pg_backend_pid()")).scalar_one()
    url = hub_database.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [backend])
    assert recorded(hub_database) == 0


def test_a_store_with_no_free_connection_is_worth_another_try(
    hub_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub_database.reader.pool, "_timeout", 0.01)
    with ExitStack() as held:
        with suppress(NoConnectionError):
            while True:
                held.enter_context(hub_database.reader.connect())
        with pytest.raises(UnavailableError), hub_database.look(SYSTEM) as work:
            work.session.execute(text("SELECT 1"))


UNSAFE = {
    "sqlite": [
        ("journal_mode", "DELETE"),
        ("synchronous", "NORMAL"),
        ("secure_delete", "OFF"),
        ("foreign_keys", "OFF"),
    ],
    "postgresql": [
        ("synchronous_commit", "off"),
        ("synchronous_commit", "local"),
        ("default_transaction_isolation", "read\\ uncommitted"),
    ],
}


def unsafe(url: str, setting: str, value: str) -> Database:
    """A store of which somebody changed a setting behind the program."""
    if url.startswith("postgresql"):
        changed = make_url(url).update_query_dict({"options": f"-c {setting}={value}"})
        return Database(changed.render_as_string(hide_password=False))
    database = Database(url)

    @event.listens_for(database.reader, "connect")
    def _change(connection: Any, _record: object) -> None:
        connection.execute(f"PRAGMA {setting}={value}").close()

    return database


def test_a_store_whose_settings_may_lose_a_signal_is_refused_by_the_name_of_the_setting(
    database_url: str,
) -> None:
    safe = Database(database_url)
    safe.require_safe()
    safe.close()
    for setting, value in UNSAFE[safe.dialect]:
        database = unsafe(database_url, setting, value)
        with pytest.raises(UnsafeSettingsError, match=f"{setting}' gives .*, needed: "):
            database.require_safe()
        database.close()
