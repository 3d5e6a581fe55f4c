"""Public Care: consulents decide on access; who works for a provider may signal and is never casemanager."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from hub.matches.errors import NotEligibleError
from hub.matches.handing import hand_over
from hub.partners.values import Staff
from hub.teams import administration
from hub.teams.values import EmployerKind, Profile, Team
from tests.builders import Sender
from tests.journeys.arrangements.place import Place


@dataclass
class Access:
    """The access team: a consulent, a social worker, somebody of a provider."""

    place: Place
    team: Team
    consulent: Staff
    worker: Staff
    provider: Staff
    school: Sender
    police: Sender


@pytest.fixture
def access(place: Place) -> Access:
    return laid_out(place)


# Of the shipped file, and where nothing but the separation says who may be casemanager.
AGREED = pytest.mark.parametrize(
    "agreed", [{}, {"casemanagers": {"provider_separation": True}}], ids=["shipped", "separated"]
)


def laid_out(place: Place, **changes: object) -> Access:
    """The team and people, under the shipped arrangement or one with other rules."""
    organisation = place.organisation("Gemeente Voorbeeld")
    team = place.team(organisation, 1)
    people = [place.member(team, employer=kind) for kind in ("municipality", "social_work", "provider")]
    place.adopt("access_team", organisation, **changes)
    return Access(place, team, *people, place.partner("school"), place.partner("police"))


def meet(access: Access, person: str = "jan", *others: Sender) -> None:
    """Organisations meet somebody who has no casemanager."""
    for sender in (access.school, access.police, *others):
        access.place.signal(sender, person, lives="0344")


def test_one_municipal_generalist_is_asked_for_a_single_service(access: Access) -> None:
    meet(access)
    (match,) = access.place.matches()
    assert access.place.owner(match.id) == (access.team.id, access.consulent.id)
    assert access.place.take(access.consulent, match.id).handles


def test_for_three_organisations_the_whole_team_decides(access: Access) -> None:
    meet(access, "piet", access.place.partner("youth_care"))
    rules = [rule for _, rule in access.place.rules()]
    assert rules == ["single_generalist", "whole_team", "whole_team"]


@AGREED
def test_a_an_employee_of_a_provider_is_refused_as_casemanager(
    place: Place, agreed: dict[str, object]
) -> None:
    access = laid_out(place, **agreed)
    meet(access)
    (match,) = access.place.matches()
    for act in (
        lambda: access.place.take(access.provider, match.id),
        lambda: access.place.by(access.consulent, hand_over, match.id, access.provider.id),
    ):
        with pytest.raises(NotEligibleError):
            act()


def test_b_a_provider_may_still_signal(access: Access) -> None:
    provider = access.place.partner("youth_care")
    access.place.case(access.worker, "kim")
    access.place.signal(provider, "kim")
    assert access.place.heard(access.worker) == ["match"]


@AGREED
def test_c_who_changes_employer_is_judged_anew(place: Place, agreed: dict[str, object]) -> None:
    access = laid_out(place, **agreed)
    meet(access)
    (match,) = access.place.matches()
    access.place.take(access.consulent, match.id)
    moved = Profile(employer=EmployerKind.PROVIDER)
    access.place.operator(administration.set_profile, access.consulent.id, moved)
    access.place.wait(minutes=5)
    assert access.place.owner(match.id) == (access.team.id, None)
    assert access.place.take(access.worker, match.id).handles
