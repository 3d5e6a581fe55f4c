"""Open a holder: its store and its keys; refuse unsafe settings and tables of another version."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import inspect

from keys.holder.custody import load_shares, signer
from keys.holder.models import Base
from keys.holder.quota import Claim
from keys.holder.service import KeyShares, account
from keys.holder.settings import HolderSettings
from ledger.note import Signer
from service.database import Database
from service.errors import UnsafeSettingsError
from service.grouping import GroupCommitter
from service.keystore import FileKeyStore
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


LINGER = 0.012  # seconds: a transaction costs more processor time than the evaluations of a small group


@dataclass(frozen=True, slots=True)
class Holder:
    """One key holder, opened."""

    settings: HolderSettings
    database: Database
    shares: KeyShares
    signer: Signer
    committer: GroupCommitter[Claim, None]


def open_holder(settings: HolderSettings) -> Holder:
    """Open store and keys, or refuse to start.

    Raises:
        UnsafeSettingsError: names what is unsafe and the command that mends it.
    """
    keys = FileKeyStore(settings.keys)
    own_signer, shares = signer(keys, settings.name), load_shares(keys)
    database = open_database(settings)
    database.require_safe()
    require_tables(database)
    return Holder(settings, database, shares, own_signer, GroupCommitter(database, account, linger=LINGER))


@contextmanager
def operating() -> Iterator[Work]:
    """Open a unit of work for an act of the administrator."""
    with _opened() as database, database.work(OPERATOR) as work:
        yield work


@contextmanager
def inspecting() -> Iterator[Work]:
    """Open a unit of work in which the administrator reads, all as of one moment, and holds up nobody."""
    with _opened() as database, database.look(OPERATOR) as work:
        yield work


@contextmanager
def _opened() -> Iterator[Database]:
    database = open_database()
    try:
        require_tables(database)
        yield database
    finally:
        database.close()
