"""Make a database fail on purpose, as it would by itself, on each kind of server."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from service.database import Database

_ON_SQLITE = (
    "CREATE TRIGGER promise_fails BEFORE INSERT ON audit_event BEGIN SELECT RAISE(ABORT, 'full'); END"
)
_ON_POSTGRESQL = (
    "CREATE FUNCTION promise_fails() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'full'; END $$",
    "CREATE TRIGGER promise_fails BEFORE INSERT ON audit_event FOR EACH ROW EXECUTE FUNCTION promise_fails()",
)
# A foreign key that is checked at the end: every statement succeeds, and the commit fails.
_PROMISED = (
    "CREATE TABLE promised (id INTEGER PRIMARY KEY)",
    "CREATE TABLE promise (id INTEGER REFERENCES promised (id) DEFERRABLE INITIALLY DEFERRED)",
)
_LATE_ON_SQLITE = (
    "CREATE TRIGGER promise_fails AFTER INSERT ON audit_event BEGIN INSERT INTO promise VALUES (1); END"
)
_LATE_ON_POSTGRESQL = (
    "CREATE FUNCTION promise_fails() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN INSERT INTO promise VALUES (1); RETURN NULL; END $$",
    "CREATE TRIGGER promise_fails AFTER INSERT ON audit_event FOR EACH ROW EXECUTE FUNCTION promise_fails()",
)
_MEND_ON_POSTGRESQL = ("DROP TRIGGER promise_fails ON audit_event", "DROP FUNCTION promise_fails")


@contextmanager
def log_failing(database: Database) -> Iterator[None]:
    """Let every insert into the audit log fail while the block lasts."""
    sqlite = database.dialect == "sqlite"
    _run(database, [_ON_SQLITE] if sqlite else _ON_POSTGRESQL)
    try:
        yield
    finally:
        _run(database, ["DROP TRIGGER promise_fails"] if sqlite else _MEND_ON_POSTGRESQL)


@contextmanager
def commit_failing(database: Database) -> Iterator[None]:
    """Let every statement succeed, and every commit that holds an event fail, while the block lasts."""
    sqlite = database.dialect == "sqlite"
    _run(database, [*_PROMISED, *([_LATE_ON_SQLITE] if sqlite else _LATE_ON_POSTGRESQL)])
    try:
        yield
    finally:
        mend = ["DROP TRIGGER promise_fails"] if sqlite else _MEND_ON_POSTGRESQL
        _run(database, [*mend, "DROP TABLE promise", "DROP TABLE promised"])


def _run(database: Database, statements: Sequence[str]) -> None:
    with database.writer.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
