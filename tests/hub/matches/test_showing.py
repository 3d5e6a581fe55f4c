"""The moment of telling: what may not be told any more is not shown, whether the worker came by or not."""

from __future__ import annotations

from dataclasses import replace
from threading import Event, Thread, current_thread
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event, text

import hub.matches.store as matches
import hub.notices.store as notices
from hub.consent.schemas import NewConsent
from hub.consent.service import record_consent, withdraw_consent
from hub.matches.overdue import return_overdue
from hub.matches.service import Accepted, accept_intake, acknowledge, list_intake, list_notices, list_possible
from hub.notices.errors import NoticeClosedError
from hub.notices.models import NoticeState
from hub.notices.service import take_back_shown
from service.database import Database
from service.errors import DatError
from service.work import SYSTEM, Caller
from tests import builders
from tests.builders import Sender, Town, consent_body, everything, staff_caller

JAN, PIET = everything("jan"), everything("piet")
ADULT: dict[str, Any] = {"bracket": "23+", "bracketEnds": None}
BOTH = ("data_processing", "secrecy_waiver")


def desk(town: Town) -> Caller:
    return staff_caller(builders.authorise_staff(town.database, town.team, "desk", now=town.now))


def consent(town: Town, tokens: dict[str, object], **changes: object) -> UUID:
    key = uuid4()
    body = consent_body(town.keys, tokens, organisation_id=town.team.id, key=key, now=town.now, **changes)
    with town.database.work(desk(town), now=town.now) as work:
        message = NewConsent.model_validate(body)
        return record_consent(work, town.keys, message, idempotency_key=key, quota_per_day=500).id


def consent_to_feedback(town: Town, *kinds: str) -> list[UUID]:
    facts = {
        "purpose": "sender_feedback",
        "partnerKinds": ["*"],
        "givenBy": "both",
        "authorityAttested": True,
        "authorityHolders": 2,
        "holdersConsented": 2,
    }
    young = {"bracket": "12-15", "bracketEnds": "2028-Q3"}
    return [consent(town, JAN, kind=kind, **facts, **young) for kind in kinds]


def waiting(town: Town) -> UUID:
    """The item that waits, as the lead saw it on the list."""
    with town.database.work(staff_caller(town.lead), now=town.now) as work:
        (item,) = list_intake(work)
    return item.item_id


def take(town: Town, item_id: UUID | None = None) -> Accepted | None:
    item_id = item_id or waiting(town)
    with town.database.work(staff_caller(town.lead), now=town.now) as work:
        return accept_intake(work, item_id)


def one(town: Town, query: str) -> Any:
    with town.database.look(SYSTEM) as work:
        return work.session.scalar(text(query))


def events(town: Town, code: str) -> int:
    with town.database.look(SYSTEM) as work:
        leaves = work.session.scalars(text("SELECT leaf FROM audit_event")).all()
    return sum(f'"{code}"'.encode() in bytes(leaf) for leaf in leaves)


def tell_on_consent(town: Town) -> None:
    """Have Anna told of a signal on a consent that ends tomorrow; she does not look."""
    landlord = builders.sender(town.database, "housing_association", now=town.now)
    consent(town, PIET, validUntilDate=town.later(days=1).now.date().isoformat())
    town.case(town.anna, PIET, **ADULT)
    town.signal(landlord, PIET, legalBasis="CONSENT", **ADULT)
    town.match()
    assert one(town, "SELECT state FROM person_match") == "open"


def test_what_rested_on_a_consent_that_ended_is_not_shown(town: Town) -> None:
    tell_on_consent(town)
    later = town.later(days=3)
    assert later.inbox(town.anna) == []
    assert one(town, "SELECT state FROM person_match") == "held"
    assert events(town, "notice.shown") == 0
    with town.database.look(SYSTEM) as work:
        asked = "SELECT allowed FROM decision WHERE purpose = 'tell_casemanager' ORDER BY decided_at"
        assert [bool(allowed) for allowed in work.session.scalars(text(asked))] == [True, False]


def test_con_04_what_stays_held_for_another_reason_by_now_is_written_down_once(town: Town) -> None:
    tell_on_consent(town)
    town.object(PIET)
    town.match()
    later = town.later(days=3)
    for _ in range(2):
        with town.database.work(SYSTEM, now=later.now) as work:
            return_overdue(work)
        later.match()
        later = later.later(days=1, hours=1)
    with town.database.look(SYSTEM) as work:
        asked = "SELECT reasons FROM decision WHERE purpose = 'tell_casemanager' ORDER BY decided_at"
        _, held, ended = work.session.scalars(text(asked))
    assert ("consent_missing" in held, "consent_missing" in ended) == (False, True)


