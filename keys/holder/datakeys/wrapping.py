"""Wrap what the database keeps under keys that it does not, and let each of those die within a week.

A deleted row lives on in a server's write-ahead log and in backups. So a new wrapping key is drawn twice a
week, every secret that still counts is wrapped anew, and the old wrapping key is destroyed half a week later:
what is found of a destroyed data key after seven days is wrapped under a key that is nowhere.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import exists, select

from keys.holder.datakeys.models import DataKeyNodeRow
from service import clock
from service.database import Database
from service.errors import UnavailableError
from service.keystore import KeyStore
from service.work import SYSTEM

PREFIX = "wrapping."
LIFE = timedelta(days=3, hours=12)  # until a successor; as long again until it is destroyed
CHUNK = 1_000  # rows a transaction
_TIME = "%Y%m%dt%H%M%Sz"
_NONCE = 12


class UnreadableSecretError(UnavailableError):
    """A stored secret does not open: it was changed, or the key files are of another time."""

    code = "unreadable_secret"
    title = "A stored secret does not open with the wrapping keys that are here."


class Wrapping:
    """The holder's wrapping keys; their names say when they were drawn."""

    def __init__(self, keys: KeyStore, *, now: datetime | None = None) -> None:
        self._keys = keys
        if not self._names():
            self._draw(now or clock.now())

    @property
    def newest(self) -> str:
        """Return the name of the key that wraps from now on."""
        return self._names()[-1]

    def wrap(self, batch_id: bytes, node: int, secret: bytes) -> DataKeyNodeRow:
        """Write the row of a secret."""
        name, nonce = self.newest, os.urandom(_NONCE)
        sealed = AESGCM(self._keys.read(PREFIX + name)).encrypt(nonce, secret, _place(batch_id, node))
        return DataKeyNodeRow(batch_id=batch_id, node=node, wrapping=name, wrapped=nonce + sealed)

    def unwrap(self, row: DataKeyNodeRow) -> bytes:
        """Read the secret of a row; raises UnreadableSecretError."""
        try:
            cipher = AESGCM(self._keys.read(PREFIX + row.wrapping))
            return cipher.decrypt(row.wrapped[:_NONCE], row.wrapped[_NONCE:], _place(row.batch_id, row.node))
        except (InvalidTag, KeyError, ValueError):
            raise UnreadableSecretError from None

    def renew(self, database: Database, *, now: datetime | None = None) -> None:
        """Draw a key when it is time, wrap anew what is under older ones, and destroy those that are due."""
        now = now or clock.now()
        if now - _drawn_at(self.newest) >= LIFE:
            self._draw(now)
        while self._wrap_anew(database):
            pass
        names = self._names()
        for name, successor in pairwise(names):
            if now - _drawn_at(successor) >= LIFE and not _is_used(database, name):
                self._keys.destroy(PREFIX + name)

    def _wrap_anew(self, database: Database) -> int:
        newest = self.newest
        query = select(DataKeyNodeRow).where(DataKeyNodeRow.wrapping != newest).limit(CHUNK)
        with database.work(SYSTEM) as work:
            rows = list(work.session.scalars(query.with_for_update(skip_locked=True)))
            for row in rows:
                self._replace(row)
            return len(rows)

    def _replace(self, row: DataKeyNodeRow) -> None:
        new = self.wrap(row.batch_id, row.node, self.unwrap(row))
        row.wrapping, row.wrapped = new.wrapping, new.wrapped

    def _draw(self, now: datetime) -> None:
        self._keys.create(PREFIX + now.astimezone(UTC).strftime(_TIME), os.urandom(32))

    def _names(self) -> list[str]:
        return [name.removeprefix(PREFIX) for name in self._keys.names(PREFIX)]


def _is_used(database: Database, name: str) -> bool:
    with database.look(SYSTEM) as work:
        query = select(exists().where(DataKeyNodeRow.wrapping == name))
        return bool(work.session.execute(query).scalar_one())


def _drawn_at(name: str) -> datetime:
    return datetime.strptime(name, _TIME).replace(tzinfo=UTC)


def _place(batch_id: bytes, node: int) -> bytes:
    return b"dat-keys/data-key/v1" + batch_id + node.to_bytes(2, "big")
