"""Open the database safely, and open every transaction of the program in one place."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Any

import psycopg
from sqlalchemy import (
    DateTime,
    Engine,
    TypeDecorator,
    create_engine,
    event,
    text,
)
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.exc import TimeoutError as NoConnectionError
from sqlalchemy.orm import Session

from service import clock
from service.datakeys.local import volatile_pool
from service.datakeys.pool import DataKeyPool
from service.errors import DatError, UnavailableError, UnsafeSettingsError
from service.work import Caller, Work

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
BUSY_MS = 30_000
POOL = 16
# A serialization failure or a deadlock is one more reason to come back; a 409 would tell the client to stop.
RETRY_AFTER = 1  # second
PING_AFTER = 1.0  # seconds unused

RecordRefusal = Callable[[Work, DatError], None]
BeforeCommit = Callable[[Work], None]

AWAY = (DBAPIError, NoConnectionError, psycopg.Error)  # not to be reached, or nothing free to reach it by


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment in UTC, also on SQLite, which forgets time zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Refuse a naive moment: it would be silently read in the wrong zone."""
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment must be aware")
        return value.astimezone(UTC) if value is not None else None

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Give the moment its zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Database:
    """A store with one way in for writing and one for looking.

    SQLite has one writer connection (ten writers are slower than one) and reads beside it under WAL;
    PostgreSQL has one pool for both.
    """

    def __init__(
        self,
        url: str,
        *,
        record_refusal: RecordRefusal | None = None,
        data_keys: DataKeyPool | None = None,
        pool: int = POOL,
    ) -> None:
        self.url = make_url(url)
        self.data_keys = data_keys or volatile_pool()
        self.dialect = self.url.get_backend_name()
        self.record_refusal = record_refusal
        self.before_commit: BeforeCommit | None = None
        if self.dialect == "sqlite":
            self.writer = _sqlite_engine(url, pool=1, begin="BEGIN IMMEDIATE")
            self.reader = _sqlite_engine(url, pool=pool, begin="BEGIN")
        else:
            self.writer = _postgresql_engine(url, pool=pool)
            # One snapshot for the whole look, as SQLite has: what belongs together is seen together.
            self.reader = self.writer.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )

    @contextmanager
    def work(self, caller: Caller, *, now: datetime | None = None) -> Iterator[Work]:
        """Open the unit of work: commit when the block returns, roll back when it raises.

        A refusal is written to the log in a transaction of its own after the roll-back: no line, no answer.

        Raises:
            UnavailableError: The store could not commit; nothing was done.
        """
        moment = now or clock.now()
        try:
            with self._transaction(caller, moment) as work:
                yield work
        except DatError as refusal:
            self._record(refusal, caller, moment)
            raise
        except AWAY:
            # Parameters of the statement must not travel up with the exception.
            raise UnavailableError(retry_after=RETRY_AFTER) from None

    @contextmanager
    def look(self, caller: Caller, *, now: datetime | None = None) -> Iterator[Work]:
        """Open a unit of work that only reads, all of it as of one moment, and is always rolled back."""
        try:
            with self._session(self.reader) as session:
                yield Work(session, caller, now or clock.now(), self.data_keys)
                session.rollback()
        except DatError as refusal:
            self._record(refusal, caller, now or clock.now())
            raise
        except AWAY:
            raise UnavailableError(retry_after=RETRY_AFTER) from None

    def require_safe(self) -> None:
        """Refuse to run on settings that may lose an acknowledged signal.

        Raises:
            UnsafeSettingsError: names the setting and the value that is needed.
        """
        with self.reader.connect() as connection:
            checks = SQLITE_SAFE if self.dialect == "sqlite" else POSTGRESQL_SAFE
            for question, safe in checks.items():
                if (value := str(connection.execute(text(question)).scalar())) not in safe:
                    raise UnsafeSettingsError(
                        f"database: '{question}' gives '{value}', needed: {' or '.join(safe)}"
                    )

    def empty_log(self) -> None:
        """Leave nothing of what was deleted in the write-ahead log of SQLite; PostgreSQL clears up later."""
        if self.dialect != "sqlite":
            return
        connection = self.writer.raw_connection()
        try:
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
        finally:
            connection.close()

    def close(self) -> None:
        """Give back every connection."""
        self.writer.dispose()
        self.reader.dispose()

    def _session(self, engine: Engine) -> Session:
        return Session(engine, expire_on_commit=False, autoflush=False)

    @contextmanager
    def _transaction(self, caller: Caller, moment: datetime) -> Iterator[Work]:
        # Before it: SQLite has one writer, and everybody would wait with it for who keeps the keys.
        self.data_keys.stock()
        with self._session(self.writer) as session, session.begin():
            work = Work(session, caller, moment, self.data_keys)
            yield work
            session.flush()
            if self.before_commit is not None:
                self.before_commit(work)

    def _record(self, refusal: DatError, caller: Caller, moment: datetime) -> None:
        if self.record_refusal is None or not refusal.recorded:
            return
        try:
            with self._transaction(caller, moment) as work:
                self.record_refusal(work, refusal)
        except AWAY:
            raise UnavailableError(retry_after=RETRY_AFTER) from None