def test_what_was_recorded_as_shown_and_never_witnessed_is_decided_on_anew(town: Town) -> None:
    """The answer was a 503: that the notice counts as seen would let it past the next decision."""
    tell_on_consent(town)
    assert len(town.inbox(town.anna)) == 1
    with town.database.work(staff_caller(town.bram), now=town.now) as work:
        take_back_shown(work, town.now)
    assert one(town, "SELECT count(*) FROM notice WHERE seen_at IS NOT NULL") == 1
    with town.database.work(staff_caller(town.anna), now=town.now) as work:
        take_back_shown(work, town.now)
    assert events(town, "notice.not_shown") == 1
    assert town.later(days=3).inbox(town.anna) == []
    assert events(town, "notice.shown") == 1


@pytest.mark.parametrize("outcome", [NoticeState.ACKNOWLEDGED, NoticeState.ALREADY_IN_CONTACT])
def test_con_04_what_was_answered_is_shown_again_until_the_consent_ended(
    town: Town, outcome: NoticeState
) -> None:
    tell_on_consent(town)
    (notice,) = town.inbox(town.anna)
    with town.database.work(staff_caller(town.anna), now=town.now) as work:
        acknowledge(work, notice.notice_id, outcome=outcome)
    shown = [(one.state, one.level, one.partner is None) for one in town.inbox(town.anna)]
    assert shown == [(outcome, notice.level, False)]
    assert town.inbox(town.anna, only_new=True) == []
    decided = one(town, "SELECT count(*) FROM decision")
    assert len(town.inbox(town.anna)) == 1
    assert one(town, "SELECT count(*) FROM decision") == decided
    later = town.later(days=3)
    assert [(one.state, one.partner, one.level) for one in later.inbox(town.anna)] == [("void", None, 0)]
    assert {one.kind for one in later.inbox(town.anna)} == {"match", "void"}
    assert one(town, "SELECT state FROM person_match") == "held"


def test_con_04_who_answers_a_notice_is_not_shown_what_may_not_be_told_any_more(town: Town) -> None:
    tell_on_consent(town)
    (notice,) = town.inbox(town.anna)
    later = town.later(days=3)
    with (
        pytest.raises(NoticeClosedError),
        later.database.work(staff_caller(town.anna), now=later.now) as work,
    ):
        acknowledge(work, notice.notice_id, outcome=NoticeState.ACKNOWLEDGED)


def test_a_list_asks_as_many_questions_for_twenty_matches_as_for_two(town: Town, school: Sender) -> None:
    def asked(count: int) -> int:
        for number in range(count):
            person = everything(f"{count} {number}")
            town.case(town.anna, person)
            town.signal(school, person)
        town.match()
        assert len(town.inbox(town.anna)) == seen[0] + count
        seen[0] += count
        statements.clear()
        town.inbox(town.anna)
        return len(statements)

    seen, statements = [0], list[str]()
    for engine in (town.database.writer, town.database.reader):
        event.listen(engine, "before_cursor_execute", lambda *said: statements.append(said[2]))
    assert asked(2) == asked(20) <= 40


@pytest.mark.parametrize("listed", ["intake", "possible"])
def test_con_12_what_waits_for_the_team_is_not_listed_once_the_person_objected(
    town: Town, school: Sender, listed: str
) -> None:
    look = list_intake if listed == "intake" else list_possible
    office = builders.sender(town.database, "school_attendance", now=town.now)
    town.signal(school, JAN)
    town.signal(office, JAN if listed == "intake" else {**everything("junior"), "A": "jan"})
    town.match()

    def seen() -> int:
        with town.database.work(staff_caller(town.lead), now=town.now) as work:
            return len(look(work))

    assert seen() == 1
    town.object(JAN)
    assert seen() == 0


def test_what_nobody_saw_is_decided_on_again_each_day(town: Town) -> None:
    tell_on_consent(town)
    later = town.later(days=3)
    with town.database.work(SYSTEM, now=later.now) as work:
        return_overdue(work)
    later.match()
    assert one(town, "SELECT state FROM person_match") == "held"
    assert one(town, "SELECT count(*) FROM notice_mail WHERE state = 'waiting'") == 0


def test_what_would_be_decided_as_it_was_is_not_written_down_each_day(town: Town, school: Sender) -> None:
    town.case(town.anna, JAN)
    town.signal(school, JAN, subjectNotice="pending")
    town.match()
    before = one(town, "SELECT count(*) FROM decision")
    for days in (2, 4):
        with town.database.work(SYSTEM, now=town.later(days=days).now) as work:
            return_overdue(work)
        town.later(days=days).match()
    assert one(town, "SELECT state FROM person_match") == "held"
    assert one(town, "SELECT count(*) FROM decision") == before == 1


