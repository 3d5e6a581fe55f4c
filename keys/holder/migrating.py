"""Bring the database to the form that this version of the key holder works with."""

from __future__ import annotations

from pathlib import Path

from alembic.config import Config

from service.database import Database
from service.migrating import migrations_in, require_newest, run_migrations


def migrate(database: Database) -> None:
    """Run every migration that this database does not have yet."""
    run_migrations(database, _config())


def require_migrated(database: Database) -> None:
    """Refuse to run on a database of another version; the error names the command that mends it."""
    require_newest(database, _config(), mended_by="dat-keys migrate")


def _config() -> Config:
    return migrations_in(Path(__file__).parent / "migrations")