SQLITE_SAFE = {
    "PRAGMA journal_mode": ("wal",),
    "PRAGMA synchronous": ("2", "3"),
    "PRAGMA secure_delete": ("1",),
    "PRAGMA foreign_keys": ("1",),
}
POSTGRESQL_SAFE = {
    "SHOW fsync": ("on",),
    "SHOW full_page_writes": ("on",),
    "SHOW synchronous_commit": ("on", "remote_apply", "remote_write"),
    "SHOW default_transaction_isolation": ("read committed", "repeatable read", "serializable"),
}


def _answers(engine: Engine, connection: Any) -> bool:
    try:
        return engine.dialect.do_ping(connection)
    except engine.dialect.loaded_dbapi.Error:
        return False


def _sqlite_engine(url: str, *, pool: int, begin: str) -> Engine:
    if (name := make_url(url).database) and name != ":memory:":
        Path(name).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    engine = create_engine(
        url,
        pool_size=pool,
        max_overflow=0,
        pool_timeout=30,
        hide_parameters=True,
        connect_args={"check_same_thread": False, "timeout": BUSY_MS / 1000},
    )

    @event.listens_for(engine, "connect")
    def _settings(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None
        for pragma in (
            f"busy_timeout={BUSY_MS}",
            "journal_mode=WAL",
            "synchronous=FULL",
            "secure_delete=ON",
            "foreign_keys=ON",
            "cache_size=-32000",
        ):
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        # A deferred transaction that turns into a writer fails at once and ignores busy_timeout.
        connection.exec_driver_sql(begin)

    return engine


def _postgresql_engine(url: str, *, pool: int) -> Engine:
    engine = create_engine(
        url,
        pool_size=pool,
        max_overflow=4,
        # The one used last: by turns, each would learn every statement and grow to the largest batch.
        pool_use_lifo=True,
        pool_timeout=30,
        pool_recycle=1800,
        hide_parameters=True,
    )

    @event.listens_for(engine, "checkin")
    def _used(_connection: object, record: Any) -> None:
        record.info["used_at"] = monotonic()

    @event.listens_for(engine, "checkout")
    def _require_alive(connection: Any, record: Any, _proxy: object) -> None:
        # Not after every group: what broke within a second is found by its next statement, and repeated.
        used_at = record.info.get("used_at")
        if used_at and monotonic() - used_at > PING_AFTER and not _answers(engine, connection):
            raise DisconnectionError

    @event.listens_for(engine, "handle_error")
    def _former_primary(context: Any) -> None:
        # A former primary passes the ping as a standby and then refuses every write: drop it.
        if getattr(context.original_exception, "sqlstate", None) == "25006":
            context.is_disconnect = True

    return engine
