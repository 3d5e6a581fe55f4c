"""An exception to telling the person: two persons, a listed ground, four weeks and two more. TRA-04."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from hub.approving import EFFECTS
from hub.changes.errors import SamePersonError
from hub.changes.service import approve
from hub.informing.errors import ExceptionNotAllowedError, ExceptionStandsError, NoticeAttestedError
from hub.informing.excepting import ask_exception
from hub.partners.errors import RoleNotAllowedError
from hub.partners.values import Staff
from service.work import SYSTEM
from tests import builders
from tests.hub.informing.conftest import Story


@dataclass(frozen=True)
class School:
    """The reporter and the coordinator of the school, with their own keys."""

    reporter: Staff
    coordinator: Staff

    def ask(self, story: Story, signal_id: UUID, *, code: str = "protection_of_subject") -> UUID:
        """The reporter asks."""
        with story.town.database.work(builders.staff_caller(self.reporter), now=story.now) as work:
            return ask_exception(work, signal_id, code=code).id

    def approve(self, story: Story, change_id: UUID, *, by: Staff | None = None) -> None:
        """The coordinator approves, and the worker matches."""
        caller = builders.staff_caller(by or self.coordinator)
        with story.town.database.work(caller, now=story.now) as work:
            approve(work, change_id, effects=EFFECTS)
        story.town.match()

    def except_(self, story: Story, signal_id: UUID) -> None:
        """Both, one after the other."""
        self.approve(story, self.ask(story, signal_id))


@pytest.fixture
def school(story: Story) -> School:
    """The people of the school in the story."""
    coordinator = builders.authorise_staff(
        story.town.database, story.school.partner, "partner_coordinator", now=story.now
    )
    return School(story.school.reporter, coordinator)


def test_tra_04_an_exception_opens_nothing_until_a_second_person_approves(
    story: Story, school: School
) -> None:
    signal_id = story.signal(subjectNotice="pending")
    change_id = school.ask(story, signal_id)
    story.work()
    assert story.told() == []
    with pytest.raises((SamePersonError, RoleNotAllowedError)):
        school.approve(story, change_id, by=school.reporter)
    assert story.told() == []
    school.approve(story, change_id)
    assert story.told() == ["match"]
    assert story.standing(signal_id).state == "exception"


def test_tra_04_after_four_weeks_an_exception_is_over_and_the_person_must_be_told(
    story: Story, school: School
) -> None:
    signal_id = story.signal(subjectNotice="pending")
    school.except_(story, signal_id)
    assert story.later(days=28).told() == ["match"]
    after = story.later(days=29)
    assert after.standing(signal_id).state == "pending"
    assert after.told() == ["match", "void"]
    assert story.later(days=32).standing(signal_id).state == "overdue"


def test_tra_04_an_exception_that_is_over_opens_nothing_even_when_no_chore_came_by(
    story: Story, school: School
) -> None:
    signal_id = story.signal(subjectNotice="pending")
    school.except_(story, signal_id)
    after = Story(story.town.later(days=29), story.school)
    assert after.told() == []


def test_tra_04_an_exception_goes_on_for_two_weeks_each_time_and_never_ahead(
    story: Story, school: School
) -> None:
    signal_id = story.signal(subjectNotice="pending")
    school.except_(story, signal_id)
    with pytest.raises(ExceptionStandsError):
        school.ask(story.later(days=13), signal_id)
    near = story.later(days=20)
    school.except_(near, signal_id)
    with pytest.raises(ExceptionStandsError):
        school.ask(near, signal_id)
    assert story.later(days=42).standing(signal_id).state == "exception"
    over = story.later(days=50)
    assert over.standing(signal_id).state == "overdue"
    school.except_(over, signal_id)
    assert story.later(days=64).standing(signal_id).state == "exception"
    assert story.later(days=65).standing(signal_id).state == "overdue"


def test_two_proposals_at_once_do_not_add_up(story: Story, school: School) -> None:
    signal_id = story.signal(subjectNotice="pending")
    first, second = school.ask(story, signal_id), school.ask(story, signal_id)
    school.approve(story, first)
    with pytest.raises(ExceptionStandsError):
        school.approve(story, second)


def test_a_notice_that_was_given_needs_no_exception_and_ends_one(story: Story, school: School) -> None:
    signal_id = story.signal(subjectNotice="pending")
    change_id = school.ask(story, signal_id)
    story.attest(signal_id)
    for again in (lambda: school.ask(story, signal_id), lambda: school.approve(story, change_id)):
        with pytest.raises(NoticeAttestedError):
            again()
    assert story.later(days=40).standing(signal_id).state == "given"


@pytest.mark.parametrize("code", ["inconvenient", "Protection"])
def test_a_ground_that_is_not_listed_is_refused(story: Story, school: School, code: str) -> None:
    signal_id = story.signal(subjectNotice="pending")
    with pytest.raises(ExceptionNotAllowedError):
        school.ask(story, signal_id, code=code)


def test_a_basis_without_exceptions_gets_none(story: Story, school: School) -> None:
    signal_id = story.signal(subjectNotice="pending", legalBasis="CONSENT")
    with pytest.raises(ExceptionNotAllowedError):
        school.ask(story, signal_id)


def test_an_organisations_key_asks_for_no_exception(story: Story) -> None:
    signal_id = story.signal(subjectNotice="pending")
    with (
        pytest.raises(RoleNotAllowedError),
        story.town.database.work(story.school.caller, now=story.now + timedelta(hours=1)) as work,
    ):
        ask_exception(work, signal_id, code="investigation")


def test_sig_08_of_a_signal_that_was_erased_no_ground_is_kept(story: Story, school: School) -> None:
    signal_id = story.signal(subjectNotice="pending")
    school.except_(story, signal_id)
    story.town.withdraw(story.school, signal_id, "unjustified")
    story.work()
    with story.town.database.look(SYSTEM) as work:
        kept = work.session.scalar(text("SELECT count(*) FROM notice_exception"))
        grounds = work.session.scalar(text("SELECT count(exception_code) FROM signal"))
        asked = work.session.scalar(text("SELECT count(*) FROM change_proposal"))
    assert (kept, grounds, asked) == (0, 0, 0)
