"""Bring a database to the form that this version of a service works with; each has its own migrations."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from service.database import Database
from service.errors import UnsafeSettingsError


def migrations_in(folder: Path) -> Config:
    """Return the migrations that lie in a folder."""
    config = Config()
    config.set_main_option("script_location", str(folder))
    return config


def run_migrations(database: Database, migrations: Config) -> None:
    """Run every migration that this database does not have yet, in one transaction."""
    with database.writer.begin() as connection:
        migrations.attributes["connection"] = connection
        command.upgrade(migrations, "head")


def require_newest(database: Database, migrations: Config, *, mended_by: str) -> None:
    """Refuse to run on a database of another version.

    Raises:
        UnsafeSettingsError: names the command that mends it.
    """
    with database.reader.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    if current != ScriptDirectory.from_config(migrations).get_current_head():
        raise UnsafeSettingsError(f"the database is of another version; run: {mended_by}")
