"""Linked to the school's own support structure: few links, one familiar face, regions that differ."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from hub.matches.owning import list_owned
from hub.matches.possible import list_possible
from hub.notices.terms import due_at
from hub.partners.errors import RoleNotAllowedError
from hub.partners.values import Staff
from hub.signals.service import list_own
from hub.teams import administration
from hub.teams.errors import PostInvalidError
from hub.teams.schools import list_locations, name_coordinator
from hub.teams.values import SchoolContact, Team
from tests import builders
from tests.builders import Sender
from tests.journeys.arrangements.place import Place


@dataclass
class Town:
    """Two municipalities; Anna is the youth worker at school in the first, Cleo works in the second."""

    place: Place
    north: Team
    south: Team
    anna: Staff
    bram: Staff
    cleo: Staff
    school: Sender
    office: Sender
    police: Sender


@pytest.fixture
def town(place: Place) -> Town:
    organisation = place.organisation("Gemeente Voorbeeld")
    north, south, front = (
        place.team(organisation, number, municipality=code)
        for number, code in ((1, "0344"), (2, "0352"), (3, None))
    )
    anna, bram = place.member(north, expertise="school"), place.member(north)
    cleo, _ = place.member(south), place.member(front)
    place.adopt("school_structure", organisation)
    partners = [place.partner(kind) for kind in ("school", "school_attendance", "police")]
    return Town(place, north, south, anna, bram, cleo, *partners)


def meet(town: Town, person: str, lives: str, *senders: Sender) -> tuple[object, str | None]:
    """Partners meet somebody; whose that is, and by which rule."""
    for sender in senders:
        town.place.signal(sender, person, lives=lives)
    match = town.place.matches()[-1]
    town.place.wait(minutes=1)
    return town.place.owner(match.id)[1], town.place.rules(match.id)[0][1]


def test_a_regions_are_many_to_many_and_each_is_asked_for_its_own(town: Town) -> None:
    assert meet(town, "jan", "0344", town.school, town.police) == (town.anna.id, "at_school")
    owner, rule = meet(town, "piet", "0344", town.office, town.police)
    assert (owner in {town.anna.id, town.bram.id}, rule) == (True, "dropping_out")
    # The other municipality is of one of these regions and not of the other.
    assert meet(town, "kim", "0352", town.school, town.police) == (town.cleo.id, "dropping_out")
    assert meet(town, "sam", "0344", town.police, town.place.partner("youth_care")) == (None, "team")
    arrangement = town.place.arrangement
    assert arrangement is not None
    on, later = town.place.now.date(), town.place.now.date().replace(year=2028)
    found = {
        lives: sorted(one.code for one in arrangement.regions if one.holds(lives, on))
        for lives in ("0344", "0352")
    }
    assert found == {"0344": ["rmc", "swv_vo"], "0352": ["rmc", "youth"]}
    assert not [one for one in arrangement.regions if one.code == "youth" and one.holds("0352", later)]


def test_somebody_who_is_asked_hears_the_same_day_and_answers_in_one(town: Town) -> None:
    meet(town, "jan", "0344", town.school, town.police)
    (notice,) = town.place.inbox(town.anna)
    assert notice.queued_at.date() == town.place.now.date()
    assert notice.due_at == due_at(notice.queued_at, working_days=1)


def test_b_a_school_names_its_own_coordinators_and_the_team_its_one_face(town: Town) -> None:
    place, school = town.place, town.school.partner
    first, second = (
        builders.authorise_staff(
            place.database, school, "partner_coordinator", now=place.now, contact=f"Zorgcoördinator {number}"
        )
        for number in (1, 2)
    )
    for staff in (first, second):
        place.operator(name_coordinator, school.id, "Dorp", staff.id)
    place.operator(name_coordinator, school.id, "Stad", second.id)
    with pytest.raises(PostInvalidError):
        place.operator(name_coordinator, school.id, "Dorp", town.anna.id)
    face = place.member(town.north, contact="Schoolteam")
    contact = SchoolContact(
        organisation_id=school.id, location="Dorp", team_id=town.north.id, staff_id=face.id,
        since=place.now.date(), until=None,
    )  # fmt: skip
    place.operator(administration.name_school_contact, contact)
    dorp, stad = place.by(first, list_locations)
    assert (dorp.face, dorp.coordinators) == ("Schoolteam", ("Zorgcoördinator 1", "Zorgcoördinator 2"))
    assert (stad.face, stad.coordinators) == (None, ("Zorgcoördinator 2",))
    (seen,) = place.by(face, list_locations)
    assert (seen.location, seen.coordinators) == ("Dorp", dorp.coordinators)
    assert place.by(town.anna, list_locations) == []


def test_c_a_school_sees_its_own_signals_and_the_face_and_nothing_else(town: Town) -> None:
    meet(town, "jan", "0344", town.school, town.police)
    reporter = town.school.reporter
    signals, _ = town.place.by(reporter, list_own, cursor=None, page_size=10)
    assert [signal.organisation_id for signal in signals] == [town.school.partner.id]
    assert town.place.by(reporter, list_locations) == []
    for act in (list_owned, list_possible, town.place.agenda, town.place.inbox):
        with pytest.raises(RoleNotAllowedError):
            town.place.by(reporter, act) if act in {list_owned, list_possible} else act(reporter)
