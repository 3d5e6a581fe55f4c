"""Objections that were heard outside the desk: by the own municipality, and rejected as a request only."""

from __future__ import annotations

from uuid import UUID

import pytest

from hub.cases.errors import OwnCaseError
from hub.cases.models import CaseRow
from hub.consent.errors import ObjectionDecidedError, ObjectionMissingError
from hub.consent.models import ObjectionRow
from hub.consent.service import lift_objection
from hub.partners.errors import RoleNotAllowedError
from hub.rights import desks, objecting
from hub.rights.errors import IdentityNotVerifiedError, ObjectionTakenUpError, RequesterNotEntitledError
from hub.rights.schemas import Requester
from hub.rights.values import Advice, Ground, Outcome, Request
from hub.subjects.models import RegistrationRow
from service.work import OPERATOR, SYSTEM
from tests import builders
from tests.builders import Sender
from tests.hub.rights.conftest import MILA, RightsDesk
from tests.hub.rights.test_requests import elsewhere


@pytest.fixture
def desk(desk: RightsDesk) -> RightsDesk:
    """The desk that answers for its own team."""
    builders.appoint_desks(desk.database, desk.team, now=desk.town.now)
    return desk


def requester(**changes: object) -> Requester:
    """A young person of 12 to 15 with both parents."""
    facts = {
        "identification": "digid",
        "filedBy": "both",
        "authority": "parental",
        "authorityHolders": 2,
        "holdersAsking": 2,
        "bracket": "12-15",
        "bracketEnds": "2028-Q3",
    }
    return Requester.model_validate({**facts, **changes})


def take_up(desk: RightsDesk, objection_id: UUID, **changes: object) -> Request:
    """Take an objection up at the desk."""
    with desk.work(desk.desk) as work:
        return objecting.take_up(work, objection_id, requester(**changes))


def test_con_12_an_objection_is_seen_and_upheld_at_the_own_municipality_only(desk: RightsDesk) -> None:
    there, objection_id = elsewhere(desk), desk.town.object(MILA)
    with there.work(there.officer) as work:
        assert objecting.list_waiting(work) == []
    for act in (objecting.uphold, lambda work, id_: objecting.take_up(work, id_, requester())):
        staff = there.officer if act is objecting.uphold else there.desk
        with pytest.raises(ObjectionMissingError), there.work(staff) as work:
            act(work, objection_id)
    with desk.work(desk.officer) as work:
        assert [one.id for one in objecting.list_waiting(work)] == [objection_id]
    with pytest.raises(RoleNotAllowedError), desk.work(desk.desk) as work:
        objecting.uphold(work, objection_id)
    with desk.work(desk.officer) as work:
        assert objecting.uphold(work, objection_id).state == "upheld"


def test_con_12_nobody_upholds_an_objection_about_the_own_case(desk: RightsDesk) -> None:
    case_id, objection_id = desk.town.case(desk.town.anna, MILA), desk.town.object(MILA)
    with desk.database.work(SYSTEM, now=desk.town.now) as work:
        work.session.get_one(CaseRow, case_id).casemanager = desk.officer.id
    with pytest.raises(OwnCaseError), desk.work(desk.officer) as work:
        objecting.uphold(work, objection_id)


def test_con_12_one_that_is_taken_up_is_decided_on_advice_under_the_clock_of_its_first_day(
    desk: RightsDesk, school: Sender
) -> None:
    desk.town.signal(school, MILA)
    objection_id = desk.town.object(MILA)
    later = desk.later(days=3)
    request = take_up(later, objection_id)
    assert (request.id, request.received_at) == (objection_id, desk.town.now)
    with pytest.raises(ObjectionDecidedError), desk.work(desk.desk) as work:
        lift_objection(work, objection_id)
    with desk.look() as work:
        assert work.session.get_one(ObjectionRow, objection_id).lifted_at is None
    later.search(request)
    later.ask(request)
    later.advise(school, Advice.JUSTIFIED)
    later.decide(request, Outcome.REJECTED, Ground.COMPELLING_GROUNDS)
    with desk.look() as work:
        assert work.session.get_one(ObjectionRow, objection_id).lifted_at is not None
        assert work.session.get(RegistrationRow, objection_id) is None


def test_tra_07_who_objects_is_identified_before_it_is_taken_up_and_it_is_once(desk: RightsDesk) -> None:
    objection_id = desk.town.object(MILA)
    with pytest.raises(IdentityNotVerifiedError):
        take_up(desk, objection_id, identification="not_verified")
    with pytest.raises(RequesterNotEntitledError):
        take_up(desk, objection_id, holdersAsking=1)
    take_up(desk, objection_id)
    with pytest.raises(ObjectionTakenUpError):
        take_up(desk, objection_id)
    with desk.work(desk.officer) as work:
        assert objecting.list_waiting(work) == []
    with desk.database.work(OPERATOR, now=desk.town.now) as work:
        assert desks.list_served(work, desk.team.id) >= {desk.team.id}
