"""Registrations in both databases: found, ended, erased, queued."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from threading import Barrier, Thread
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from hub.subjects.models import MatchIndexRow, MatchQueueRow, RegistrationRow
from hub.subjects.service import (
    NewRegistration,
    Quarantined,
    RegistrationKind,
    Verdict,
    claim_changed,
    end_registrations,
    enqueue,
    erase_registrations,
    find_agreeing,
    find_kin,
    lock_registrations,
    reading_once,
    store_registrations,
)
from service.database import Database
from service.work import SYSTEM
from tests import builders

KEYS = builders.subject_keys()
PERSON = {"A": 1, "C": 1, "F": 1, "H": 1}
EVERY = frozenset(RegistrationKind)


def stored(
    database: Database, now: datetime, *people: Mapping[str, object], **facts: Any
) -> list[NewRegistration]:
    items = [builders.new_registration(KEYS, tokens, now=now, **facts) for tokens in people]
    with database.work(SYSTEM, now=now) as work:
        store_registrations(work, items)
    return items


def agreements(
    database: Database, now: datetime, ids: list[UUID], kinds: frozenset[RegistrationKind] = EVERY
) -> dict[tuple[UUID, UUID], tuple[str, Verdict]]:
    with database.look(SYSTEM, now=now) as work:
        found = find_agreeing(work, ids, kinds=kinds)
        everybody = list(work.session.scalars(select(RegistrationRow.id)))
        for read in (everybody, ids, everybody[:1]):
            with reading_once(work, read):
                assert set(find_agreeing(work, ids, kinds=kinds)) == set(found)  # in any order
    assert len({frozenset((one.left, one.right)) for one in found}) == len(found)
    return {(one.left, one.right): ("".join(sorted(one.agreed)), one.verdict) for one in found}


def count(database: Database, model: Any) -> int:
    with database.look(SYSTEM) as work:
        return work.session.execute(select(func.count()).select_from(model)).scalar_one()


def test_one_person_at_two_organisations_agrees(hub_database: Database, now: datetime) -> None:
    one, other, _stranger = stored(hub_database, now, PERSON, PERSON, {"A": 2, "F": 2})
    assert agreements(hub_database, now, [one.id]) == {(one.id, other.id): ("ACFH", Verdict.SAME)}
    assert agreements(hub_database, now, [other.id]) == {(other.id, one.id): ("ACFH", Verdict.SAME)}


def test_a_signal_tells_of_its_household_beside_a_number_only(hub_database: Database, now: datetime) -> None:
    home = {"household": "home"}
    (case,) = stored(hub_database, now, PERSON | home, kind=RegistrationKind.CASE)
    others = (dict.fromkeys(PERSON, who) | home for who in (2, 3))
    plain, numbered = stored(hub_database, now, next(others), next(others) | {"bsn": 3})
    with hub_database.look(SYSTEM, now=now) as work:
        found = {one.id: find_kin(work, [one.id], types=frozenset(home)) for one in (case, plain, numbered)}
    assert found[case.id] == {(case.id, numbered.id)}
    assert found[plain.id] == set()
    assert found[numbered.id] == {(numbered.id, case.id)}


def test_a_pair_that_is_asked_about_from_both_sides_comes_once(hub_database: Database, now: datetime) -> None:
    one, other = stored(hub_database, now, PERSON, PERSON)
    assert list(agreements(hub_database, now, [one.id, other.id])) == [tuple(sorted((one.id, other.id)))]


def test_only_the_kinds_asked_for_are_found(hub_database: Database, now: datetime) -> None:
    (signal,) = stored(hub_database, now, PERSON)
    (case,) = stored(hub_database, now, PERSON, kind=RegistrationKind.CASE)
    found = agreements(hub_database, now, [signal.id, case.id], frozenset({RegistrationKind.CASE}))
    assert list(found) == [(signal.id, case.id)]
    assert agreements(hub_database, now, [case.id], frozenset({RegistrationKind.CASE})) == {}


def test_twins_who_share_all_but_the_first_name_are_only_possible(
    hub_database: Database, now: datetime
) -> None:
    one, twin = stored(hub_database, now, PERSON | {"B": 1}, {"A": 1, "B": 1, "C": 1, "F": 2, "H": 2})
    assert agreements(hub_database, now, [one.id]) == {(one.id, twin.id): ("ABC", Verdict.POSSIBLE)}


def test_different_service_numbers_veto(hub_database: Database, now: datetime) -> None:
    one, other = stored(hub_database, now, PERSON | {"bsn": 1}, PERSON | {"bsn": 2})
    (without,) = stored(hub_database, now, PERSON)
    assert set(agreements(hub_database, now, [one.id])) == {(one.id, without.id)}
    assert set(agreements(hub_database, now, [other.id])) == {(other.id, without.id)}


@pytest.mark.parametrize("moment", [timedelta(days=-1), timedelta(days=100)])
def test_only_registrations_that_are_active_now_agree(
    hub_database: Database, now: datetime, moment: timedelta
) -> None:
    one, _other = stored(hub_database, now, PERSON, PERSON)
    assert agreements(hub_database, now + moment, [one.id]) == {}


def test_an_ended_registration_agrees_with_nobody_and_is_queued(
    hub_database: Database, now: datetime
) -> None:
    one, other = stored(hub_database, now, PERSON, PERSON)
    with hub_database.work(SYSTEM, now=now) as work:
        assert set(claim_changed(work, 10)) == {one.id, other.id}
    with hub_database.work(SYSTEM, now=now) as work:
        end_registrations(work, [one.id])
    assert agreements(hub_database, now, [one.id]) == agreements(hub_database, now, [other.id]) == {}
    with hub_database.work(SYSTEM, now=now) as work:
        assert claim_changed(work, 10) == [one.id]


def test_erased_means_gone_from_every_table_but_the_queue(hub_database: Database, now: datetime) -> None:
    one, other = stored(hub_database, now, PERSON, PERSON)
    with hub_database.work(SYSTEM, now=now) as work:
        erase_registrations(work, [one.id])
    assert count(hub_database, RegistrationRow) == 1
    assert count(hub_database, MatchIndexRow) == 4
    assert count(hub_database, MatchQueueRow) == 2
    assert agreements(hub_database, now, [other.id]) == {}


def test_a_quarantined_registration_has_no_index_and_agrees_with_nobody(
    hub_database: Database, now: datetime
) -> None:
    (one,) = stored(hub_database, now, PERSON)
    id_ = uuid4()
    bad = NewRegistration(
        id_,
        RegistrationKind.SIGNAL,
        uuid4(),
        now,
        now + timedelta(days=1),
        Quarantined(id_, "does_not_open", KEYS.data_keys.take()),
    )
    with hub_database.work(SYSTEM, now=now) as work:
        store_registrations(work, [bad])
    assert agreements(hub_database, now, [one.id, id_]) == {}
    assert count(hub_database, MatchIndexRow) == 4


def test_pseudonyms_are_stored_under_their_own_registration_only(
    hub_database: Database, now: datetime
) -> None:
    item = builders.new_registration(KEYS, PERSON, now=now)
    other = NewRegistration(
        uuid4(), item.kind, item.organisation_id, item.active_from, item.active_until, item.pseudonyms
    )
    with pytest.raises(ValueError, match="another registration"), hub_database.work(SYSTEM, now=now) as work:
        store_registrations(work, [other])


def test_alternatives_of_one_type_agree_when_any_does(hub_database: Database, now: datetime) -> None:
    items = []
    for values in (("Jansen", "Vries"), ("Vries",), ("Bakker",)):
        entries = [entry for value in values for entry in builders.entries({"A": value, "F": 1})]
        items.append(_from_entries(entries, now))
    with hub_database.work(SYSTEM, now=now) as work:
        store_registrations(work, items)
    both, married, stranger = (item.id for item in items)
    assert agreements(hub_database, now, [both]) == {
        (both, married): ("AF", Verdict.SAME),
        (both, stranger): ("F", Verdict.POSSIBLE),
    }


def _from_entries(entries: list[Any], now: datetime) -> NewRegistration:
    from hub.subjects.opening import Pseudonyms, make_token, seal_elements

    id_ = uuid4()
    tokens, key = tuple(make_token(KEYS, entry) for entry in entries), KEYS.data_keys.take()
    opened = Pseudonyms(id_, tokens, seal_elements(KEYS, id_, entries, key=key), 1, key)
    return NewRegistration(id_, RegistrationKind.SIGNAL, uuid4(), now, now + timedelta(days=9), opened)


def test_a_thousand_registrations_are_stored_and_found_in_one_go(
    hub_database: Database, now: datetime
) -> None:
    people = [PERSON | {"A": number, "F": number, "C": number, "H": number} for number in range(60)]
    ones = stored(hub_database, now, *people)
    others = stored(hub_database, now, *people)
    found = agreements(hub_database, now, [item.id for item in ones])
    assert set(found) == {(one.id, other.id) for one, other in zip(ones, others, strict=True)}


def test_what_was_claimed_comes_back_when_the_work_fails(hub_database: Database, now: datetime) -> None:
    (one,) = stored(hub_database, now, PERSON)

    def fail() -> None:
        with hub_database.work(SYSTEM, now=now) as work:
            assert claim_changed(work, 10) == [one.id]
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with hub_database.work(SYSTEM, now=now) as work:
        assert claim_changed(work, 10) == [one.id]


def test_the_queue_is_first_in_first_out_and_holds_each_once(hub_database: Database, now: datetime) -> None:
    ids = [stored(hub_database, now + timedelta(seconds=n), PERSON)[0].id for n in range(3)]
    with hub_database.work(SYSTEM, now=now + timedelta(minutes=1)) as work:
        enqueue(work, ids[:2])
        enqueue(work, [])
    with hub_database.work(SYSTEM, now=now) as work:
        assert [claim_changed(work, 1)[0] for _ in range(3)] == ids
        assert claim_changed(work, 1) == []


def test_two_workers_never_claim_the_same(hub_database: Database, now: datetime) -> None:
    ids = {item.id for item in stored(hub_database, now, *[PERSON] * 20)}
    together = Barrier(2)
    claimed: list[list[UUID]] = []

    def claim() -> None:
        together.wait()
        for _ in range(5):
            with hub_database.work(SYSTEM, now=now) as work:
                claimed.append(claim_changed(work, 3))

    threads = [Thread(target=claim) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    flat = [id_ for part in claimed for id_ in part]
    assert len(flat) == len(set(flat))
    assert set(flat) == ids


def test_a_withdrawal_waits_for_the_lock_and_is_then_seen(hub_database: Database, now: datetime) -> None:
    one, other = stored(hub_database, now, PERSON, PERSON)
    with hub_database.work(SYSTEM, now=now) as work:
        claim_changed(work, 10)
    order: list[str] = []
    inside = Barrier(2)

    def withdraw() -> None:
        inside.wait()
        with hub_database.work(SYSTEM, now=now) as work:
            end_registrations(work, [other.id])
            order.append("ended")

    thread = Thread(target=withdraw)
    thread.start()
    with hub_database.work(SYSTEM, now=now) as work:
        lock_registrations(work, [other.id, one.id])
        inside.wait()
        thread.join(timeout=0.3)
        order.append("told")
        assert len(find_agreeing(work, [one.id], kinds=EVERY)) == 1
    thread.join()
    assert order == ["told", "ended"]
    assert agreements(hub_database, now, [one.id]) == {}


def test_no_element_and_no_input_reaches_a_database_cell(hub_database: Database, now: datetime) -> None:
    stored(hub_database, now, PERSON)
    with hub_database.look(SYSTEM) as work:
        cells = [
            value
            for model in (RegistrationRow, MatchIndexRow)
            for row in work.session.execute(select(model.__table__))
            for value in row
            if isinstance(value, bytes)
        ]
    assert not [cell for cell in cells if builders.element(1, "A") in cell]
