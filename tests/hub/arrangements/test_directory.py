"""ROU-16: how each municipality is entered, and what one still has to lay down."""

from __future__ import annotations

from datetime import datetime

import pytest

from hub.arrangements.directory import Entry, Lack, read_directory
from hub.arrangements.values import IntakeModel
from hub.partners.errors import RolesConflictError
from hub.partners.roles import grant_role
from hub.partners.values import Grant, StaffRole
from hub.teams import administration
from hub.teams.errors import TeamInvalidError
from hub.teams.values import SchoolContact, Team
from service.database import Database
from tests import builders
from tests.journeys.arrangements.place import Place


def test_rou_16_what_a_municipality_lacks_is_named_until_it_is_laid_down(
    hub_database: Database, now: datetime
) -> None:
    place = Place(hub_database, now, row=1)

    def read() -> dict[str, Entry]:
        # The municipalities that are served are known five seconds late.
        place.wait(seconds=6)
        return {one.municipality: one for one in place.system(read_directory)}

    organisation = place.organisation()
    team = place.team(organisation, 1, municipality="0352", desk="Loket, 0343-000000")
    bare = place.team(organisation, 2, municipality="0344")
    assert read()["0352"].missing == (Lack.MEMBER, Lack.CONTACT)
    assert read()["0344"].missing == (Lack.DESK, Lack.MEMBER, Lack.CONTACT)
    place.member(team)
    place.member(bare)
    place.adopt("weekly_meeting", organisation)
    assert read()["0352"].missing == (Lack.SCHOOL,)
    school = place.partner("school").partner
    face = SchoolContact(
        organisation_id=school.id, location="Dorp", team_id=team.id, staff_id=place.member(team).id,
        since=place.now.date(), until=None,
    )  # fmt: skip
    place.operator(administration.name_school_contact, face)
    found = read()
    assert found["0352"] == Entry(
        municipality="0352",
        team_id=team.id,
        desk="Loket, 0343-000000",
        intake=IntakeModel.WEEKLY_MEETING,
        missing=(),
    )
    assert (found["0344"].intake, found["0344"].missing) == (None, (Lack.DESK,))
    wrong = Team(id=organisation.id, organisation_id=organisation.id, whole=True, desk="two\nlines")
    with pytest.raises(TeamInvalidError):
        place.operator(administration.open_team, wrong)


def test_rou_09_who_leads_cases_does_not_direct_the_process(hub_database: Database, now: datetime) -> None:

    place = Place(hub_database, now, row=1)
    organisation = place.organisation()
    director = builders.authorise_staff(hub_database, organisation, "process_director", now=now, contact=None)
    with pytest.raises(RolesConflictError):
        place.operator(grant_role, Grant(staff_id=director.id, role=StaffRole.CASEMANAGER))
