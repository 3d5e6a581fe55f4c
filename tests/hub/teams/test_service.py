"""Who works in which team on which day, and who may carry a match of it."""

from __future__ import annotations

from uuid import uuid4

import pytest

from hub.partners.errors import RoleNotAllowedError
from hub.partners.service import StaffRole
from hub.teams import administration, errors, service
from hub.teams.roster import read_roster
from hub.teams.values import EmployerKind, Expertise, Profile, SchoolContact, TeamKind
from service.work import OPERATOR, SYSTEM
from tests.builders import admit_partner, authorise_staff, staff_caller
from tests.hub.teams.conftest import Posted, lay_out


def test_an_organisation_that_lays_out_no_team_is_one(posted: Posted) -> None:
    other = admit_partner(posted.database, "municipal_team", now=posted.now)
    coach, desk = (
        authorise_staff(posted.database, other, one, now=posted.now) for one in ("casemanager", "desk")
    )
    with posted.database.look(SYSTEM, now=posted.now) as work:
        members = service.list_members(work, [other.id], on=posted.day())
    assert [one.staff_id for one in members] == [coach.id]
    assert desk.id not in {one.staff_id for one in members}


def test_with_teams_laid_out_the_organisation_as_a_whole_is_no_team(posted: Posted) -> None:
    with posted.database.look(SYSTEM, now=posted.now) as work:
        assert service.list_members(work, [posted.organisation.id], on=posted.day()) == []
        assert service.find_home(work, posted.organisation.id) is None
        with pytest.raises(errors.TeamMissingError):
            service.get_team(work, posted.organisation.id)


def test_access_begins_and_ends_with_the_post(posted: Posted) -> None:
    post = posted.post(posted.west, posted.bram, since=posted.day(1), until=posted.day(3))
    assert [posted.bram.id in posted.later(n).ids(posted.west) for n in range(4)] == [
        False,
        True,
        True,
        False,
    ]
    posted.later(2).act("end_post", post.id)
    assert not posted.later(2).ids(posted.west)
    with posted.database.look(staff_caller(posted.bram), now=posted.later(2).now) as work:
        assert service.list_own_teams(work) == []
        with pytest.raises(errors.TeamMissingError):
            service.require_member(work, posted.west.id)


def test_a_pool_member_serves_each_municipality_by_an_own_post(posted: Posted) -> None:
    posted.post(posted.west, posted.anna, until=posted.day(10))
    assert posted.anna.id in posted.ids(posted.west) & posted.ids(posted.east)
    same_town = lay_out(posted.database, posted.organisation, municipality="0352")
    for team in (same_town, posted.east, posted.west):
        with pytest.raises(errors.PostTakenError):
            posted.post(team, posted.anna, since=posted.day(3))
    posted.post(posted.west, posted.anna, since=posted.day(10))
    panel = lay_out(posted.database, posted.organisation, municipality="0352", kind=TeamKind.EXPERT_PANEL)
    posted.post(panel, posted.anna)


def test_nobody_works_in_a_team_of_another_organisation_or_for_no_day(posted: Posted) -> None:
    other = admit_partner(posted.database, "municipal_team", now=posted.now)
    stranger = authorise_staff(posted.database, other, "casemanager", now=posted.now)
    with pytest.raises(errors.PostInvalidError):
        posted.post(posted.east, stranger)
    with pytest.raises(errors.PostInvalidError):
        posted.post(posted.west, posted.bram, since=posted.day(2), until=posted.day(2))
    with pytest.raises(errors.PostMissingError):
        posted.act("end_post", uuid4())


@pytest.mark.parametrize(
    ("employer", "separated", "able"),
    [
        (EmployerKind.MUNICIPALITY, True, True),
        (EmployerKind.INDEPENDENT_SUPPORT, True, True),
        (EmployerKind.PROVIDER, True, False),
        (EmployerKind.PROVIDER, False, True),
        (EmployerKind.CERTIFIED_INSTITUTION, False, False),
        (EmployerKind.PARTNER_SERVICE, False, False),
    ],
)
def test_rou_18_a_providers_employee_carries_no_match(
    posted: Posted, employer: EmployerKind, separated: bool, able: bool
) -> None:
    team = lay_out(posted.database, posted.organisation, municipality="0200", provider_separation=separated)
    posted.post(team, posted.bram)
    assert posted.ids(team, eligible=True) == {posted.bram.id}
    posted.act("set_profile", posted.bram.id, Profile(), since=posted.day(-9))
    known = Profile(employer=employer, expertise=frozenset({Expertise.YOUTH}))
    posted.act("set_profile", posted.bram.id, known, since=posted.day(1))
    # Judged anew on the day that the employer changes, and not a day earlier.
    assert posted.ids(team, eligible=True) == {posted.bram.id}
    assert (posted.bram.id in posted.later(1).ids(team, eligible=True)) is able
    assert [one.profile for one in posted.later(1).members(team)] == [known]


