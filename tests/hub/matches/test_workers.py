"""Two workers at once, each with its own connections: no double work, nothing missed."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Event, Thread, current_thread
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from hub.consent.schemas import NewObjection
from hub.consent.service import record_objection
from hub.matches import matching
from hub.matches.matching import match, match_changed
from hub.matches.service import list_intake
from hub.signals.service import WithdrawalReason, withdraw
from hub.subjects import store as subjects
from hub.subjects.service import claim_changed, enqueue
from service.database import Database
from service.work import SYSTEM, Work
from tests.builders import Sender, Town, everything, objection_body, sender, staff_caller

PEOPLE = 30


@pytest.fixture
def workers(town: Town) -> Iterator[list[Database]]:
    url = town.database.url.render_as_string(hide_password=False)
    databases = [Database(url) for _ in range(2)]
    yield databases
    for database in databases:
        database.close()


def count(town: Town, table: str, where: str = "1 = 1") -> int:
    with town.database.look(SYSTEM) as work:
        return int(work.session.scalar(text(f"SELECT count(*) FROM {table} WHERE {where}")))


def test_two_workers_share_the_queue(
    town: Town, school: Sender, police: Sender, workers: list[Database]
) -> None:
    for number in range(PEOPLE):
        town.case(town.anna, everything(number))
        town.signal(school, everything(number))
        town.signal(police, everything(number))

    def drain(database: Database) -> int:
        done = 0
        while looked_at := match_changed(database, limit=7, now=town.now):
            done += looked_at
        return done

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(drain, workers))
    assert sum(done) == 3 * PEOPLE
    assert count(town, "match_queue") == 0
    assert count(town, "person_match", "state = 'open' AND case_id IS NOT NULL") == 2 * PEOPLE
    assert count(town, "notice", "kind = 'match'") == 2 * PEOPLE
    assert count(town, "assignment", "ended_at IS NULL") == 2 * PEOPLE
    assert count(town, "intake_item", "state <> 'closed'") == 0
    assert count(town, "notice_mail") <= 2


def test_a_case_that_comes_while_its_signals_are_matched_closes_their_intake(
    town: Town, school: Sender, police: Sender, workers: list[Database]
) -> None:
    """Without the lock on the registrations the second worker does not see what the first is making."""
    first, second = workers
    town.signal(school, everything("jan"))
    town.signal(police, everything("jan"))
    matched, go_on = Event(), Event()

    def match_signals() -> None:
        with first.work(SYSTEM, now=town.now) as work:
            match(work, frozenset(claim_changed(work, 10)))
            matched.set()
            go_on.wait(20)

    def match_case() -> None:
        replace(town, database=second).case(town.anna, everything("jan"))
        match_changed(second, now=town.now)

    threads = [Thread(target=match_signals), Thread(target=match_case)]
    threads[0].start()
    assert matched.wait(20)
    threads[1].start()
    threads[1].join(1.0)
    go_on.set()
    for thread in threads:
        thread.join()
    with town.database.work(staff_caller(town.lead), now=town.now) as work:
        assert list_intake(work) == []
    assert count(town, "notice", "kind = 'match'") == 2


def test_what_failed_half_way_is_done_by_the_next_worker(town: Town, school: Sender) -> None:
    town.case(town.anna, everything("jan"))
    town.signal(school, everything("jan"))

    def fail_half_way() -> None:
        with town.database.work(SYSTEM, now=town.now) as work:
            match(work, frozenset(claim_changed(work, 10)))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_half_way()
    assert count(town, "person_match") == 0
    assert count(town, "notice") == 0
    town.match()
    assert len(town.inbox(town.anna)) == 1


def test_a_worker_whose_clock_is_behind_misses_nothing(town: Town, school: Sender) -> None:
    town.case(town.anna, everything("jan"))
    town.signal(school, everything("jan"))
    town.later(seconds=-5).match()
    assert len(town.inbox(town.anna)) == 1


def test_a_signal_that_is_being_withdrawn_is_not_told(
    town: Town, school: Sender, workers: list[Database]
) -> None:
    """Without the second look under the lock the worker tells of what it saw before."""
    first, second = workers
    town.case(town.anna, everything("jan"))
    signal_id = town.signal(school, everything("jan"))
    withdrawn, go_on = Event(), Event()

    def withdraw_slowly() -> None:
        with first.work(school.caller, now=town.now) as work:
            withdraw(work, signal_id, WithdrawalReason.REASON_GONE)
            withdrawn.set()
            go_on.wait(20)

    threads = [Thread(target=withdraw_slowly), Thread(target=match_changed, args=(second,))]
    threads[0].start()
    assert withdrawn.wait(20)
    threads[1].start()
    threads[1].join(1.0)
    go_on.set()
    for thread in threads:
        thread.join()
    assert count(town, "person_match", "state = 'open'") == 0
    assert count(town, "notice") == 0


def test_an_objection_that_was_under_way_while_somebody_was_told_still_takes_it_back(
    town: Town, school: Sender, police: Sender, workers: list[Database]
) -> None:
    """Neither could see the other: the objection's own turn in the queue mends that."""
    first, second = workers
    recorded, go_on = Event(), Event()

    def object_slowly() -> None:
        key = uuid4()
        body = objection_body(town.keys, everything("jan"), organisation_id=town.team.id, key=key)
        with first.work(staff_caller(town.anna), now=town.now) as work:
            message = NewObjection.model_validate(body)
            record_objection(work, town.keys, message, idempotency_key=key, quota_per_day=9)
            recorded.set()
            go_on.wait(20)

    def post_and_match() -> None:
        there = replace(town, database=second)
        there.signal(school, everything("jan"))
        there.signal(police, everything("jan"))
        there.match()

    threads = [Thread(target=object_slowly), Thread(target=post_and_match)]
    threads[0].start()
    assert recorded.wait(20)
    threads[1].start()
    threads[1].join(2.0)
    go_on.set()
    for thread in threads:
        thread.join()
    town.match()
    assert count(town, "person_match", "state = 'held'") == 1
    assert town.inbox(town.lead) == []


