"""The inbox: once, only one's own, acknowledged, recorded when it is first shown."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import select, text

from hub.notices.erasing import list_seen
from hub.notices.errors import NoticeClosedError, NoticeMissingError
from hub.notices.models import NoticeRow
from hub.notices.service import (
    NewNotice,
    Notice,
    NoticeKind,
    NoticeState,
    acknowledge,
    find_page,
    queue,
    set_levels,
    show,
    take_back_shown,
    void_for_matches,
)
from hub.partners.errors import RoleNotAllowedError
from hub.partners.service import Staff
from service.work import SYSTEM, Caller, Role
from tests import builders
from tests.builders import Town, staff_caller


def put(town: Town, *notices: NewNotice) -> int:
    with town.database.work(SYSTEM, now=town.now) as work:
        return queue(work, notices)


def notice_for(town: Town, staff: Staff, **changes: object) -> NewNotice:
    facts: dict[str, object] = {
        "match_id": uuid4(),
        "recipient": staff.id,
        "kind": NoticeKind.MATCH,
        "organisation_id": town.team.id,
        "case_id": uuid4(),
        "signal_id": uuid4(),
        "agreed": frozenset({"F", "H"}),
    }
    return NewNotice(**(facts | changes))  # type: ignore[arg-type]


def answer(town: Town, staff: Staff, notice: Notice, outcome: NoticeState) -> Notice:
    with town.database.work(staff_caller(staff), now=town.now) as work:
        return acknowledge(work, notice.notice_id, outcome=outcome)


def recorded(town: Town, code: str) -> int:
    with town.database.look(SYSTEM) as work:
        leaves = work.session.scalars(text("SELECT leaf FROM audit_event")).all()
    return sum(f'"{code}"'.encode() in bytes(leaf) for leaf in leaves)


def test_a_notice_comes_once_whoever_puts_it_there_again(town: Town) -> None:
    notice = notice_for(town, town.anna)
    assert [put(town, notice), put(town, notice)] == [1, 0]
    assert len(town.inbox(town.anna)) == 1
    assert recorded(town, "notify.queued") == 1


def test_a_notice_that_was_answered_does_not_come_back(town: Town) -> None:
    new = notice_for(town, town.anna)
    put(town, new)
    answer(town, town.anna, town.inbox(town.anna)[0], NoticeState.ALREADY_IN_CONTACT)
    assert put(town, new) == 0
    assert [notice.state for notice in town.inbox(town.anna)] == ["already_in_contact"]


def test_tra_08_when_somebody_first_heard_and_the_most_stays_known_whatever_is_taken_back(town: Town) -> None:
    first = notice_for(town, town.anna, level=2)
    later, last = town.later(hours=1), town.later(hours=2)
    # Not witnessed, so not shown after all; then shown, taken back, and shown again, of less.
    put(town, first)
    town.inbox(town.anna)
    with town.database.work(staff_caller(town.anna), now=town.now) as work:
        take_back_shown(work, town.now)
        assert list_seen(work, [first.match_id]) == []
    later.inbox(town.anna)
    with town.database.work(SYSTEM, now=later.now) as work:
        void_for_matches(work, [first.match_id])
    # Again, of more: whether what it then said was not shown, or was.
    put(last, replace(first, level=3))
    last.inbox(town.anna)
    with town.database.work(staff_caller(town.anna), now=last.now) as work:
        take_back_shown(work, last.now)
        (seen,) = [one for one in list_seen(work, [first.match_id]) if one.kind is NoticeKind.MATCH]
    assert (seen.seen_at, seen.level, seen.shown_at) == (later.now, 2, None)
    last.inbox(town.anna)
    with town.database.look(SYSTEM) as work:
        (seen,) = [one for one in list_seen(work, [first.match_id]) if one.kind is NoticeKind.MATCH]
    assert (seen.seen_at, seen.level, seen.shown_at) == (later.now, 3, last.now)


def test_nobody_sees_or_answers_the_notice_of_another(town: Town) -> None:
    put(town, notice_for(town, town.anna))
    (notice,) = town.inbox(town.anna)
    assert town.inbox(town.bram) == []
    with pytest.raises(NoticeMissingError):
        answer(town, town.bram, notice, NoticeState.ACKNOWLEDGED)


def test_the_organisations_own_key_opens_nobodys_inbox(town: Town) -> None:
    caller = Caller(Role.PARTNER, town.team.id, None, "team")
    with pytest.raises(RoleNotAllowedError), town.database.work(caller) as work:
        find_page(work)


def test_a_reporter_has_no_inbox(town: Town) -> None:
    school = builders.sender(town.database, "school", now=town.now)
    with pytest.raises(RoleNotAllowedError):
        town.inbox(school.reporter)


@pytest.mark.parametrize("outcome", [NoticeState.ACKNOWLEDGED, NoticeState.ALREADY_IN_CONTACT])
def test_an_answer_is_kept_and_twice_is_once(town: Town, outcome: NoticeState) -> None:
    put(town, notice_for(town, town.anna))
    (notice,) = town.inbox(town.anna)
    assert answer(town, town.anna, notice, outcome).state == outcome
    assert answer(town, town.anna, notice, outcome).state == outcome
    assert recorded(town, "notice.acknowledged") == 1
    other = (
        NoticeState.ACKNOWLEDGED if outcome is NoticeState.ALREADY_IN_CONTACT else outcome.ALREADY_IN_CONTACT
    )
    with pytest.raises(NoticeClosedError):
        answer(town, town.anna, notice, other)
    assert town.inbox(town.anna, only_new=True) == []


def test_what_is_shown_for_the_first_time_is_recorded(town: Town) -> None:
    put(town, notice_for(town, town.anna))
    assert recorded(town, "notice.shown") == 0
    town.inbox(town.anna)
    town.inbox(town.anna)
    assert recorded(town, "notice.shown") == 1


def test_a_void_notice_cannot_be_answered(town: Town) -> None:
    new = notice_for(town, town.anna)
    put(town, new)
    (notice,) = town.inbox(town.anna)
    with town.database.work(SYSTEM, now=town.now) as work:
        void_for_matches(work, [new.match_id])
    with pytest.raises(NoticeClosedError):
        answer(town, town.anna, notice, NoticeState.ACKNOWLEDGED)


def test_a_notice_that_was_void_before_it_was_seen_was_never_there(town: Town) -> None:
    new = notice_for(town, town.anna)
    put(town, new)
    with town.database.work(SYSTEM, now=town.now) as work:
        void_for_matches(work, [new.match_id])
        id_ = work.session.scalar(text("SELECT id FROM notice"))
    assert town.inbox(town.anna) == []
    assert id_ is not None


def test_what_was_not_verified_is_neither_shown_nor_recorded(town: Town) -> None:
    put(town, notice_for(town, town.anna), notice_for(town, town.anna, kind=NoticeKind.INTAKE))
    with town.database.work(staff_caller(town.anna), now=town.now) as work:
        shown = show(work, find_page(work), verified=())
    assert [notice.kind for notice in shown] == ["intake"]
    assert recorded(town, "notice.shown") == 1


def test_what_was_never_shown_cannot_be_answered(town: Town) -> None:
    put(town, notice_for(town, town.anna))
    with town.database.look(staff_caller(town.anna)) as work:
        (notice_id,) = find_page(work).ids
    with pytest.raises(NoticeMissingError), town.database.work(staff_caller(town.anna)) as work:
        acknowledge(work, notice_id, outcome=NoticeState.ACKNOWLEDGED)


def test_a_level_is_lowered_always_and_raised_only_before_it_is_seen(town: Town) -> None:
    seen, unseen = notice_for(town, town.anna, level=2), notice_for(town, town.bram, level=2)
    put(town, seen, unseen)
    town.inbox(town.anna)
    levels = []
    for level in (3, 1):
        with town.database.work(SYSTEM, now=town.now) as work:
            set_levels(work, {seen.match_id: level, unseen.match_id: level})
            levels.append(
                [
                    work.session.scalar(select(NoticeRow.level).where(NoticeRow.match_id == one.match_id))
                    for one in (seen, unseen)
                ]
            )
    assert levels == [[2, 3], [1, 1]]


def test_pages_follow_each_other_without_gap_or_double(town: Town) -> None:
    """What is due first comes first, also on the pages after the first."""
    later = town.later(days=2)
    for moment in (later, town, later, town):
        put(moment, *(notice_for(town, town.anna) for _ in range(2)))
    seen, dues = [], []
    cursor = None
    while True:
        with town.database.work(staff_caller(town.anna), now=later.now) as work:
            page = find_page(work, cursor=cursor, page_size=3)
            shown = show(work, page, verified=page.told)
        seen += [notice.notice_id for notice in shown]
        dues += [notice.due_at for notice in shown]
        cursor = page.following
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 8
    assert len(set(dues)) == 2
    assert dues == sorted(dues)


def test_a_waiting_mail_is_stopped_with_its_last_notice(town: Town) -> None:
    first, second = notice_for(town, town.anna), notice_for(town, town.anna)
    put(town, first, second)

    def waiting() -> int:
        with town.database.look(SYSTEM) as work:
            return int(work.session.scalar(text("SELECT count(*) FROM notice_mail WHERE state = 'waiting'")))

    counts = [waiting()]
    for new in (first, second):
        with town.database.work(SYSTEM, now=town.now) as work:
            void_for_matches(work, [new.match_id])
        counts.append(waiting())
    assert counts == [1, 1, 0]