def test_a_panel_advises_and_carries_nothing(posted: Posted) -> None:
    panel = lay_out(posted.database, posted.organisation, kind=TeamKind.EXPERT_PANEL)
    posted.post(panel, posted.bram)
    assert posted.ids(panel) == {posted.bram.id}
    assert posted.ids(panel, eligible=True) == set()


def test_who_is_absent_is_given_nothing_and_the_cover_stands_in(posted: Posted) -> None:
    posted.post(posted.east, posted.bram)
    posted.away(posted.anna, cover=posted.bram.id)
    assert posted.ids(posted.east, eligible=True) == {posted.lead.id, posted.bram.id}
    carriers = []
    for days in (0, 5):
        with posted.database.look(SYSTEM, now=posted.later(days).now) as work:
            carriers.append(read_roster(work, [posted.east.id]).find_carrier(posted.east.id, posted.anna.id))
    assert carriers == [posted.bram.id, posted.anna.id]
    posted.away(posted.bram)
    with posted.database.look(SYSTEM, now=posted.now) as work:
        roster = read_roster(work, [posted.east.id])
    assert roster.find_carrier(posted.east.id, posted.anna.id) is None
    assert roster.list_leads(posted.east.id) == [posted.lead.id]


def test_an_absence_is_recorded_by_oneself_or_by_the_lead_of_the_team(posted: Posted) -> None:
    posted.away(posted.anna, by=posted.lead)
    posted.post(posted.west, posted.bram)
    wrong = [
        (posted.lead, posted.anna, 5, None),
        (posted.anna, posted.bram, 5, None),
        (posted.anna, posted.anna, 0, None),
        (posted.anna, posted.anna, 732, None),
        (posted.anna, posted.anna, 5, posted.bram.id),
        (posted.anna, posted.anna, 5, posted.anna.id),
    ]
    for who, by, days, cover in wrong:
        with pytest.raises((errors.AbsenceInvalidError, RoleNotAllowedError)):
            posted.away(who, by=by, days=days, cover=cover)


def test_rou_21_a_successor_goes_on_from_the_day_and_the_ring_is_refused(posted: Posted) -> None:
    posted.act("succeed_team", posted.east.id, successor_id=posted.west.id, on=posted.day(2))
    standing = []
    for days in (1, 2):
        with posted.database.look(SYSTEM, now=posted.later(days).now) as work:
            standing.append(service.find_standing(work, posted.east.id, on=posted.day(days)))
    assert [team and team.id for team in standing] == [posted.east.id, posted.west.id]
    assert posted.later(1).ids(posted.east)
    assert not posted.later(2).ids(posted.east)
    for pair in ((posted.west.id, posted.east.id), (posted.west.id, posted.west.id)):
        with pytest.raises(errors.TeamInvalidError):
            posted.later(3).act("succeed_team", pair[0], successor_id=pair[1], on=posted.day(5))


def test_rou_04_a_location_has_one_fixed_face_who_gets_no_case_by_it(posted: Posted) -> None:
    school = admit_partner(posted.database, "school", now=posted.now)

    def name(staff_id: object, since: int, until: int | None = None) -> None:
        contact = SchoolContact(
            organisation_id=school.id, location="Dorpsstraat", team_id=posted.east.id, staff_id=staff_id,  # type: ignore[arg-type]
            since=posted.day(since), until=posted.day(until) if until is not None else None,
        )  # fmt: skip
        posted.act("name_school_contact", contact)

    name(posted.anna.id, 0, 10)
    name(posted.lead.id, 10)
    with pytest.raises(errors.SchoolContactTakenError):
        name(posted.lead.id, 5, 8)
    with pytest.raises(errors.PostInvalidError):
        name(posted.bram.id, -9, -8)
    with posted.database.look(SYSTEM, now=posted.now) as work:
        faces = [
            service.find_school_contact(work, school.id, "Dorpsstraat", on=posted.day(n)) for n in (-1, 9, 10)
        ]
        assert service.list_members(work, [school.id], on=posted.day()) == []
    assert [face and face.staff_id for face in faces] == [None, posted.anna.id, posted.lead.id]


def test_only_the_operator_lays_out_teams_and_only_of_who_receives(posted: Posted) -> None:
    with (
        pytest.raises(errors.TeamNotConfigurableError),
        posted.database.work(staff_caller(posted.lead)) as work,
    ):
        administration.give_post(work, posted.west.id, posted.bram.id)
    school = admit_partner(posted.database, "school", now=posted.now)
    with pytest.raises(errors.NotATeamError):
        lay_out(posted.database, school)
    with pytest.raises(errors.TeamInvalidError):
        lay_out(posted.database, posted.organisation, municipality="Oost")
    with pytest.raises(errors.TeamInvalidError):
        lay_out(posted.database, posted.organisation, whole=True)


def test_who_leads_is_asked_of_the_role_on_that_day(posted: Posted) -> None:
    from hub.partners.roles import end_role

    assert {one.staff_id for one in posted.members(posted.east) if one.leads} == {posted.lead.id}
    with posted.database.work(OPERATOR, now=posted.now) as work:
        end_role(work, posted.lead.id, StaffRole.TEAM_LEAD)
    assert posted.ids(posted.east) == {posted.anna.id}
