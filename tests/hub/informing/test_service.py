"""Nobody is told before the person was: attested later, overdue after a month, never by mail."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text

from hub.consent.errors import NoticeIncompleteError
from hub.informing.errors import NoticeAttestedError, SignalEndedError
from hub.informing.schemas import NewSubjectNotice
from hub.informing.service import attest_notice, follow_terms
from hub.partners.errors import ReporterNotAuthorisedError
from hub.signals.errors import SignalMissingError
from hub.signals.service import list_own
from service.clock import dutch_date
from service.work import SYSTEM
from tests import builders
from tests.hub.informing.conftest import Story


@pytest.mark.parametrize("posted", ["pending", "exception"])
def test_tra_01_nobody_is_told_before_the_notice_is_attested(story: Story, posted: str) -> None:
    signal_id = story.signal(subjectNotice=posted)
    assert story.told() == []
    story.attest(signal_id)
    assert story.told() == ["match"]
    assert story.standing(signal_id).state == "given"


def test_a_notice_is_attested_once_and_repeating_it_changes_nothing(story: Story) -> None:
    signal_id = story.signal(subjectNotice="pending")
    first = story.attest(signal_id)
    assert story.later(days=2).attest(signal_id, on=first.given_on) == first
    with pytest.raises(NoticeAttestedError):
        story.attest(signal_id, on=first.given_on - timedelta(days=1))


def test_tra_01_what_was_attested_in_the_post_is_the_same_attestation(story: Story) -> None:
    day = dutch_date(story.now) - timedelta(days=1)
    signal_id = story.signal(noticeDate=day.isoformat())
    assert story.attest(signal_id, on=day).given_to == {"subject", "representative"}
    with pytest.raises(NoticeAttestedError):
        story.attest(signal_id)


def test_an_incomplete_notice_is_refused_and_opens_nothing(story: Story) -> None:
    signal_id = story.signal(subjectNotice="pending")
    with pytest.raises(NoticeIncompleteError) as refused:
        story.attest(signal_id, "representative")
    assert refused.value.places == ("/givenTo",)
    assert story.told() == []


def test_another_organisation_attests_nothing_and_learns_nothing(story: Story) -> None:
    signal_id = story.signal(subjectNotice="pending")
    other = builders.sender(story.town.database, "police", now=story.now)
    for unknown in (signal_id, uuid4()):
        with pytest.raises(SignalMissingError):
            story.attest(unknown, by=other)


def test_a_colleague_of_the_reporter_attests_nothing(story: Story) -> None:
    signal_id = story.signal(subjectNotice="pending")
    colleague = builders.authorise_staff(story.town.database, story.school.partner, now=story.now)
    message = NewSubjectNotice.model_validate({"givenDate": "2026-11-18", "givenTo": ["subject"]})
    with (
        pytest.raises(ReporterNotAuthorisedError),
        story.town.database.work(builders.staff_caller(colleague), now=story.now) as work,
    ):
        attest_notice(work, signal_id, message)


def test_of_a_signal_that_ended_there_is_nothing_to_tell(story: Story) -> None:
    signal_id = story.signal(subjectNotice="pending")
    story.town.withdraw(story.school, signal_id)
    with pytest.raises(SignalEndedError):
        story.attest(signal_id)


def test_tra_01_after_a_month_a_notice_is_overdue_in_the_organisations_own_list(story: Story) -> None:
    signal_id = story.signal(subjectNotice="pending")
    story.signal(subjectNotice="given")
    due_on = story.standing(signal_id).due_on
    assert (due_on.month, due_on.day) == (12, 18)
    for days, state, count in ((30, "pending", 0), (31, "overdue", 1)):
        then = story.later(days=days)
        assert then.standing(signal_id).state == state
        with story.town.database.work(story.school.caller, now=then.now) as work:
            found, _ = list_own(work, cursor=None, page_size=10, only_overdue=True)
        assert [one.id for one in found] == [signal_id] * count


def test_an_overdue_notice_is_recorded_once_and_mailed_to_nobody(story: Story) -> None:
    story.signal(subjectNotice="pending")
    counts = []
    for days in (40, 41):
        with story.town.database.work(SYSTEM, now=story.now + timedelta(days=days)) as work:
            counts.append(follow_terms(work))
            mails = work.session.scalar(text("SELECT count(*) FROM notice_mail"))
    assert (counts, mails) == ([1, 0], 0)
