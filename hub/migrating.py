"""Bring the database to the form that this version of the hub works with."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from service.database import Database
from service.errors import UnsafeSettingsError

MIGRATIONS = Path(__file__).parent / "migrations"


def migrate(database: Database) -> None:
    """Run every migration that this database does not have yet, in one transaction."""
    config = _config()
    with database.writer.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def require_migrated(database: Database) -> None:
    """Refuse to run on a database of another version.

    Raises:
        UnsafeSettingsError: names the command that mends it.
    """
    with database.reader.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    if current != ScriptDirectory.from_config(_config()).get_current_head():
        raise UnsafeSettingsError("the database is of another version; run: dat-hub migrate")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config