def test_what_waits_in_the_intake_is_decided_on_again_each_day(town: Town, school: Sender) -> None:
    office = builders.sender(town.database, "school_attendance", now=town.now)
    for sender in (school, office):
        town.signal(sender, JAN, bracketEnds="2026-Q4", bracket="16-17")
    town.match()
    assert one(town, "SELECT state FROM intake_item") == "waiting"
    much_later = town.later(days=200)
    with town.database.work(SYSTEM, now=much_later.now) as work:
        return_overdue(work)
    much_later.match()
    assert one(town, "SELECT state FROM intake_item") == "closed"


@pytest.mark.parametrize("reason", ["reason_gone", "unjustified"])
def test_a_withdrawn_signal_is_not_shown_though_no_worker_came_by(
    town: Town, school: Sender, reason: str
) -> None:
    town.case(town.anna, JAN)
    town.case(town.anna, PIET)
    signal_id, other_id = town.signal(school, JAN), town.signal(school, PIET)
    town.match()
    town.withdraw(school, signal_id, reason)
    assert [notice.handle for notice in town.inbox(town.anna)] == [other_id]
    assert events(town, "notice.shown") == 1
    town.match()
    assert [notice.handle for notice in town.inbox(town.anna)] == [other_id]


def test_an_objection_stops_a_notice_that_nobody_saw_though_no_worker_came_by(
    town: Town, school: Sender
) -> None:
    town.case(town.anna, JAN)
    town.signal(school, JAN)
    town.match()
    town.object(JAN)
    assert town.inbox(town.anna) == []


def test_an_item_whose_signal_was_withdrawn_gives_no_handle_though_no_worker_came_by(
    town: Town, school: Sender, police: Sender
) -> None:
    signal_id = town.signal(school, JAN)
    town.signal(police, JAN)
    town.match()
    item_id = waiting(town)
    town.withdraw(school, signal_id)
    assert take(town, item_id) is None
    assert one(town, "SELECT state FROM intake_item") == "closed"
    assert one(town, "SELECT state FROM person_match") == "void"
    assert events(town, "match.contact_revealed") == events(town, "intake.accepted") == 0


def test_an_item_to_which_somebody_objected_gives_no_handle(
    town: Town, school: Sender, police: Sender
) -> None:
    town.signal(school, JAN)
    town.signal(police, JAN)
    town.match()
    item_id = waiting(town)
    town.object(JAN)
    assert take(town, item_id) is None
    assert one(town, "SELECT state FROM person_match") == "held"


def test_pages_go_on_past_what_is_not_shown(town: Town, school: Sender) -> None:
    people = [everything(number) for number in range(6)]
    signals = []
    for person in people:
        town.case(town.anna, person)
        signals.append(town.signal(school, person))
    town.match()
    for signal_id in signals[:3]:
        town.withdraw(school, signal_id)
    seen: list[UUID | None] = []
    cursor, turns = None, 0
    while turns == 0 or cursor is not None:
        with town.database.work(staff_caller(town.anna), now=town.now) as work:
            page, cursor = list_notices(work, cursor=cursor, page_size=2)
        seen += [notice.handle for notice in page]
        turns += 1
    assert sorted(map(str, seen)) == sorted(map(str, signals[3:]))
    assert turns == 3


@pytest.mark.parametrize(
    ("kinds", "contact"),
    [((), None), (BOTH[:1], None), (BOTH[1:], None), (BOTH, "Balie, 0900-0000")],
)
def test_whom_to_call_is_shown_only_where_the_sender_may_hear_of_it(
    town: Town, school: Sender, kinds: tuple[str, ...], contact: str | None
) -> None:
    consent_to_feedback(town, *kinds)
    town.case(town.anna, JAN)
    signal_id = town.signal(school, JAN)
    town.match()
    (notice,) = town.inbox(town.anna)
    assert (notice.partner, notice.reporter_contact, notice.handle) == ("De Linde", contact, signal_id)


@pytest.mark.parametrize(("kinds", "contact"), [((), None), (BOTH, "Balie, 0900-0000")])
def test_a_handle_comes_with_whom_to_call_only_where_the_senders_may_hear_of_it(
    town: Town, school: Sender, kinds: tuple[str, ...], contact: str | None
) -> None:
    office = builders.sender(town.database, "school_attendance", now=town.now)
    consent_to_feedback(town, *kinds)
    sent = {town.signal(sender, JAN) for sender in (school, office)}
    town.match()
    accepted = take(town)
    assert accepted is not None
    assert {handle.signal_id for handle in accepted.handles} == sent
    assert {handle.reporter_contact for handle in accepted.handles} == {contact}


