"""Katwijk: three desks become one team on a day; open matches go along, old access ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from hub.matches.errors import NotOwnerError
from hub.matches.gates import require_own
from hub.matches.owning import acknowledge, list_owned
from hub.matches.viewing import view
from hub.notices.service import NoticeState
from hub.partners.values import Staff
from hub.teams import administration
from hub.teams.values import Team, TeamKind
from tests.builders import Sender
from tests.journeys.arrangements.place import Place

NEW_YEAR = datetime(2027, 1, 1, 9, 0, tzinfo=UTC)


@dataclass
class Desks:
    """Two old desks and the team that goes on; Anna goes along, Bram leaves with his desk."""

    place: Place
    desk: Team
    old: Team
    anna: Staff
    bram: Staff
    cleo: Staff
    school: Sender
    police: Sender


@pytest.fixture
def desks(place: Place) -> Desks:
    organisation = place.organisation("Gemeente Voorbeeld")
    desk, old, third = (
        place.team(organisation, number, kind=kind)
        for number, kind in ((1, TeamKind.SERVICE_DESK), (2, TeamKind.NEIGHBOURHOOD), (3, TeamKind.AREA))
    )
    anna, bram, cleo = place.member(old), place.member(old), place.member(desk)
    place.member(third)
    place.post(anna, desk)
    place.operator(administration.set_intake_team, old.id)
    place.adopt("single_desk", organisation)
    return Desks(place, desk, old, anna, bram, cleo, place.partner("school"), place.partner("police"))


def open_matches(desks: Desks) -> tuple[object, object]:
    """Anna took up one match at the old desk, Bram another."""
    found = []
    for staff, person in ((desks.anna, "jan"), (desks.bram, "piet")):
        desks.place.case(staff, person, teamId=str(desks.old.id))
        desks.place.signal(desks.school, person)
        (notice,) = desks.place.inbox(staff)
        found.append(notice.match_id)
        desks.place.by(staff, acknowledge, notice.notice_id, outcome=NoticeState.ACKNOWLEDGED)
    return found[0], found[1]


def test_a_on_the_day_open_matches_are_the_new_teams(desks: Desks) -> None:
    annas, brams = open_matches(desks)
    assert {match.team_id for match in desks.place.matches()} == {desks.old.id}
    desks.place.wait(seconds=(NEW_YEAR - desks.place.now).total_seconds())
    assert {match.team_id for match in desks.place.matches()} == {desks.desk.id}
    assert desks.place.owner(annas) == (desks.desk.id, desks.anna.id)  # type: ignore[arg-type]
    assert desks.place.by(desks.anna, view, annas).handles
    assert desks.place.owner(brams) == (desks.desk.id, None)  # type: ignore[arg-type]
    # History stays.
    before = desks.place.past_owners(annas)  # type: ignore[arg-type]
    assert before == [(desks.old.id, desks.anna.id), (desks.desk.id, desks.anna.id)]


def test_b_access_by_the_old_desk_ends_on_the_day(desks: Desks) -> None:
    _, brams = open_matches(desks)
    desks.place.now = NEW_YEAR
    desks.place.work()
    assert desks.place.agenda(desks.bram) == []
    assert desks.place.inbox(desks.bram) == desks.place.by(desks.bram, list_owned) == []
    for act in (view, require_own):
        with pytest.raises(NotOwnerError):
            desks.place.by(desks.bram, act, brams)
    assert [item.state for item in desks.place.agenda(desks.cleo)] != []
    assert desks.place.take(desks.cleo, brams).handles  # type: ignore[arg-type]


def test_a_what_waits_in_the_old_queue_waits_in_the_new_one_since_when_it_did(desks: Desks) -> None:
    for sender in (desks.school, desks.police):
        desks.place.signal(sender, "sam")
    (match,) = desks.place.matches()
    began = {item.item_id: item.waiting_since for item in desks.place.agenda(desks.bram)}
    desks.place.wait(seconds=(NEW_YEAR - desks.place.now).total_seconds())
    assert {item.item_id: item.waiting_since for item in desks.place.agenda(desks.cleo)} == began
    assert desks.place.take(desks.cleo, match.id).handles


DOCTOR = {"legalBasis": "CONSENT", "bracket": "16-17", "bracketEnds": "2028-Q3"}


def test_c_a_doctor_signals_in_the_youth_lane_or_with_a_waiver_of_secrecy(desks: Desks) -> None:
    place = desks.place
    place.now = NEW_YEAR
    place.work()
    doctor = place.partner("general_practitioner", "Praktijk Voorbeeld")
    age = {"bracket": DOCTOR["bracket"], "bracketEnds": DOCTOR["bracketEnds"]}
    place.case(desks.anna, "jan", teamId=str(desks.desk.id), **age)
    place.signal(doctor, "jan", **age)
    assert place.heard(desks.anna) == ["match"]
    place.case(desks.cleo, "kim", **age)
    place.signal(doctor, "kim", **DOCTOR)
    place.consent(desks.desk, "kim", **age)
    assert place.heard(desks.cleo) == []
    place.consent(desks.desk, "kim", kind="secrecy_waiver", **age)
    assert place.heard(desks.cleo) == ["match"]


def test_what_comes_later_comes_to_the_one_desk(desks: Desks) -> None:
    desks.place.now = NEW_YEAR
    desks.place.work()
    desks.place.signal(desks.school, "kim", lives="0537")
    desks.place.signal(desks.police, "kim", lives="0537")
    (match,) = desks.place.matches()
    assert desks.place.owner(match.id)[0] == desks.desk.id
    assert desks.place.rules() == [(desks.place.arrangement.hash, "desk")]  # type: ignore[union-attr]
