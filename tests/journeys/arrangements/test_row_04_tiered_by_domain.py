"""Utrecht: two foundations by order of the municipality, each with its own queue; the desk for the rest."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from hub.cases.errors import TransferInvalidError
from hub.cases.transferring import (
    TransferReason,
    accept_transfer,
    complete_transfer,
    list_transfers,
    offer_transfer,
)
from hub.matches.errors import IntakeMissingError
from hub.matches.orphans import list_team_follow_ups
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


def test_b_who_comes_of_age_goes_to_the_other_foundation_by_a_transfer_with_a_new_consent(city: City) -> None:
    place, care = city.place, city.place.partner("wmo_provider", "Zorg Voorbeeld")
    young, adult = (
        {"bracket": "16-17", "bracketEnds": "2026-Q4"},
        {"bracket": "18-22", "bracketEnds": "2031-Q4"},
    )
    old = place.case(city.anna, "kim", **young)
    place.consent(city.family, "kim", **young)
    place.signal(care, "kim", legalBasis="CONSENT", **young)
    assert [one.kind for one in place.inbox(city.anna)] == ["match"]
    place.wait(days=49)
    offered = place.by(city.anna, offer_transfer, old, "0344", TransferReason.CAME_OF_AGE)
    assert place.by(city.clerk, list_transfers) == []
    (line,) = place.inbox(city.bram)
    assert (line.kind, line.match_id, line.case_id, line.partner) == ("transfer", offered.id, None, None)
    place.by(city.bram, accept_transfer, offered.id)
    new = place.case(city.bram, "kim", **adult)
    place.by(city.bram, complete_transfer, offered.id, new)
    place.signal(care, "kim", legalBasis="CONSENT", **adult)
    # Neither the consent of before nor the match of before goes along.
    assert "match" not in place.heard(city.bram)
    assert "void" in place.heard(city.anna)
    place.consent(city.social, "kim", **adult)
    assert "match" in place.heard(city.bram)


def test_b_nobody_else_is_for_them_before_and_a_child_goes_nowhere(city: City) -> None:
    child = city.place.case(city.anna, "jan")
    with pytest.raises(TransferInvalidError):
        city.place.by(city.anna, offer_transfer, child, "0344", TransferReason.CAME_OF_AGE)


def test_c_the_municipality_cannot_read_the_queue_of_a_foundation(city: City) -> None:
    meet(city, "jan")
    (match,) = city.place.matches()
    assert city.place.agenda(city.clerk) == city.place.by(city.clerk, list_team_follow_ups) == []
    assert city.place.heard(city.clerk) == []
    for other in (city.clerk, city.bram):
        with pytest.raises(IntakeMissingError):
            city.place.take(other, match.id)
    assert city.place.take(city.anna, match.id).handles
