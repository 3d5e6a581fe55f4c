"""Open a holder: its store and its keys; refuse unsafe settings and a database of another version."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from keys.holder.custody import LEDGER, cosigner, load_shares, receipt_signer, signer
from keys.holder.datakeys.service import DataKeyHolder
from keys.holder.datakeys.wrapping import Wrapping
from keys.holder.events import record_refusal
from keys.holder.migrating import require_migrated
from keys.holder.models import LOG
from keys.holder.quota import Claim
from keys.holder.service import KeyShares, account
from keys.holder.settings import HolderSettings
from ledger.cosignature import Cosigner
from ledger.note import Signer
from service.database import Database
from service.eventlog.inline import Inline
from service.grouping import GroupCommitter
from service.keystore import FileKeyStore
from service.work import OPERATOR, Work

if TYPE_CHECKING:
    from fastapi import Request


def open_database(settings: HolderSettings | None = None) -> Database:
    """Open the holder's store; on SQLite every event gets its place in the transaction of its act."""
    settings = settings or HolderSettings()
    database, keys = Database(settings.database, record_refusal=record_refusal), FileKeyStore(settings.keys)
    if database.dialect == "sqlite" and keys.names(LEDGER):
        database.before_commit = Inline(LOG, signer(keys, settings.name))
    return database


LINGER = 0.012  # seconds: a transaction costs more processor time than the evaluations of a small group


@dataclass(frozen=True, slots=True)
class Holder:
    """One key holder, opened."""

    settings: HolderSettings
    database: Database
    shares: KeyShares
    signer: Signer
    committer: GroupCommitter[Claim, None]
    cosigner: Cosigner
    data_keys: DataKeyHolder


def open_holder(settings: HolderSettings) -> Holder:
    """Open store and keys, or refuse to start.

    Raises:
        UnsafeSettingsError: names what is unsafe and the command that mends it.
    """
    keys = FileKeyStore(settings.keys)
    own_signer, shares = signer(keys, settings.name), load_shares(keys)
    database = open_database(settings)
    database.require_safe()
    require_migrated(database)
    committer = GroupCommitter(database, account, linger=LINGER)
    data_keys = DataKeyHolder(settings.name, Wrapping(keys), receipt_signer(keys))
    witness = cosigner(keys, settings.name)
    return Holder(settings, database, shares, own_signer, committer, witness, data_keys)


def holder_of(request: Request) -> Holder:
    """Return the holder that answers this request."""
    return cast("Holder", request.app.state.holder)


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
        require_migrated(database)
        yield database
    finally:
        database.close()
