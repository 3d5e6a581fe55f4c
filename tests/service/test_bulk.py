"""Many rows in one statement: together or not at all, and a key that is taken is left alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from uuid import UUID, uuid4

from sqlalchemy import event, func, select

from hub.signals.models import SignalKeyRow
from hub.subjects.models import MatchIndexRow, MatchQueueRow
from service.bulk import at_once, insert_free, insert_rows
from service.clock import now
from service.database import Database
from service.work import SYSTEM, Work

TABLES = SignalKeyRow.metadata.tables
KEYS, INDEX, QUEUE = (TABLES[row.__tablename__] for row in (SignalKeyRow, MatchIndexRow, MatchQueueRow))
COLUMNS = ("key", "body_hash", "signal_id", "used_at")
IDS = [uuid4() for _ in range(3)]


@contextmanager
def inserts(database: Database) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if "INSERT" in statement:
            statements.append(statement)

    event.listen(database.writer, "before_cursor_execute", note)
    yield statements
    event.remove(database.writer, "before_cursor_execute", note)


def insert_two_tables(work: Work) -> None:
    insert_rows(work.session, INDEX, ("idx", "registration_id"), [(id_.bytes, id_) for id_ in IDS])
    insert_rows(work.session, QUEUE, ("registration_id", "queued_at"), [(id_, work.now) for id_ in IDS])


def stored(database: Database) -> list[int]:
    with database.look(SYSTEM) as work:
        counts = [select(func.count()).select_from(table) for table in (INDEX, QUEUE)]
        return [work.session.execute(count).scalar_one() for count in counts]


def claim(work: Work, keys: list[bytes]) -> set[bytes]:
    return insert_free(work.session, KEYS, COLUMNS, [(key, bytes(32), UUID(int=0), now()) for key in keys])


def test_what_is_inserted_at_once_is_one_statement_where_that_can_be(hub_database: Database) -> None:
    with inserts(hub_database) as statements, hub_database.work(SYSTEM) as work, at_once(work.session):
        insert_two_tables(work)
        assert not statements
    assert len(statements) == (1 if hub_database.dialect == "postgresql" else 2)
    assert stored(hub_database) == [3, 3]


def test_a_block_that_fails_inserts_nothing_and_holds_nothing_back(hub_database: Database) -> None:
    with hub_database.work(SYSTEM) as work:
        with suppress(KeyError), at_once(work.session):
            insert_two_tables(work)
            raise KeyError
        insert_rows(work.session, INDEX, ("idx", "registration_id"), [(bytes(16), IDS[0])])
    assert stored(hub_database) == [1, 0]


def test_only_keys_that_were_free_come_back(hub_database: Database) -> None:
    one, two, three = (bytes([number]) * 16 for number in range(3))
    with hub_database.work(SYSTEM) as work:
        assert claim(work, []) == set()
        assert claim(work, [two, one]) == {one, two}
        assert claim(work, [three, two]) == {three}
