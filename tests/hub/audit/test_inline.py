"""On SQLite an event has its place and signed head with its act; elsewhere the worker gives it both."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from hub.audit.inline import sequence_inline
from hub.audit.models import LOG
from hub.audit.service import record, sequence_events
from hub.audit.verification import verify
from service import clock
from service.database import Database
from service.errors import ConflictError, DatError, RefusedError
from service.eventlog.appending import shard_of
from service.eventlog.sharding import find_newest_head
from service.work import OPERATOR, SYSTEM
from tests.hub.audit.conftest import Watched
from tests.hub.audit.test_sequencing import keep, roll_back
from tests.hub.audit.test_service import SIGNER, Happened, force


def counts(database: Database) -> Mapping[str, int]:
    """How many events wait, and how many have their place."""
    with database.look(SYSTEM) as work:
        waiting = work.session.execute(select(func.count()).select_from(LOG.pending)).scalar_one()
        placed = work.session.execute(select(func.count()).select_from(LOG.leaf)).scalar_one()
    return {"waiting": waiting, "placed": placed}


def inline(watched: Watched) -> Database:
    """The store as a hub opens it."""
    sequence_inline(watched.database, SIGNER, watched.witness.watch)
    return watched.database


def test_an_act_and_the_place_of_its_event_are_one_transaction(watched: Watched) -> None:
    database = inline(watched)
    watched.act(3)
    sqlite = database.dialect == "sqlite"
    assert counts(database) == ({"waiting": 0, "placed": 3} if sqlite else {"waiting": 3, "placed": 0})
    watched.new_worker().turn()
    assert counts(database) == {"waiting": 0, "placed": 3}
    assert list(watched.sizes().values()) == [(3, 3)]
    with database.look(OPERATOR) as work:
        assert verify(work, SIGNER.verifier).verified


@pytest.mark.parametrize("recorded", [True, False])
def test_an_act_that_is_rolled_back_has_no_place(watched: Watched, *, recorded: bool) -> None:
    database = inline(watched)

    def act(refusal: DatError) -> None:
        with database.work(SYSTEM) as work:
            record(work, Happened())
            raise refusal

    database.record_refusal = lambda work, _: record(work, Happened())
    with pytest.raises(DatError):
        act(RefusedError() if recorded else ConflictError())
    assert sum(counts(database).values()) == int(recorded)


def test_what_waited_gets_its_place_with_the_next_act(watched: Watched) -> None:
    watched.act(2)
    database = inline(watched)
    watched.act()
    assert counts(database)["waiting"] == (0 if database.dialect == "sqlite" else 3)


def test_a_restored_store_signs_no_second_history(watched: Watched) -> None:
    worker = watched.new_worker()
    watched.act(5)
    worker.turn()
    keep(watched)
    watched.act(4)
    worker.turn()
    roll_back(watched, to=5)
    database = inline(watched)
    watched.act(4)
    assert counts(database) == {"waiting": 4, "placed": 5}


def test_a_hub_whose_witness_is_away_leaves_it_to_the_worker(watched: Watched) -> None:
    watched.witness.is_away = True
    database = inline(watched)
    watched.act()
    assert counts(database) == {"waiting": 1, "placed": 0}


def test_an_act_stands_where_the_clock_went_back_and_its_event_waits(watched: Watched) -> None:
    database = inline(watched)
    watched.act()
    with database.work(SYSTEM, now=clock.now() - timedelta(hours=1)) as work:
        record(work, Happened())
    sqlite = database.dialect == "sqlite"
    assert counts(database) == ({"waiting": 1, "placed": 1} if sqlite else {"waiting": 2, "placed": 0})


def test_a_leaf_that_was_changed_while_it_waited_is_not_signed(watched: Watched) -> None:
    watched.act()
    force(watched.database, "UPDATE audit_event SET leaf = event_id")
    database = inline(watched)
    watched.act()
    with database.look(SYSTEM) as work:
        assert find_newest_head(work, LOG) is None
    assert counts(database) == {"waiting": 2, "placed": 0}


def test_what_was_begun_for_a_log_that_is_broken_is_taken_back(watched: Watched) -> None:
    """A new half-year opens a tree before its events are looked at."""
    database, before = inline(watched), clock.now() - timedelta(days=190)
    with database.work(SYSTEM, now=before) as work:
        record(work, Happened())
        sequence_events(work, SIGNER)
    placing, database.before_commit = database.before_commit, None
    with database.work(SYSTEM) as work:
        broken = record(work, Happened()).event_id
    force(database, f"UPDATE audit_event SET leaf = event_id WHERE event_id = {literal_of(database, broken)}")
    database.before_commit = placing
    watched.act()
    with database.look(SYSTEM) as work:
        assert work.session.scalars(select(LOG.head.c.shard)).all() == [shard_of(before)]
    assert counts(database) == {"waiting": 2, "placed": 1}


def literal_of(database: Database, value: bytes) -> str:
    """Write bytes as the database's own language does."""
    return f"X'{value.hex()}'" if database.dialect == "sqlite" else f"'\\x{value.hex()}'"
