"""Remember on this machine what was posted: keys before the post, answers after it. Nothing of a person.

A pending post keeps its sealed message, so that an interrupted run sends the same bytes under the same key;
an answered one keeps its hash only.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from uuid import UUID

from dat_client.errors import ConfigurationError, StoreError
from dat_client.files import OTHERS, make_private_directory
from dat_client.messages import Message
from dat_client.receipts import Receipt, read_receipt

FILE_NAME = "posts.db"
MARK_DAYS = 62
SCHEMA = """
create table if not exists posts (
    idempotency_key text primary key,
    kind text not null,
    state text not null,
    content blob,
    body_hash text not null,
    remote_id text,
    receipt text,
    receipt_key blob,
    reference text,
    row_mark blob,
    code text,
    posted_at text not null
) strict;
create unique index if not exists one_post_a_row on posts (row_mark) where row_mark is not null;
create index if not exists by_remote_id on posts (remote_id);
"""
FIELDS = (
    "idempotency_key, kind, state, content, body_hash, remote_id,"
    " receipt, receipt_key, reference, row_mark, code"
)


class Kind(StrEnum):
    """What was posted."""

    SIGNAL = "signal"
    CASE = "case"
    CONSENT = "consent"
    OBJECTION = "objection"
    WITHDRAWAL = "withdrawal"
    REQUEST = "request"
    HONEY = "honey"
    ADDRESS = "address"


class State(StrEnum):
    """How far it came: only `pending` is not final."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Post:
    """One thing posted or about to be.

    Attributes:
        content: the sealed message, while there is no answer.
        reference: the partner's own file number.
        row_mark: 16 bytes under a local secret, by which an imported row is recognised.
        code: why the hub refused.
    """

    idempotency_key: UUID
    kind: Kind
    state: State
    body_hash: str
    content: bytes | None = field(default=None, repr=False)
    remote_id: UUID | None = None
    receipt: Receipt | None = None
    receipt_key: bytes | None = None
    reference: str | None = field(default=None, repr=False)
    row_mark: bytes | None = field(default=None, repr=False)
    code: str | None = None

    @property
    def message(self) -> Message:
        """The message as it was sealed."""
        assert self.content is not None
        return Message(self.idempotency_key, self.content)


class Store:
    """The posts of one home, in one SQLite file that only its owner may read."""

    def __init__(self, path: Path) -> None:
        make_private_directory(path.parent)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        if os.name == "posix" and path.stat().st_mode & OTHERS:
            raise ConfigurationError("the store of posts is readable by others: chmod 600 it")
        self._connection = sqlite3.connect(path, timeout=10, isolation_level=None, check_same_thread=False)
        for statement in (
            "pragma journal_mode = wal",
            "pragma synchronous = full",
            "pragma secure_delete = on",
        ):
            self._connection.execute(statement)
        self._connection.executescript(SCHEMA)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def add_pending(
        self, posts: Iterable[tuple[Kind, Message, str | None, bytes | None]], *, now: datetime
    ) -> None:
        """Write posts down before they are sent: kind, message, reference and row mark of each."""
        rows = [
            (
                str(message.idempotency_key),
                kind,
                message.content,
                message.body_hash,
                reference,
                mark,
                now.isoformat(),
            )
            for kind, message, reference, mark in posts
        ]
        self._write(
            "insert into posts"
            " (idempotency_key, kind, state, content, body_hash, reference, row_mark, posted_at)"
            " values (?, ?, 'pending', ?, ?, ?, ?, ?)",
            rows,
        )

    def accept(self, answers: Iterable[tuple[UUID, UUID, Receipt | None, bytes | None]]) -> None:
        """Write down what was accepted: key, the hub's id, and the receipt with the key that signed it."""
        rows = [
            (str(remote), json.dumps(receipt.as_wire()) if receipt else None, signer, str(key))
            for key, remote, receipt, signer in answers
        ]
        self._write(
            "update posts set state = 'accepted', content = null, code = null, remote_id = ?, receipt = ?,"
            " receipt_key = ? where idempotency_key = ?",
            rows,
        )

    def refuse(self, answers: Iterable[tuple[UUID, str]]) -> None:
        """Write down what was refused, and free its row: corrected circumstances give a new post."""
        self._write(
            "update posts set state = 'refused', content = null, row_mark = null, code = ?"
            " where idempotency_key = ?",
            [(code, str(key)) for key, code in answers],
        )

    def find(self, key: UUID) -> Post | None:
        """Find a post by its idempotency key."""
        return next(self._read("idempotency_key = ?", str(key)), None)

    def find_by_remote_id(self, remote_id: UUID) -> Post | None:
        """Find what was posted as this id of the hub: the way back to the partner's own reference."""
        return next(self._read("remote_id = ?", str(remote_id)), None)

    def find_by_marks(self, marks: Sequence[bytes]) -> dict[bytes, Post]:
        """Find the posts of rows that were seen before."""
        if not marks:
            return {}
        holes = ", ".join("?" * len(marks))
        return {post.row_mark: post for post in self._read(f"row_mark in ({holes})", *marks) if post.row_mark}

    def list_posts(self, *, kind: Kind | None = None, state: State | None = None) -> Iterator[Post]:
        """Give the posts, oldest first."""
        return self._read(
            "(?1 is null or kind = ?1) and (?2 is null or state = ?2) order by posted_at, rowid", kind, state
        )

    def forget_marks(self, *, before: datetime) -> None:
        """Forget the marks of old rows: what is that old would be refused by its date."""
        self._write("update posts set row_mark = null where posted_at < ?", [(before.isoformat(),)])

    def _write(self, statement: str, rows: Sequence[Sequence[object]]) -> None:
        try:
            self._transact(statement, rows)
        except sqlite3.Error:
            raise StoreError from None

    def _transact(self, statement: str, rows: Sequence[Sequence[object]]) -> None:
        with closing(self._connection.cursor()) as cursor:
            cursor.execute("begin immediate")
            try:
                cursor.executemany(statement, rows)
                cursor.execute("commit")
            except BaseException:
                if self._connection.in_transaction:
                    cursor.execute("rollback")
                raise

    def _read(self, where: str, *values: object) -> Iterator[Post]:
        found = self._connection.execute(f"select {FIELDS} from posts where {where}", values)  # noqa: S608
        return map(_post, found.fetchall())


def _post(row: tuple[object, ...]) -> Post:
    key, kind, state, content, body_hash, remote_id, receipt, receipt_key, reference, mark, code = row
    return Post(
        idempotency_key=UUID(str(key)),
        kind=Kind(str(kind)),
        state=State(str(state)),
        body_hash=str(body_hash),
        content=content if isinstance(content, bytes) else None,
        remote_id=UUID(str(remote_id)) if remote_id else None,
        receipt=read_receipt(json.loads(str(receipt))) if receipt else None,
        receipt_key=receipt_key if isinstance(receipt_key, bytes) else None,
        reference=str(reference) if reference is not None else None,
        row_mark=mark if isinstance(mark, bytes) else None,
        code=str(code) if code is not None else None,
    )
