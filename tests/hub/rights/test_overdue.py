"""What is late, by the clock of each controller: a month, six weeks for the police, days for advice."""

from __future__ import annotations

from uuid import UUID

import pytest

from hub.partners.errors import RoleNotAllowedError
from hub.partners.values import Staff
from hub.rights.models import RightsRequestRow
from hub.rights.overdue import list_deadlines
from hub.rights.reporting import make_report
from hub.rights.values import Clock, Controller, Deadline, Ground, Outcome, Request
from service.work import OPERATOR, SYSTEM, Caller
from tests import builders
from tests.builders import Sender, staff_caller
from tests.hub.rights.conftest import MILA, RightsDesk

ADULT = {"bracket": "23+", "bracketEnds": None}


def late(desk: RightsDesk, staff: Staff | Caller | None = None, *, within: int = 0) -> list[Deadline]:
    """What somebody sees."""
    staff = staff or desk.officer
    caller = staff if isinstance(staff, Caller) else staff_caller(staff)
    with desk.database.work(caller, now=desk.town.now) as work:
        return list_deadlines(work, within_days=within)


@pytest.fixture
def police(desk: RightsDesk) -> Sender:
    """A police team that signalled about Mila."""
    sender = builders.sender(desk.database, "police", now=desk.town.now, name="Basisteam Oost")
    desk.town.signal(sender, MILA)
    return sender


def searched(desk: RightsDesk) -> Request:
    """A request for access about which both a school and the police are found."""
    request = desk.file()
    return desk.found(request)


def test_tra_06_each_controller_has_its_own_clock(desk: RightsDesk, school: Sender, police: Sender) -> None:
    desk.town.signal(school, MILA)
    searched(desk)
    assert late(desk) == []
    assert {one.controller for one in late(desk.later(days=29), within=7)} == {
        Controller.MUNICIPALITY,
        Controller.PARTNER,
    }
    after_month = late(desk.later(days=31))
    assert {(one.clock, one.controller, one.days_late) for one in after_month} == {
        (Clock.ANSWER, Controller.MUNICIPALITY, 1),
        (Clock.ANSWER, Controller.PARTNER, 1),
    }
    six_weeks = late(desk.later(days=43))
    assert {one.controller for one in six_weeks} == set(Controller)
    assert six_weeks[-1].controller is Controller.POLICE


def test_tra_06_advice_that_does_not_come_and_what_is_not_put_right_are_late_too(
    desk: RightsDesk, school: Sender
) -> None:
    desk.town.signal(school, MILA)
    request = desk.file("rectification")
    desk.search(request)
    desk.ask(request)
    (one,) = late(desk.later(days=15))
    assert (one.clock, one.organisation_id, one.desk_id) == (Clock.ADVICE, school.partner.id, desk.team.id)
    desk.advise(school)
    desk.decide(request, Outcome.GRANTED, Ground.INACCURATE)
    assert late(desk.later(days=14)) == []
    (one,) = late(desk.later(days=15))
    assert (one.clock, one.organisation_id) == (Clock.CORRECTION, school.partner.id)


def test_tra_06_who_answers_sees_it_and_nobody_else(desk: RightsDesk, school: Sender) -> None:
    desk.town.signal(school, MILA)
    searched(desk)
    later, now = desk.later(days=40), desk.town.now
    elsewhere = builders.admit_partner(desk.database, "municipal_team", now=now)

    def officer(organisation: UUID) -> Staff:
        partner = desk.team if organisation == desk.team.id else elsewhere
        return builders.authorise_staff(desk.database, partner, "privacy_officer", now=now, contact=None)

    assert len(late(later, officer(desk.team.id))) == len(late(later, OPERATOR)) == 2
    assert late(later, officer(elsewhere.id)) == []
    with pytest.raises(RoleNotAllowedError):
        late(later, desk.town.anna)


def test_tra_06_the_police_have_a_report_of_their_own(
    desk: RightsDesk, school: Sender, police: Sender
) -> None:
    desk.town.case(desk.town.anna, MILA)
    desk.town.signal(school, MILA)
    desk.town.match()
    desk.town.inbox(desk.town.anna)
    request = searched(desk)
    with desk.work(desk.officer) as work:
        whole, part = (make_report(work, request.id, part=one) for one in (None, Controller.POLICE))
    assert {one.organisation for one in part.registered} == {"Basisteam Oost"}
    assert len(whole.registered) == 3
    assert [(one.organisation, one.act) for one in part.told] == [("Wijkteam Oost", "notice")]
    assert part.controllers == {Controller.POLICE}


def test_tra_06_who_met_the_requester_is_not_told_by_a_clock_who_registered_them(
    desk: RightsDesk, school: Sender, police: Sender
) -> None:
    desk.town.signal(school, MILA)
    request = desk.file("rectification")
    desk.search(request)
    desk.ask(request)
    (one,) = late(desk, desk.desk, within=92)
    assert (one.clock, one.controller, one.organisation_id) == (
        Clock.ANSWER,
        Controller.MUNICIPALITY,
        desk.team.id,
    )
    assert {each.controller for each in late(desk, within=92)} == set(Controller)
    with desk.database.work(SYSTEM, now=desk.town.now) as work:
        work.session.get_one(RightsRequestRow, request.id).recorded_by = desk.officer.id
    assert late(desk, within=92) == [one]