def test_a_consent_that_names_one_sender_does_not_open_the_way_to_the_other(
    town: Town, school: Sender
) -> None:
    office = builders.sender(town.database, "school_attendance", now=town.now)
    facts = {"purpose": "sender_feedback", "partnerKinds": ["school"], "givenBy": "both"}
    young = {
        "authorityAttested": True,
        "authorityHolders": 2,
        "holdersConsented": 2,
        "bracket": "12-15",
        "bracketEnds": "2028-Q3",
    }
    for kind in BOTH:
        consent(town, JAN, kind=kind, **facts, **young)
    for sender in (school, office):
        town.signal(sender, JAN)
    town.match()
    accepted = take(town)
    assert accepted is not None
    assert {handle.reporter_contact for handle in accepted.handles} == {None}


def test_whom_to_call_goes_when_the_consent_goes_also_where_it_was_shown(town: Town, school: Sender) -> None:
    _, waiver = consent_to_feedback(town, *BOTH)
    town.case(town.anna, JAN)
    town.signal(school, JAN)
    town.match()
    assert [notice.reporter_contact for notice in town.inbox(town.anna)] == ["Balie, 0900-0000"]
    with town.database.work(desk(town), now=town.now) as work:
        withdraw_consent(work, waiver)
    town.match()
    assert [(notice.partner, notice.reporter_contact) for notice in town.inbox(town.anna)] == [
        ("De Linde", None)
    ]


def test_what_is_listed_of_the_intake_and_of_possible_matches_is_recorded(
    town: Town, school: Sender, police: Sender
) -> None:
    town.signal(school, JAN)
    town.signal(police, JAN)
    town.case(town.anna, PIET)
    town.signal(school, {**everything("piet-junior"), "A": "piet", "C": "piet"})
    town.match()
    with town.database.work(staff_caller(town.lead), now=town.now) as work:
        assert len(list_intake(work)) == len(list_possible(work)) == 1
    assert (events(town, "intake.listed"), events(town, "match.possible_listed")) == (1, 1)


def test_what_is_taken_back_while_it_is_being_shown_is_taken_back_from_who_saw_it(
    town: Town, school: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Read without a hold, the worker would take it back from nobody, and nobody would hear."""
    there = replace(town, database=Database(town.database.url.render_as_string(hide_password=False)))
    town.case(town.anna, JAN)
    signal_id = town.signal(school, JAN)
    town.match()
    reading, go_on = Event(), Event()
    mark_seen = notices.mark_seen

    def mark_later(*args: Any, **named: Any) -> None:
        if current_thread().name == "reader":
            reading.set()
            go_on.wait(1.5)
        mark_seen(*args, **named)

    def take_back() -> None:
        there.withdraw(school, signal_id, "unjustified")
        there.match()
        go_on.set()

    monkeypatch.setattr(notices, "mark_seen", mark_later)
    threads = [Thread(target=town.inbox, args=(town.anna,), name="reader"), Thread(target=take_back)]
    threads[0].start()
    assert reading.wait(20)
    threads[1].start()
    for thread in threads:
        thread.join()
    there.database.close()
    told = {notice.kind: notice for notice in town.inbox(town.anna)}
    assert (told["match"].state, told["match"].partner, told["void"].state) == ("void", None, "new")


def test_taking_an_item_and_taking_it_back_do_not_wait_for_each_other(
    town: Town, school: Sender, police: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = replace(town, database=Database(town.database.url.render_as_string(hide_password=False)))
    signal_id = town.signal(school, JAN)
    town.signal(police, JAN)
    town.match()
    with town.database.work(staff_caller(town.lead), now=town.now) as work:
        item_id = list_intake(work)[0].item_id
    town.withdraw(school, signal_id)
    taking_back = Event()
    end_assignments = matches.end_assignments
    failed: list[BaseException] = []

    def end_later(*args: Any, **named: Any) -> None:
        if current_thread().name == "worker":
            taking_back.set()
            Event().wait(1.0)
        end_assignments(*args, **named)

    def work_on() -> None:
        try:
            there.match()
        except DatError as failure:
            failed.append(failure)

    monkeypatch.setattr(matches, "end_assignments", end_later)
    worker = Thread(target=work_on, name="worker")
    worker.start()
    assert taking_back.wait(20)
    with town.database.work(staff_caller(town.anna), now=town.now) as work:
        assert accept_intake(work, item_id) is None
    worker.join()
    there.database.close()
    assert failed == []
