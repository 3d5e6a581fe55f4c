"""The holder's tables: equal to its migrations, and a log that nobody rewrites."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import delete, inspect, update
from sqlalchemy.exc import DBAPIError

from keys.holder.migrating import migrate, require_migrated
from keys.holder.models import LOG, Base
from service.database import Database
from service.errors import UnsafeSettingsError
from service.eventlog.appending import append
from service.work import SYSTEM


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An empty database, migrated."""
    database = Database(database_url)
    migrate(database)
    yield database
    database.close()


def test_the_models_equal_the_migrations(database: Database) -> None:
    with database.reader.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_to_migrate_again_changes_nothing(database: Database) -> None:
    with database.work(SYSTEM) as work:
        append(work, LOG, [(bytes(16), b"{}")])
    migrate(database)
    require_migrated(database)
    with database.look(SYSTEM) as work:
        assert work.session.execute(LOG.event.select()).one() == (bytes(16), b"{}")


def test_a_migrated_log_is_insert_only(database: Database) -> None:
    with database.work(SYSTEM) as work:
        append(work, LOG, [(bytes(16), b"{}")])
    for statement in (update(LOG.event).values(leaf=b"x"), delete(LOG.event)):
        with pytest.raises(DBAPIError, match="insert only"), database.writer.begin() as connection:
            connection.execute(statement)


def test_a_holder_refuses_a_database_of_another_version(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'empty.db'}")
    Base.metadata.create_all(database.writer)
    with pytest.raises(UnsafeSettingsError, match="dat-keys migrate"):
        require_migrated(database)
    assert not inspect(database.reader).has_table("alembic_version")
    database.close()
