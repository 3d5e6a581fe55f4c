"""What is asked of the log is asked by lines that say what their leaves say."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

import pytest
from sqlalchemy import select, text

from hub.audit.lines import index_lines
from hub.audit.models import AuditActorRow, AuditLineRow
from hub.audit.private import list_actor_keys
from hub.audit.service import record, sequence_events
from hub.audit.verification import verify
from service.database import Database
from service.errors import RefusedError
from service.work import SYSTEM, Caller, Role
from tests.hub.audit.test_service import SIGNER, Happened, _act_and_be_refused, check, fill, force


@pytest.fixture
def lined(hub_database: Database, now: datetime) -> Database:
    """Seven events with their lines."""
    fill(hub_database, now)
    with hub_database.work(SYSTEM) as work:
        assert index_lines(work, limit=4) == 4
        assert index_lines(work) == 3
        assert index_lines(work) == 0
    return hub_database


def test_every_leaf_has_a_line_that_says_the_same(lined: Database, now: datetime) -> None:
    with lined.look(SYSTEM) as work:
        rows = work.session.execute(select(AuditLineRow.__table__)).all()
    assert {(row.code, row.outcome, row.role, row.hour) for row in rows} == {
        ("test.happened", "ok", "system", now)
    }
    assert check(lined).verified


@pytest.mark.parametrize(
    ("statement", "finding"),
    [
        ("UPDATE audit_line SET code = 'auth.ok' WHERE idx = 3", "line_changed 2026h2/3"),
        ("UPDATE audit_line SET count = 40 WHERE idx = 3", "line_changed 2026h2/3"),
        ("DELETE FROM audit_line WHERE idx = 3", "lines_missing 1"),
    ],
)
def test_a_line_that_was_changed_or_taken_away_is_found(
    lined: Database, statement: str, finding: str
) -> None:
    force(lined, statement)
    assert check(lined).findings == [finding]


def test_what_somebody_did_is_found_without_opening_anything(hub_database: Database) -> None:
    anna, bram = (Caller(Role.STAFF, uuid4(), uuid4(), "staff") for _ in range(2))
    for caller in (anna, bram, anna):
        with hub_database.work(caller) as work:
            record(work, Happened())
    with hub_database.work(SYSTEM) as work:
        sequence_events(work, SIGNER)
        index_lines(work)
        keys = list_actor_keys(work, str(anna.staff_id))
        found = work.session.scalars(select(AuditLineRow).where(AuditLineRow.actor_key.in_(keys))).all()
        tags = work.session.scalars(select(AuditActorRow.tag)).all()
    assert (len(keys), len(found)) == (1, 2)
    assert not {one.staff_id.bytes for one in (anna, bram) if one.staff_id} & set(tags)


def test_whose_key_it_is_is_told_again_when_the_first_time_was_rolled_back(hub_database: Database) -> None:
    anna = Caller(Role.STAFF, uuid4(), uuid4(), "staff")
    hub_database.record_refusal = None
    with pytest.raises(RefusedError), hub_database.work(anna) as work:
        _act_and_be_refused(work)
    with hub_database.work(anna) as work:
        record(work, Happened())
    with hub_database.look(SYSTEM) as work:
        assert len(list_actor_keys(work, str(anna.staff_id))) == 1
        assert verify(work, SIGNER.verifier).verified
        assert work.session.execute(text("SELECT count(*) FROM audit_event")).scalar() == 1
