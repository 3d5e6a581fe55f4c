"""Apeldoorn: a panel says who of the CJG acts, by a number and nothing else, and never itself."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from uuid import UUID

import pytest

from hub.matches.errors import HouseholdLedError, HouseholdMissingError, NotEligibleError
from hub.matches.leading import list_households, name_lead
from hub.matches.owning import acknowledge
from hub.matches.service import list_notices
from hub.notices.service import NoticeState
from hub.partners.values import Staff
from hub.teams.values import Team, TeamKind
from service.work import Work
from tests import builders
from tests.builders import Sender
from tests.journeys.arrangements.place import Place


@dataclass
class Youth:
    """The panel and the CJG of one organisation; the youth doctor also works in the CJG."""

    place: Place
    cjg: Team
    social: Team
    doctor: Staff
    expert: Staff
    anna: Staff
    cleo: Staff
    school: Sender
    police: Sender


@pytest.fixture
def youth(place: Place) -> Youth:
    organisation = place.organisation("CJG Voorbeeld", frozenset({"bsn", "demographic", "household"}))
    panel = place.team(organisation, 1, kind=TeamKind.EXPERT_PANEL)
    cjg, social = (place.team(organisation, number) for number in (2, 3))
    doctor, expert = place.member(panel, "team_lead"), place.member(panel, "team_lead")
    place.post(doctor, cjg)
    anna, cleo = place.member(cjg), place.member(social)
    place.adopt("expert_panel", organisation)
    return Youth(
        place, cjg, social, doctor, expert, anna, cleo, place.partner("school"), place.partner("police")
    )


def meet(youth: Youth) -> UUID:
    """School and police meet a young person without a casemanager; the number of the match."""
    for sender in (youth.school, youth.police):
        youth.place.signal(sender, "jan", lives="0200")
    (match,) = youth.place.matches()
    found: UUID = match.id
    return found


def test_a_what_the_panel_says_is_an_assignment_and_nothing_more(youth: Youth) -> None:
    match_id = meet(youth)
    youth.place.assign(youth.expert, match_id, youth.anna)
    assert youth.place.owner(match_id) == (youth.cjg.id, youth.anna.id)
    assert youth.place.take(youth.anna, match_id).handles
    with youth.place.database.look(builders.staff_caller(youth.expert)) as work:
        said = [json.loads(one) for one in builders.audit_values(work, "detail")]
    (event,) = (one for one in said if one.get("to") == str(youth.anna.id))
    assert event.keys() == {"at", "staff", "to"}


def test_the_panel_sees_a_number_only(youth: Youth) -> None:
    match_id = meet(youth)
    (item,) = youth.place.agenda(youth.expert)
    assert set(asdict(item)) == {
        "item_id",
        "waiting_since",
        "brackets",
        "partners",
        "police_origin",
        "state",
        "left",
    }
    with pytest.raises(NotEligibleError):
        youth.place.take(youth.expert, match_id)


def test_b_a_member_of_the_panel_cannot_assign_themselves(youth: Youth) -> None:
    match_id = meet(youth)
    for who in (youth.doctor, youth.expert):
        with pytest.raises(NotEligibleError):
            youth.place.assign(who, match_id, who)
    youth.place.assign(youth.expert, match_id, youth.doctor)
    assert youth.place.owner(match_id) == (youth.cjg.id, youth.doctor.id)


def test_the_casemanager_keeps_the_case(youth: Youth) -> None:
    youth.place.case(youth.anna, "kim")
    youth.place.signal(youth.school, "kim", lives="0200")
    assert youth.place.heard(youth.anna) == ["match"]
    assert youth.place.agenda(youth.expert) == []


def test_c_a_household_with_an_adult_has_two_teams_and_one_lead(youth: Youth) -> None:
    place = youth.place
    director = builders.authorise_staff(
        place.database,
        builders.admit_partner(place.database, "municipal_team", now=place.now),
        "process_director",
        now=place.now,
    )
    for staff, person, team, age in (
        (youth.anna, "jan", youth.cjg, {}),
        (youth.cleo, "piet", youth.social, {"bracket": "18-22", "bracketEnds": "2029-Q3"}),
    ):
        tokens = builders.everything(person) | {"parent": "mother"}
        place.town.case(staff, tokens, teamId=str(team.id), **age)
        place.signal(youth.school, person, **age)
    assert {place.owner(match.id) for match in place.matches()} == {
        (youth.cjg.id, youth.anna.id),
        (youth.social.id, youth.cleo.id),
    }
    for one in (youth.anna, youth.cleo):
        place.by(one, acknowledge_all)
    (household,) = place.by(youth.anna, list_households)
    assert (household.lead, household.matches) == (None, 2)
    lead = place.member(youth.cjg, "team_lead")
    with pytest.raises(HouseholdMissingError):
        place.by(director, name_lead, household.id, youth.anna.id)
    place.by(lead, name_lead, household.id, youth.anna.id)
    with pytest.raises(HouseholdLedError):
        place.by(lead, name_lead, household.id, youth.cleo.id)
    assert "family" in place.heard(youth.anna)
    assert place.by(youth.cleo, list_households)[0].lead == youth.anna.id


def acknowledge_all(work: Work) -> None:
    """Take up all that is in somebody's inbox."""
    for notice in list_notices(work)[0]:
        acknowledge(work, notice.notice_id, outcome=NoticeState.ACKNOWLEDGED)
