"""What a sender hears back: a code, on two consents of the person, decided at each showing. MAT-14."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import text

from hub.consent.service import FeedbackCode, withdraw_consent
from hub.matches.errors import NothingToTellError, NotOwnerError
from hub.matches.feedback import Feedback, give_feedback, list_feedback
from hub.matches.owning import Progress, acknowledge, record_progress
from hub.notices.models import NoticeState
from hub.partners.errors import RoleNotAllowedError
from service.clock import dutch_date
from service.work import SYSTEM
from tests import builders
from tests.builders import Sender, Town, staff_caller
from tests.hub.matches.test_showing import BOTH, JAN, consent_to_feedback, desk

TAKEN_UP, WEIGHED = FeedbackCode.TAKEN_UP, FeedbackCode.JOINT_CONSIDERATION


def take_up(town: Town, sender: Sender) -> UUID:
    """Anna hears of a signal about Jan, and takes it up; returns the match."""
    town.case(town.anna, JAN)
    town.signal(sender, JAN)
    town.match()
    (notice,) = town.inbox(town.anna)
    with town.database.work(staff_caller(town.anna), now=town.now) as work:
        acknowledge(work, notice.notice_id, outcome=NoticeState.ACKNOWLEDGED)
    return notice.match_id


def give(town: Town, match_id: UUID, code: FeedbackCode = TAKEN_UP) -> bool:
    with town.database.work(staff_caller(town.anna), now=town.now) as work:
        return give_feedback(work, match_id, code)


def heard(town: Town, sender: Sender) -> list[Feedback]:
    with town.database.work(sender.caller, now=town.now) as work:
        return list_feedback(work)


def decisions(town: Town) -> int:
    with town.database.look(SYSTEM) as work:
        asked = "SELECT count(*) FROM decision WHERE purpose = 'sender_feedback'"
        return int(work.session.scalar(text(asked)) or 0)


@pytest.mark.parametrize("kinds", [(), ("data_processing",), ("secrecy_waiver",)])
def test_con_02_without_both_consents_a_sender_hears_nothing(
    town: Town, school: Sender, kinds: tuple[str, ...]
) -> None:
    match_id = take_up(town, school)
    consent_to_feedback(town, *kinds)
    assert give(town, match_id) is False
    assert heard(town, school) == []


def test_a_sender_hears_that_it_was_taken_up_until_a_consent_is_withdrawn(town: Town, school: Sender) -> None:
    match_id = take_up(town, school)
    consents = consent_to_feedback(town, *BOTH)
    assert heard(town, school) == []
    assert give(town, match_id) is True
    (one,) = heard(town, school)
    assert (one.code, one.given_on, one.considered_on) == (TAKEN_UP, dutch_date(town.now), None)
    stored = decisions(town)
    assert heard(town, school) == [one]
    assert decisions(town) == stored
    with town.database.work(desk(town), now=town.now) as work:
        withdraw_consent(work, consents[1])
    assert heard(town, school) == []


def test_nobody_else_hears_it(town: Town, school: Sender) -> None:
    match_id = take_up(town, school)
    consent_to_feedback(town, *BOTH)
    give(town, match_id)
    assert heard(town, builders.sender(town.database, "school", now=town.now)) == []
    with (
        pytest.raises(RoleNotAllowedError),
        town.database.work(staff_caller(town.anna), now=town.now) as work,
    ):
        list_feedback(work)
    with pytest.raises(NotOwnerError), town.database.work(staff_caller(town.bram), now=town.now) as work:
        give_feedback(work, match_id, TAKEN_UP)


def test_mat_14_school_attendance_hears_only_that_and_when_it_was_weighed_together(town: Town) -> None:
    office = builders.sender(town.database, "school_attendance", now=town.now)
    match_id = take_up(town, office)
    consent_to_feedback(town, *BOTH)
    for code in (TAKEN_UP, FeedbackCode.IN_CONTACT, FeedbackCode.CLOSED):
        assert give(town, match_id, code) is False
    with pytest.raises(NothingToTellError):
        give(town, match_id, WEIGHED)
    on = dutch_date(town.now)
    with town.database.work(staff_caller(town.anna), now=town.now) as work:
        record_progress(work, match_id, Progress(jointly_considered_on=on))
    assert give(town, match_id, WEIGHED) is True
    (one,) = heard(town, office)
    assert (one.code, one.considered_on) == (WEIGHED, on)


def test_mat_13_the_police_hear_nothing_whatever_was_consented_to(town: Town, police: Sender) -> None:
    match_id = take_up(town, police)
    consent_to_feedback(town, *BOTH)
    assert [give(town, match_id, code) for code in (TAKEN_UP, FeedbackCode.CLOSED)] == [False, False]
    assert heard(town, police) == []


def test_what_hangs_on_a_match_goes_with_it(town: Town, school: Sender) -> None:
    match_id = take_up(town, school)
    consent_to_feedback(town, *BOTH)
    give(town, match_id)
    town.withdraw(school, heard(town, school)[0].signal_id)
    assert heard(town, school) == []
