"""Who at a desk sees what of a request."""

from __future__ import annotations

import pytest

from hub.partners.roles import grant_role
from hub.partners.values import Grant, StaffRole
from hub.rights import desks
from hub.rights.errors import RequestMissingError
from hub.rights.values import Ground, Outcome
from service.work import OPERATOR
from tests import builders
from tests.builders import Sender
from tests.hub.rights.conftest import MILA, RightsDesk


def test_who_filed_a_request_sees_nothing_of_what_was_found_as_an_officer_neither(
    desk: RightsDesk, school: Sender
) -> None:
    desk.town.signal(school, MILA)
    request = desk.found(desk.file("erasure"))
    with desk.database.work(OPERATOR, now=desk.town.now) as work:
        grant_role(work, Grant(staff_id=desk.desk.id, role=StaffRole.RIGHTS_OFFICER))
    for staff, seen in ((desk.desk, 0), (desk.officer, 1)):
        with desk.work(staff) as work:
            assert len(desks.get_request(work, request.id).findings) == seen
    elsewhere = builders.admit_partner(desk.database, "municipal_team", now=desk.town.now)
    stranger = builders.authorise_staff(
        desk.database, elsewhere, "rights_officer", now=desk.town.now, contact=None
    )
    with pytest.raises(RequestMissingError), desk.work(stranger) as work:
        desks.get_request(work, request.id)


def test_tra_06_what_is_open_is_listed_before_all_that_was_decided(desk: RightsDesk) -> None:
    first, decided = desk.file("access"), desk.file("access")
    desk.search(decided)
    desk.decide(decided, Outcome.REJECTED, Ground.NOTHING_FOUND)
    later = desk.later(days=3)
    last = later.file("access")
    with later.work(desk.desk) as work:
        assert [one.id for one in desks.list_requests(work)] == [first.id, last.id, decided.id]
