"""Enschede: coaches of a district, of every age; a colleague may be asked to look along for some days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest

from hub.matches.errors import NotEligibleError, NotOwnerError
from hub.matches.viewing import consult, view
from hub.partners.values import Staff
from hub.teams.values import Team
from tests import builders
from tests.builders import Sender
from tests.journeys.arrangements.place import Place

ADULT = {"bracket": "18-22", "bracketEnds": "2028-Q3"}


@dataclass
class Districts:
    """Two districts with a coach each, a third team for the rest, and a nurse who is no team."""

    place: Place
    east: Team
    west: Team
    anna: Staff
    bram: Staff
    cleo: Staff
    nurse: Staff
    school: Sender
    police: Sender


@pytest.fixture
def districts(place: Place) -> Districts:
    return laid_out(place)


def laid_out(place: Place, **changes: object) -> Districts:
    """The teams and people, under the shipped arrangement or one with other rules."""
    organisation = place.organisation("Gemeente Voorbeeld")
    east, west, rest = (place.team(organisation, number) for number in (1, 2, 3))
    anna, bram, cleo = (place.member(team, employer="social_work") for team in (east, west, rest))
    nurse = place.member(east, employer="partner_service")
    place.adopt("area", organisation, **changes)
    partners = place.partner("school"), place.partner("police")
    return Districts(place, east, west, anna, bram, cleo, nurse, *partners)


def meet(districts: Districts, person: str, lives: str, **age: str) -> None:
    """School and police meet somebody of a district; a minute goes by."""
    for sender in (districts.school, districts.police):
        districts.place.signal(sender, person, lives=lives, **age)
    districts.place.wait(minutes=1)


def test_a_a_youth_and_an_adult_of_one_district_have_one_coach(districts: Districts) -> None:
    meet(districts, "jan", "015301")
    meet(districts, "piet", "015301", **ADULT)
    meet(districts, "kim", "015303")
    meet(districts, "sam", "0153")
    owners = [districts.place.owner(match.id)[1] for match in districts.place.matches()]
    assert owners == [districts.anna.id, districts.anna.id, districts.bram.id, districts.cleo.id]


def test_a_of_two_coaches_of_a_district_the_one_who_has_least_is_asked(districts: Districts) -> None:
    dora = districts.place.member(districts.east, employer="social_work")
    for person in ("jan", "piet", "kim", "sam"):
        for sender in (districts.school, districts.police):
            districts.place.town.signal(sender, builders.everything(person), residence="015301")
        districts.place.wait(minutes=1)
    owners = [districts.place.owner(match.id)[1] for match in districts.place.matches()]
    assert set(owners[:2]) == set(owners[2:]) == {districts.anna.id, dora.id}


def test_b_a_consultation_is_of_one_named_colleague_and_ends(districts: Districts) -> None:
    place = districts.place
    meet(districts, "jan", "015301")
    (match,) = place.matches()
    place.take(districts.anna, match.id)
    place.by(districts.anna, consult, match.id, districts.bram.id, lasts=timedelta(days=3))
    assert place.by(districts.bram, view, match.id).handles
    with pytest.raises(NotOwnerError):
        place.by(districts.cleo, view, match.id)
    for _ in range(2):
        place.wait(days=3)
        with pytest.raises(NotOwnerError):
            place.by(districts.bram, view, match.id)


def test_only_who_is_employed_by_those_in_the_file_is_casemanager(districts: Districts) -> None:
    guest = districts.place.member(districts.east, employer="welfare")
    meet(districts, "jan", "015301")
    (match,) = districts.place.matches()
    with pytest.raises(NotEligibleError):
        districts.place.take(guest, match.id)


@pytest.mark.parametrize("agreed", [{}, {"casemanagers": {}}], ids=["shipped", "whoever"])
def test_c_who_works_for_the_health_service_is_no_casemanager(
    place: Place, agreed: dict[str, object]
) -> None:
    districts = laid_out(place, **agreed)
    meet(districts, "jan", "015301")
    (match,) = districts.place.matches()
    assert districts.place.owner(match.id)[1] == districts.anna.id
    with pytest.raises(NotEligibleError):
        districts.place.take(districts.nurse, match.id)
