"""The log: written with the act, placed by the sequencer, verified from its leaf bytes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar
from uuid import uuid4

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError

from hub.audit.events import AuditEvent
from hub.audit.models import LOG, AuditPrivateRow
from hub.audit.private import PARTS, open_part
from hub.audit.service import record, record_many, sequence_events
from hub.audit.verification import VerificationReport, verify
from ledger.note import Signer
from service.database import Database
from service.datakeys.custody import Purpose
from service.datakeys.releasing import release
from service.datakeys.sealing import key_id_of
from service.errors import RefusedError
from service.eventlog.appending import LogBrokenError
from service.eventlog.verification import FoundLeaf, verify_tree
from service.work import SYSTEM, Caller, Role, Work

SIGNER = Signer.from_seed("hub.test/audit", bytes(32))


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened(AuditEvent):
    code: ClassVar[str] = "test.happened"


def fill(database: Database, now: datetime, *, count: int = 7) -> None:
    with database.work(SYSTEM, now=now) as work:
        record_many(
            work, [Happened(organisation_id=uuid4(), subject={"signal": str(uuid4())}) for _ in range(count)]
        )
    with database.work(SYSTEM, now=now + timedelta(seconds=1)) as work:
        assert sequence_events(work, SIGNER) == count


def check(database: Database) -> VerificationReport:
    with database.look(SYSTEM) as work:
        return verify(work, SIGNER.verifier, opening=True)


def _act_and_be_refused(work: Work) -> None:
    record(work, Happened())
    raise RefusedError


def force(database: Database, statement: str) -> None:
    """Change the database as an administrator would who drops the triggers first."""
    with database.writer.begin() as connection:
        if database.dialect == "sqlite":
            for table in ("audit_event", "audit_leaf", "audit_node"):
                for act in ("update", "delete"):
                    connection.execute(text(f"DROP TRIGGER IF EXISTS {table}_no_{act}"))
        else:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text(statement))


def test_an_untouched_log_verifies_and_every_commitment_opens(hub_database: Database, now: datetime) -> None:
    fill(hub_database, now)
    report = check(hub_database)
    assert report.verified
    assert (report.events, report.opened, report.pending) == (7, 21, 0)


def test_waiting_events_are_verified_too(hub_database: Database, now: datetime) -> None:
    fill(hub_database, now)
    with hub_database.work(SYSTEM, now=now) as work:
        record(work, Happened())
    assert check(hub_database).pending == 1


@pytest.mark.parametrize(
    ("statement", "finding"),
    [
        (
            "UPDATE audit_event SET leaf = (SELECT leaf FROM audit_event ORDER BY event_id LIMIT 1)",
            "leaf_changed",
        ),
        (
            "DELETE FROM audit_event WHERE event_id = (SELECT event_id FROM audit_leaf WHERE idx = 3)",
            "leaf_missing",
        ),
        ("DELETE FROM audit_leaf WHERE idx = 3", "index_gap"),
        ("DELETE FROM audit_leaf WHERE idx = 6", "size_differs"),
        ("UPDATE audit_private SET detail = subject", "private_changed"),
        ("UPDATE audit_head SET size = 3", "size_differs"),
        ("DELETE FROM audit_leaf WHERE idx = 6", "events_without_place"),
        ("DELETE FROM audit_head", "head_missing 2026h2"),
        ("UPDATE audit_private SET subject = NULL", "private_missing 2026h2/0/subject"),
        ("DELETE FROM audit_private", "private_missing 2026h2/6/actor"),
        ("UPDATE audit_private SET actor = leaf_hash FROM audit_leaf WHERE idx = 2", "private_changed"),
        ("UPDATE audit_event SET leaf = event_id", "private_changed"),
        ("DELETE FROM audit_event", "private_without_event 7"),
    ],
)
def test_every_change_is_found(hub_database: Database, now: datetime, statement: str, finding: str) -> None:
    fill(hub_database, now)
    force(hub_database, statement)
    report = check(hub_database)
    assert any(found.startswith(finding) for found in report.findings), report.findings


def test_altered_leaves_are_found_also_when_nothing_says_there_was_a_tree(
    hub_database: Database, now: datetime
) -> None:
    fill(hub_database, now)
    force(hub_database, "UPDATE audit_event SET leaf = event_id")
    force(hub_database, "DELETE FROM audit_head")
    report = check(hub_database)
    assert (report.events, report.shards) == (7, 1)
    assert {"head_missing 2026h2", "leaf_changed 2026h2/6"} <= set(report.findings)


def test_the_values_beside_a_waiting_event_are_verified_too(hub_database: Database, now: datetime) -> None:
    with hub_database.work(SYSTEM, now=now) as work:
        record(work, Happened())
    assert (check(hub_database).findings, check(hub_database).opened) == ([], 3)
    force(hub_database, "DELETE FROM audit_private")
    assert [found.rpartition("/")[2] for found in check(hub_database).findings] == [
        "actor",
        "subject",
        "detail",
    ]


def test_a_log_that_grows_while_it_is_verified_is_no_false_alarm(
    hub_database: Database, now: datetime
) -> None:
    fill(hub_database, now - timedelta(days=180))
    fill(hub_database, now)
    with hub_database.work(SYSTEM, now=now) as work:
        record(work, Happened())

    def grow(found: Sequence[FoundLeaf]) -> None:
        with hub_database.work(SYSTEM, now=now + timedelta(minutes=1)) as work:
            sequence_events(work, SIGNER)
            record(work, Happened())

    with hub_database.look(SYSTEM) as work:
        report = verify_tree(work, LOG, SIGNER.verifier, on_leaves=grow)
    assert (report.findings, report.events, report.pending) == ([], 15, 1)
    assert check(hub_database).events > 15


def test_a_long_log_is_verified_in_few_statements(hub_database: Database, now: datetime) -> None:
    fill(hub_database, now, count=1_200)
    statements: list[str] = []

    def count(*arguments: object) -> None:
        statements.append(str(arguments[2]))

    event.listen(hub_database.reader, "before_cursor_execute", count)
    report = check(hub_database)
    event.remove(hub_database.reader, "before_cursor_execute", count)
    assert (report.findings, report.opened) == ([], 3_600)
    assert len(statements) < 20


def test_a_pending_event_that_was_changed_is_never_signed(hub_database: Database, now: datetime) -> None:
    with hub_database.work(SYSTEM, now=now) as work:
        record_many(work, [Happened(), Happened()])
    first = "SELECT event_id FROM audit_event ORDER BY event_id LIMIT 1"
    force(hub_database, f"UPDATE audit_event SET leaf = event_id WHERE event_id = ({first})")
    with pytest.raises(LogBrokenError), hub_database.work(SYSTEM, now=now) as work:
        sequence_events(work, SIGNER)


def test_nothing_is_signed_when_the_clock_went_back(hub_database: Database, now: datetime) -> None:
    fill(hub_database, now)
    with hub_database.work(SYSTEM, now=now) as work:
        record(work, Happened())
    with pytest.raises(LogBrokenError), hub_database.work(SYSTEM, now=now - timedelta(hours=1)) as work:
        sequence_events(work, SIGNER)


@pytest.mark.parametrize("statement", ["UPDATE audit_event SET leaf = leaf", "DELETE FROM audit_leaf"])
def test_the_log_is_insert_only(hub_database: Database, now: datetime, statement: str) -> None:
    fill(hub_database, now)
    with (
        pytest.raises(DBAPIError),
        hub_database.writer.begin() as connection,
    ):
        connection.execute(text(statement))


def test_a_refusal_is_recorded_after_its_act_was_rolled_back(hub_database: Database, now: datetime) -> None:
    caller = Caller(Role.PARTNER, organisation_id=uuid4())
    with pytest.raises(RefusedError), hub_database.work(caller, now=now) as work:
        _act_and_be_refused(work)
    with hub_database.look(SYSTEM) as work:
        leaves = work.session.execute(text("SELECT leaf FROM audit_event")).scalars().all()
    assert len(leaves) == 1
    assert b'"authz.denied"' in bytes(leaves[0])


def test_every_commitment_has_a_random_opening_of_its_own(hub_database: Database, now: datetime) -> None:
    """With an opening that can be guessed, whoever has the leaf tries every value behind it."""
    fill(hub_database, now, count=3)
    openings = set()
    with hub_database.look(SYSTEM) as work:
        rows = work.session.query(AuditPrivateRow).all()
        sealed = [(row.event_id, part, getattr(row, part)) for row in rows for part in PARTS]
        keys = release(work.data_keys.custody, {key_id_of(one) for *_, one in sealed}, Purpose.LOG_CHECKING)
        for event_id, part, one in sealed:
            opened = open_part(keys, one, event_id=event_id, part=part)
            assert opened is not None
            openings.add(opened[0])
    assert {len(one) for one in openings} == {32}
    assert len({one[:16] for one in openings}) == len({one[16:] for one in openings}) == 9


def test_the_number_of_an_event_tells_nothing_of_its_moment(hub_database: Database, now: datetime) -> None:
    fill(hub_database, now)
    with hub_database.look(SYSTEM) as work:
        numbers = [
            bytes(one) for one in work.session.execute(text("SELECT event_id FROM audit_leaf")).scalars()
        ]
    for at in range(0, 16, 4):
        assert len({one[at : at + 4] for one in numbers}) == len(numbers)


def test_a_leaf_holds_no_value_of_subject_or_detail(hub_database: Database, now: datetime) -> None:
    with hub_database.work(SYSTEM, now=now) as work:
        record(work, Happened(subject={"mail": "canary-one"}, detail={"x": "canary-two"}))
        leaf = bytes(work.session.execute(text("SELECT leaf FROM audit_event")).scalar_one())
    assert b"canary" not in leaf
