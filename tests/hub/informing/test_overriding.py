"""An override: a coded ground, two persons or closed within a day, reviewed, told of later. CON-11."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest

from hub.consent.errors import NoticeIncompleteError
from hub.informing.errors import (
    OverrideClosedError,
    OverrideGroundError,
    OverrideMissingError,
    OverrideStandsError,
    SecondPersonError,
    SignalEndedError,
)
from hub.informing.overriding import ask_override, confirm_override, end_due
from hub.informing.reviewing import (
    attest_told,
    list_overrides,
    postpone_telling,
    review_override,
)
from hub.informing.values import Override, ReviewOutcome
from hub.partners.errors import RoleNotAllowedError
from hub.partners.values import Staff
from hub.rights.desks import appoint_desk
from hub.signals.errors import SignalMissingError
from hub.teams.administration import open_team
from hub.teams.values import Team
from service.clock import dutch_date
from service.work import OPERATOR, SYSTEM
from tests import builders
from tests.hub.informing.conftest import Story


@dataclass(frozen=True)
class Hall:
    """The town hall: Anna and Bram of the team, and the privacy officer, and what each does."""

    story: Story
    officer: Staff

    @property
    def anna(self) -> Staff:
        """The casemanager who asks."""
        return self.story.town.anna

    @property
    def bram(self) -> Staff:
        """The colleague who confirms."""
        return self.story.town.bram

    def later(self, **time: float) -> Hall:
        """The same hall later, before any chore."""
        return Hall(Story(self.story.town.later(**time), self.story.school), self.officer)

    def ask(self, signal_id: UUID, *, ground: str = "vital_interest", by: Staff | None = None) -> Override:
        """Ask for an override, and let the worker match."""
        return self._act(by or self.anna, lambda work: ask_override(work, signal_id, ground=ground))

    def confirm(self, override: Override, *, by: Staff | None = None) -> Override:
        """Confirm it, and let the worker match."""
        return self._act(by or self.bram, lambda work: confirm_override(work, override.id))

    def review(self, override: Override, outcome: str = "justified", *, by: Staff | None = None) -> Override:
        """Judge it, and let the worker match."""
        return self._act(
            by or self.officer,
            lambda work: review_override(work, override.id, outcome=ReviewOutcome(outcome)),
        )

    def queue(self, staff: Staff | None = None) -> list[UUID]:
        """What waits for somebody."""
        return [one.id for one in self._act(staff or self.officer, list_overrides)]

    def told_on(self, override: Override, *, days: int = 0, by: Staff | None = None) -> Override:
        """The person was told so many days from now."""
        on = dutch_date(self.later(days=days).story.now)
        return self._act(by or self.anna, lambda work: attest_told(work, override.id, given_on=on))

    def postpone(self, override: Override, *, by: Staff | None = None) -> Override:
        """Telling would endanger somebody."""
        return self._act(by or self.officer, lambda work: postpone_telling(work, override.id))

    def work(self) -> int:
        """The worker ends what is over."""
        with self.story.town.database.work(SYSTEM, now=self.story.now) as work:
            count = end_due(work)
        self.story.town.match()
        return count

    def _act(self, staff: Staff, act: object) -> object:
        with self.story.town.database.work(builders.staff_caller(staff), now=self.story.now) as work:
            done = act(work)  # type: ignore[operator]
        self.story.town.match()
        return done


@pytest.fixture
def hall(story: Story) -> Hall:
    """The hall of the story."""
    town = story.town
    officer = builders.authorise_staff(
        town.database, town.team, "privacy_officer", now=story.now, contact=None
    )
    return Hall(story, officer)


@pytest.fixture
def signal_id(story: Story) -> UUID:
    """A signal of which nobody may be told, because the person was not."""
    return story.signal(subjectNotice="pending")


def test_con_11_an_override_opens_what_waits_and_without_a_second_person_closes_within_a_day(
    hall: Hall, signal_id: UUID
) -> None:
    assert hall.story.told() == []
    hall.ask(signal_id)
    assert hall.story.told() == ["match"]
    assert hall.later(hours=23).work() == 0
    after = hall.later(hours=24)
    assert after.work() == 1
    assert after.story.told() == ["match", "void"]


def test_con_11_an_override_that_is_over_tells_nobody_even_when_no_chore_came_by(
    hall: Hall, signal_id: UUID
) -> None:
    hall.ask(signal_id)
    assert hall.later(hours=25).story.told() == []


def test_con_11_with_a_second_person_an_override_stands_for_its_days(hall: Hall, signal_id: UUID) -> None:
    override = hall.later(hours=3).confirm(hall.ask(signal_id))
    assert override.confirmed_at is not None
    assert hall.later(days=14).work() == 0
    assert hall.later(days=14, hours=4).work() == 1


def test_con_11_whoever_asked_is_not_the_second_person_and_nobody_confirms_too_late(
    hall: Hall, signal_id: UUID
) -> None:
    override = hall.ask(signal_id)
    with pytest.raises(SecondPersonError):
        hall.confirm(override, by=hall.anna)
    with pytest.raises(OverrideClosedError):
        hall.later(hours=24).confirm(override)
    hall.confirm(override)
    with pytest.raises(OverrideClosedError):
        hall.confirm(override, by=hall.story.town.lead)


def test_con_11_after_one_that_nobody_confirmed_the_next_opens_only_with_two(
    hall: Hall, signal_id: UUID
) -> None:
    hall.ask(signal_id)
    tomorrow = hall.later(hours=25)
    tomorrow.work()
    again = tomorrow.ask(signal_id)
    assert again.opened_at is None
    assert tomorrow.story.told() == []
    tomorrow.confirm(again)
    assert tomorrow.story.told() == ["match"]


@pytest.mark.parametrize("outcome", ["unjustified", "not_needed", "justified", None])
def test_con_11_of_one_signal_a_single_person_opens_the_first_override_only(
    hall: Hall, signal_id: UUID, outcome: str | None
) -> None:
    override = hall.confirm(hall.ask(signal_id))
    if outcome:
        hall.review(override, outcome)
    later = hall.later(days=15)
    later.work()
    before = later.story.told()
    again = later.ask(signal_id)
    assert again.opened_at is None
    assert later.story.told() == before
    assert later.confirm(again).opened_at is not None


@pytest.mark.parametrize(("residence", "near"), [("0363", True), ("036301", True), ("0518", False)])
def test_con_11_a_signal_of_another_municipality_is_not_theirs_to_open(
    hall: Hall, residence: str, *, near: bool
) -> None:
    town = hall.story.town
    there = builders.admit_partner(town.database, "municipal_team", now=town.now)
    carla = builders.authorise_staff(town.database, there, "casemanager", now=town.now)
    with town.database.work(OPERATOR, now=town.now) as work:
        open_team(work, Team(id=there.id, organisation_id=there.id, whole=True, municipality="0363"))
    signal_id = hall.story.signal(subjectNotice="pending", residence=residence)
    with nullcontext() if near else pytest.raises(SignalMissingError):
        hall.ask(signal_id, by=carla)


def test_con_11_of_a_signal_without_residence_the_team_that_takes_it_asks(
    hall: Hall, signal_id: UUID
) -> None:
    town = hall.story.town
    elsewhere = builders.admit_partner(town.database, "municipal_team", now=town.now)
    carla = builders.authorise_staff(town.database, elsewhere, "casemanager", now=town.now)
    with pytest.raises(SignalMissingError):
        hall.ask(signal_id, by=carla)


def test_con_11_the_privacy_officer_of_another_municipality_neither_sees_nor_judges(
    hall: Hall, signal_id: UUID
) -> None:
    override, town = hall.ask(signal_id), hall.story.town
    elsewhere = builders.admit_partner(town.database, "municipal_team", now=town.now)
    officer = builders.authorise_staff(town.database, elsewhere, "privacy_officer", now=town.now)
    assert hall.queue(officer) == []
    for act in (hall.review, hall.postpone, hall.told_on):
        with pytest.raises(OverrideMissingError):
            act(override, by=officer)
    with town.database.work(OPERATOR, now=town.now) as work:
        appoint_desk(work, town.team.id, desk_id=elsewhere.id)
    assert hall.queue(officer) == [override.id]
    assert hall.review(override, by=officer).outcome == "justified"


def test_one_override_at_a_time(hall: Hall, signal_id: UUID) -> None:
    override = hall.ask(signal_id)
    assert hall.ask(signal_id).id == override.id
    with pytest.raises(OverrideStandsError):
        hall.ask(signal_id, by=hall.bram)
    with pytest.raises(OverrideStandsError):
        hall.ask(signal_id, ground="youth_at_risk")


def test_only_a_municipal_professional_asks_on_a_listed_ground_about_a_signal_that_stands(
    hall: Hall, signal_id: UUID
) -> None:
    for staff in (hall.story.town.desk, hall.officer, hall.story.school.reporter):
        with pytest.raises(RoleNotAllowedError):
            hall.ask(signal_id, by=staff)
    with pytest.raises(OverrideGroundError):
        hall.ask(signal_id, ground="worried")
    with pytest.raises(SignalMissingError):
        hall.ask(uuid4())
    hall.story.town.withdraw(hall.story.school, signal_id)
    with pytest.raises(SignalEndedError):
        hall.ask(signal_id)


def test_another_team_neither_sees_nor_confirms(hall: Hall, signal_id: UUID) -> None:
    override, town = hall.ask(signal_id), hall.story.town
    elsewhere = builders.admit_partner(town.database, "municipal_team", now=town.now)
    carla = builders.authorise_staff(town.database, elsewhere, "casemanager", now=town.now)
    assert hall.queue(hall.bram) == [override.id]
    assert hall.queue(carla) == []
    for act in (hall.confirm, hall.told_on):
        with pytest.raises(OverrideMissingError):
            act(override, by=carla)


def test_con_11_an_objection_stands_whatever_the_override(hall: Hall, signal_id: UUID) -> None:
    hall.story.town.object(builders.everything("child"))
    hall.confirm(hall.ask(signal_id))
    assert hall.story.told() == []


@pytest.mark.parametrize("outcome", ["unjustified", "not_needed"])
def test_con_11_a_review_that_finds_it_was_not_needed_closes_it_and_takes_back_what_was_told(
    hall: Hall, signal_id: UUID, outcome: str
) -> None:
    override = hall.confirm(hall.ask(signal_id))
    assert hall.story.told() == ["match"]
    assert hall.review(override, outcome).outcome == outcome
    assert hall.story.told() == ["match", "void"]
    with pytest.raises(OverrideClosedError):
        hall.review(override)


def test_con_11_every_use_waits_for_review_and_until_the_person_was_told(hall: Hall, signal_id: UUID) -> None:
    override = hall.ask(signal_id)
    assert hall.queue() == [override.id]
    hall.review(override)
    assert hall.queue() == [override.id]
    hall.told_on(override)
    assert hall.queue() == []
    assert hall.told_on(override).informed_on is not None
    with pytest.raises(OverrideClosedError):
        hall.later(days=2).told_on(override)


def test_con_11_telling_is_put_off_while_it_endangers_and_decided_anew_each_time(
    hall: Hall, signal_id: UUID
) -> None:
    override = hall.ask(signal_id)
    hall.review(override)
    hall.postpone(override)
    assert hall.later(days=14).queue() == []
    again = hall.later(days=15)
    assert again.queue() == [override.id]
    again.postpone(override)
    assert again.queue() == []
    assert hall.later(days=30).queue() == [override.id]


def test_a_day_on_which_nobody_can_have_been_told_is_refused(hall: Hall, signal_id: UUID) -> None:
    override = hall.ask(signal_id)
    for days in (-1, 1):
        with pytest.raises(NoticeIncompleteError):
            hall.told_on(override, days=days)


def test_a_team_neither_reviews_nor_postpones(hall: Hall, signal_id: UUID) -> None:
    override = hall.ask(signal_id)
    for act in (hall.review, hall.postpone):
        with pytest.raises(RoleNotAllowedError):
            act(override, by=hall.bram)
