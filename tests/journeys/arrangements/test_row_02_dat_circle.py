"""The weekly contact with police and housing: partners post, the Loket hears, no partner hears of another."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from hub.partners.errors import RoleNotAllowedError
from hub.partners.values import Staff
from service.errors import RefusedError
from tests.builders import Sender
from tests.journeys.arrangements.place import Place


@dataclass
class Circle:
    """The Loket, and who sits at its table."""

    place: Place
    lead: Staff
    anna: Staff
    police: Sender
    housing: Sender


@pytest.fixture
def circle(place: Place) -> Circle:
    organisation = place.organisation("Loket Voorbeeld")
    team = place.team(organisation, 1, municipality="0352")
    people = [place.member(team, role) for role in ("team_lead", "casemanager")]
    place.adopt("dat_circle", organisation)
    return Circle(place, *people, place.partner("police"), place.partner("housing_association", "Woonvast"))


def meet(circle: Circle) -> None:
    """Police and housing both meet somebody whom Anna serves."""
    age = {"bracket": "18-22", "bracketEnds": "2028-Q3"}
    circle.place.case(circle.anna, "jan", **age)
    circle.place.signal(circle.police, "jan", legalBasis="WPG_YOUTH", decisionReference=DECISION, **age)
    circle.place.signal(circle.housing, "jan", legalBasis="NO_OBJECTION", **age)


DECISION = "5d9d1f4e-6f0c-4f27-9f0a-2f6a4d7a9b11"


def test_the_loket_hears_of_both_and_of_the_police_the_domain_only(circle: Circle) -> None:
    meet(circle)
    found = sorted((notice.level, notice.partner) for notice in circle.place.inbox(circle.anna))
    assert found == [(1, "safety"), (2, "Woonvast")]


def test_no_partner_is_told_anything_of_another(circle: Circle) -> None:
    meet(circle)
    for sender in (circle.police, circle.housing):
        assert circle.place.heard(sender.reporter) == []
        with pytest.raises((RoleNotAllowedError, RefusedError)):
            circle.place.agenda(sender.reporter)


def test_two_partners_who_meet_somebody_without_a_case_learn_nothing_of_each_other(circle: Circle) -> None:
    age = {"bracket": "18-22", "bracketEnds": "2028-Q3"}
    circle.place.signal(circle.police, "piet", legalBasis="WPG_YOUTH", decisionReference=DECISION, **age)
    circle.place.signal(circle.housing, "piet", legalBasis="NO_OBJECTION", **age)
    assert circle.place.heard(circle.police.reporter) == circle.place.heard(circle.housing.reporter) == []
