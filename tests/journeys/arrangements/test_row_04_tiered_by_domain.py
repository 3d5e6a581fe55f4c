"""Utrecht: two foundations by order of the municipality, each with its own queue; the desk for the rest."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from hub.matches.errors import IntakeMissingError
from hub.partners.values import Staff
from hub.teams.values import Team
from tests.builders import Sender
from tests.journeys.arrangements.place import Place

ADULT = {"bracket": "18-22", "bracketEnds": "2028-Q3"}


@dataclass
class City:
    """The foundation for families, the one for adults, and the municipality."""

    place: Place
    family: Team
    social: Team
    anna: Staff
    bram: Staff
    clerk: Staff
    school: Sender
    police: Sender


@pytest.fixture
def city(place: Place) -> City:
    names = ("Stichting Jeugd", "Stichting Sociaal", "Gemeente Voorbeeld")
    organisations = [place.organisation(name) for name in names]
    teams = [place.team(one, number) for number, one in enumerate(organisations, start=1)]
    anna, bram, clerk = (place.member(team, "team_lead") for team in teams)
    place.adopt("tiered_by_domain", organisations[2])
    partners = place.partner("school"), place.partner("police")
    return City(place, teams[0], teams[1], anna, bram, clerk, *partners)


def meet(city: City, person: str, **age: str) -> None:
    """School and police meet somebody in the city; a minute goes by."""
    for sender in (city.school, city.police):
        city.place.signal(sender, person, lives="0344", **age)
    city.place.wait(minutes=1)


def test_a_several_organisations_hear_each_of_their_own(city: City) -> None:
    meet(city, "jan")
    meet(city, "piet", **ADULT)
    teams = [city.place.owner(match.id)[0] for match in city.place.matches()]
    assert teams == [city.family.id, city.social.id]
    assert [len(city.place.agenda(one)) for one in (city.anna, city.bram)] == [1, 1]


def test_c_the_municipality_cannot_read_the_queue_of_a_foundation(city: City) -> None:
    meet(city, "jan")
    (match,) = city.place.matches()
    assert city.place.agenda(city.clerk) == []
    for other in (city.clerk, city.bram):
        with pytest.raises(IntakeMissingError):
            city.place.take(other, match.id)
    assert city.place.take(city.anna, match.id).handles
