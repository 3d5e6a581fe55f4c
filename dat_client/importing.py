"""Post the rows of a file: streamed, resumable, nothing twice; a bad row never stops the run."""

from __future__ import annotations

import hmac
import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import islice
from pathlib import Path

from dat_client import clock
from dat_client.columns import Columns
from dat_client.connection import Connection
from dat_client.errors import ClientError
from dat_client.evaluations import Purpose
from dat_client.files import read_private, write_private
from dat_client.identity.person import RefusalReason
from dat_client.messages import Message
from dat_client.posting import Posted, add_pending, refused
from dat_client.preparing import Draft, Inputs, Refusal, prepare, read_draft
from dat_client.rows import RowError
from dat_client.store import MARK_DAYS, Kind, Post, State
from dat_client.tables import Record, Table
from keys.protocol.encoding import canonical_json

LOCAL_KEY = "row-marks.key"
CHUNK = 250


@dataclass(frozen=True, slots=True)
class Target:
    """What rows become, and where they go.

    Attributes:
        draft: reads the fields of a row; raises `RowError`.
        post: posts pending messages and gives what became of each, in order.
    """

    kind: Kind
    purpose: Purpose
    draft: Callable[[Mapping[str, str], date], Draft]
    post: Callable[[Sequence[Message]], list[Posted]]


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """What became of one row."""

    number: int
    posted: Posted


@dataclass(frozen=True, slots=True)
class RowReport:
    """What would become of one row: the token types it gives, or why it is refused. Nothing of the person."""

    number: int
    token_types: tuple[str, ...] = ()
    code: str | None = None


def count_linkable(reports: Iterable[RowReport]) -> tuple[int, int]:
    """Count the rows that say who it is about, and those of them that give enough tokens to be found by.

    A row that was refused for another reason (no date, not weighed) says nothing of either.
    """
    reasons = {reason.value for reason in RefusalReason}
    judged = [report for report in reports if report.code is None or report.code in reasons]
    return len(judged), sum(report.code is None for report in judged)


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    mark: bytes = field(repr=False)
    draft: Draft | Refusal


class Import:
    """One run over one file.

    Attributes:
        failure: why the run stopped before the end of the file, if it did.
    """

    def __init__(self, connection: Connection, table: Table, columns: Columns, target: Target) -> None:
        self.connection = connection
        self.table = table
        self.columns = columns
        self.target = target
        self.failure: ClientError | None = None

    def dry_run(self) -> Iterator[RowReport]:
        """Judge every row without sending or storing anything."""
        today = _today()
        for record in self.table.list_records():
            read = self._judge(self._read(record, today))
            if isinstance(read, Refusal):
                yield RowReport(record.number, code=read.code)
            else:
                types = dict.fromkeys(token.token_type.value for token in read.tokens)
                yield RowReport(record.number, tuple(types))

    def run(self) -> Iterator[RowOutcome]:
        """Post the rows and give what became of each, in the order of the file.

        When a service stops answering, the rest is `unfinished` and `failure` says why; the same command
        again goes on where this one stopped.
        """
        self.connection.store.forget_marks(before=clock.now() - timedelta(days=MARK_DAYS))
        rows = self._list_rows()
        while chunk := list(islice(rows, CHUNK)):
            for row, posted in zip(chunk, self._post_or_stop(chunk), strict=True):
                yield RowOutcome(row.number, posted)

    def _list_rows(self) -> Iterator[_Row]:
        """Give the rows with their marks; equal rows of one file are counted, so that each is posted."""
        secret, today = get_local_key(self.connection.home), _today()
        seen: Counter[bytes] = Counter()
        for record in self.table.list_records():
            fields = {} if record.fault else self.columns.read(record.cells)
            content = hmac.digest(secret, canonical_json([self.target.kind, fields]), "sha256")
            seen[content] += 1
            mark = hmac.digest(secret, content + seen[content].to_bytes(4, "big"), "sha256")[:16]
            yield _Row(record.number, mark, self._read(record, today))

    def _read(self, record: Record, today: date) -> Draft | Refusal:
        if record.fault:
            return Refusal(record.fault)
        try:
            return self.target.draft(self.columns.read(record.cells), today)
        except RowError as error:
            return Refusal(error.code)

    def _post_or_stop(self, chunk: Sequence[_Row]) -> list[Posted]:
        if self.failure is None:
            try:
                return self._post(chunk)
            except ClientError as error:
                self.failure = error
        read = [self._judge(row.draft) for row in chunk]
        return [refused(each) if isinstance(each, Refusal) else Posted("unfinished") for each in read]

    def _judge(self, draft: Draft | Refusal) -> Inputs | Refusal:
        """Normalise one person without sending anything."""
        if isinstance(draft, Refusal):
            return draft
        return read_draft(draft, schemes=self.connection.configuration.schemes, today=_today())

    def _post(self, chunk: Sequence[_Row]) -> list[Posted]:
        """Seal what is new, send it with what an earlier run left pending, and skip what was accepted."""
        seen = self.connection.store.find_by_marks([row.mark for row in chunk])
        results = {row.number: refused(row.draft) for row in chunk if isinstance(row.draft, Refusal)}
        results |= {row.number: _known(seen[row.mark]) for row in chunk if row.mark in seen}
        new = [row for row in chunk if row.number not in results]
        sealed, refusals = self._seal(new)
        results |= {number: refused(refusal) for number, refusal in refusals.items()}
        waiting = sealed | {
            row.number: seen[row.mark].message
            for row in chunk
            if row.mark in seen and seen[row.mark].state is State.PENDING
        }
        numbers = sorted(waiting)
        posted = self.target.post([waiting[number] for number in numbers])
        results |= dict(zip(numbers, posted, strict=True))
        return [results[row.number] for row in chunk]

    def _seal(self, rows: Sequence[_Row]) -> tuple[dict[int, Message], dict[int, Refusal]]:
        drafts = [row.draft for row in rows if isinstance(row.draft, Draft)]
        prepared = prepare(self.connection, drafts, purpose=self.target.purpose)
        pairs = list(zip(rows, drafts, prepared, strict=True))
        add_pending(
            self.connection,
            self.target.kind,
            [(made, draft.reference, row.mark) for row, draft, made in pairs if isinstance(made, Message)],
        )
        return (
            {row.number: made for row, _, made in pairs if isinstance(made, Message)},
            {row.number: made for row, _, made in pairs if isinstance(made, Refusal)},
        )


def _known(post: Post) -> Posted:
    if post.state is State.ACCEPTED:
        return Posted("accepted", post.remote_id, post.receipt, new=False)
    return Posted("unfinished")


def _today() -> date:
    return clock.dutch_date(clock.now())


def get_local_key(home: Path) -> bytes:
    """Give the secret under which rows are recognised: plain hashes could be tested for people."""
    path = home / LOCAL_KEY
    if not path.exists():
        write_private(path, secrets.token_bytes(32), exclusive=True)
    return read_private(path)