def test_a_worker_leaves_a_match_alone_that_another_made_meanwhile(
    town: Town, school: Sender, workers: list[Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a pair whose other side it does not hold, a worker cannot say that it is gone."""
    first, second = workers
    office = sender(town.database, "school_attendance", now=town.now)
    care = sender(town.database, "youth_care", now=town.now)
    town.signal(school, everything("jan"))
    town.signal(office, everything("jan"))
    looked, go_on = Event(), Event()
    lock = matching.lock_registrations

    def lock_later(work: Work, ids: Collection[UUID]) -> None:
        if current_thread().name == "slow":
            looked.set()
            go_on.wait(2.0)
        lock(work, ids)

    monkeypatch.setattr(matching, "lock_registrations", lock_later)
    slow = Thread(target=match_changed, args=(first,), kwargs={"now": town.now}, name="slow")
    slow.start()
    assert looked.wait(20)
    replace(town, database=second).signal(care, everything("jan"))
    match_changed(second, now=town.now)
    go_on.set()
    slow.join()
    town.match()
    assert count(town, "person_match", "state = 'open'") == 3
    assert count(town, "person_match") == 3
    assert count(town, "intake_item", "state = 'waiting'") == 3


def test_a_change_to_what_a_worker_is_just_taking_is_queued_again(
    town: Town, school: Sender, workers: list[Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between lock and delete, a queue that does not wait would lose the change."""
    first, second = workers
    signal_id = town.signal(school, everything("jan"))
    locked, go_on = Event(), Event()
    delete = subjects.delete

    def delete_later(table: Any) -> Any:
        locked.set()
        go_on.wait(20)
        return delete(table)

    def take() -> None:
        with first.work(SYSTEM, now=town.now) as work:
            claim_changed(work, 10)

    def change() -> None:
        with second.work(SYSTEM, now=town.now) as work:
            enqueue(work, [signal_id])

    monkeypatch.setattr(subjects, "delete", delete_later)
    threads = [Thread(target=take), Thread(target=change)]
    threads[0].start()
    assert locked.wait(20)
    threads[1].start()
    threads[1].join(1.0)
    go_on.set()
    for thread in threads:
        thread.join()
    assert count(town, "match_queue") == 1
