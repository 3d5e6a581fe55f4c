"""Open the holder's store; make its tables, and refuse tables of another version."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import inspect

from keys.holder.models import Base
from keys.holder.settings import HolderSettings
from service.database import Database
from service.errors import UnsafeSettingsError
from service.work import OPERATOR, Work


def open_database(settings: HolderSettings | None = None) -> Database:
    """Open the holder's store."""
    return Database((settings or HolderSettings()).database)


def create_tables(database: Database) -> None:
    """Make the holder's tables where they are not there yet."""
    Base.metadata.create_all(database.writer)


def require_tables(database: Database) -> None:
    """Refuse to run on tables that are not there, or of another version.

    Raises:
        UnsafeSettingsError: names the table.
    """
    with database.reader.connect() as connection:
        found = inspect(connection)
        for table in Base.metadata.sorted_tables:
            columns = found.get_columns(table.name) if found.has_table(table.name) else []
            if {column["name"] for column in columns} != set(table.columns.keys()):
                raise UnsafeSettingsError(
                    f"database: table {table.name} is not of this version; run: dat-keys init"
                )


@contextmanager
def operating() -> Iterator[Work]:
    """Open a unit of work for an act of the administrator."""
    database = open_database()
    try:
        require_tables(database)
        with database.work(OPERATOR) as work:
            yield work
    finally:
        database.close()
