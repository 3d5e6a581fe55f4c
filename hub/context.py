"""What a running hub holds in its hands; opened once per process by `hub/opening.py`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from starlette.concurrency import run_in_threadpool

from hub.audit.covering import Cover, Otherwise
from hub.audit.service import record_refusal
from hub.audit.witness import watch_of
from hub.custody import open_data_keys
from hub.settings import HubSettings
from service.database import Database
from service.keystore import KeyStore
from service.work import OPERATOR, Caller, Work

if TYPE_CHECKING:
    from fastapi import Request
    from nacl.signing import SigningKey

    from hub.signals.committer import GroupCommitter
    from hub.subjects.keys import Keyring, SubjectKeys


@dataclass(frozen=True, slots=True)
class Hub:
    """One hub, opened."""

    settings: HubSettings
    database: Database
    keys: KeyStore
    keyring: Keyring
    receipt_signer: SigningKey
    committer: GroupCommitter
    cover: Cover = field(default_factory=Cover)

    def disclosing(
        self, caller: Caller, *, otherwise: Otherwise | None = None
    ) -> AbstractContextManager[Work]:
        """Open the unit of work of an act that shows somebody something: shown only once witnessed."""
        return self.cover.disclosing(self.database, caller, otherwise=otherwise)

    async def require_room(self) -> None:
        """Refuse what is posted while too much waits for its witness; raises AuditFullError.

        Once a second somebody asks the store, in a thread: on the event loop everybody would wait for it.
        """
        if not self.cover.knows_room():
            await run_in_threadpool(self.cover.require_room, self.database)
        else:
            self.cover.require_room(self.database)

    @property
    def subject_keys(self) -> SubjectKeys:
        """Return the keys that open envelopes and make indexes, as they are now."""
        return self.keyring.current()


def open_database(settings: HubSettings | None = None) -> Database:
    """Open the hub's store, with every refusal recorded in the audit log."""
    settings = settings or HubSettings()
    return Database(settings.database, record_refusal=record_refusal, data_keys=open_data_keys(settings))


def open_cover(settings: HubSettings) -> Cover:
    """Return the gate of every disclosure, as this hub is witnessed."""
    watch = watch_of(settings.witness_url, settings.witness_keys, ca_file=settings.data_keys_ca_file)
    return Cover(watch.name if watch else None, limit=settings.uncovered_limit)


@contextmanager
def operating() -> Iterator[Work]:
    """Open the unit of work of a command of the operator, on the store that the settings name."""
    database = open_database()
    try:
        with database.work(OPERATOR) as work:
            yield work
    finally:
        database.close()


@contextmanager
def disclosing() -> Iterator[Work]:
    """Open the unit of work of a command that shows what others did: shown only once witnessed."""
    settings = HubSettings()
    database = open_database(settings)
    try:
        with open_cover(settings).disclosing(database, OPERATOR) as work:
            yield work
    finally:
        database.close()


def hub_of(request: Request) -> Hub:
    """Return the hub that answers this request."""
    return cast("Hub", request.app.state.hub)
