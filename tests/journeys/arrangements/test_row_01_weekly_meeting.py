"""Loket Wijk: all inflow to one queue, discussed once a week without a name."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date, timedelta

import pytest

from hub.consent.service import FeedbackCode
from hub.matches.errors import IntakeTakenError
from hub.matches.feedback import give_feedback, list_feedback
from hub.matches.orphans import list_team_follow_ups
from hub.partners.values import Staff
from hub.teams import administration
from hub.teams.service import find_school_contact
from hub.teams.values import SchoolContact, Team
from tests.builders import Sender
from tests.journeys.arrangements.place import Place


@dataclass
class Loket:
    """The people of the Loket, and the partners around it."""

    place: Place
    team: Team
    lead: Staff
    anna: Staff
    bram: Staff
    school: Sender
    police: Sender


@pytest.fixture
def loket(place: Place) -> Loket:
    organisation = place.organisation("Loket Voorbeeld")
    team = place.team(organisation, 1, municipality="0352")
    people = [place.member(team, role) for role in ("team_lead", "casemanager", "casemanager")]
    place.adopt("weekly_meeting", organisation)
    return Loket(place, team, *people, place.partner("school", "De Linde"), place.partner("police"))


def meet(loket: Loket, person: str = "jan") -> None:
    """School and police meet somebody who lives in town and has no casemanager."""
    loket.place.signal(loket.school, person, lives="0352")
    loket.place.signal(loket.police, person, lives="0352")


def test_a_the_agenda_shows_a_number_and_no_identity(loket: Loket) -> None:
    meet(loket)
    (item,) = loket.place.agenda(loket.bram)
    (match,) = loket.place.matches()
    shown = json.dumps(asdict(item), default=str)
    assert set(asdict(item)) == {
        "item_id",
        "waiting_since",
        "brackets",
        "partners",
        "police_origin",
        "state",
        "left",
    }
    for secret in (match.signal_id, match.other_id, loket.school.reporter.id, "De Linde", "0900"):
        assert str(secret) not in shown


def test_b_who_accepts_gets_the_contact_data_and_nobody_else(loket: Loket) -> None:
    meet(loket)
    (match,) = loket.place.matches()
    taken = loket.place.take(loket.anna, match.id)
    assert {handle.signal_id for handle in taken.handles} == {match.signal_id, match.other_id}
    with pytest.raises(IntakeTakenError):
        loket.place.take(loket.bram, match.id)
    assert loket.place.owner(match.id) == (loket.team.id, loket.anna.id)
    assert loket.place.agenda(loket.bram) == []


def test_b_whom_to_call_is_shown_to_the_one_who_took_it_where_the_senders_may_hear_of_it(
    loket: Loket,
) -> None:
    place = loket.place
    for sender in (loket.school, place.partner("school", "De Beuk")):
        place.signal(sender, "jan", lives="0352")
    (match,) = place.matches()
    assert {handle.reporter_contact for handle in place.take(loket.anna, match.id).handles} == {None}
    place.consent_to_feedback(loket.team, "jan")
    handles = place.take(loket.anna, match.id).handles
    assert {handle.reporter_contact for handle in handles} == {"Balie, 0900-0000"}
    with pytest.raises(IntakeTakenError):
        place.take(loket.bram, match.id)


def test_c_a_pupil_of_a_school_outside_town_comes_to_the_loket_of_where_they_live(loket: Loket) -> None:
    far = loket.place.organisation("Verre Gemeente")
    other = loket.place.operator(
        administration.open_team, Team(id=far.id, organisation_id=far.id, whole=True)
    )
    loket.place.operator(administration.set_intake_team, other.id)
    meet(loket)
    (match,) = loket.place.matches()
    assert loket.place.owner(match.id) == (loket.team.id, None)
    assert loket.place.rules() == [(loket.place.arrangement.hash, "meeting")]  # type: ignore[union-attr]


def test_d_the_school_hears_taken_up_only_with_a_consent_to_that(loket: Loket) -> None:
    place = loket.place
    meet(loket)
    (match,) = place.matches()
    place.take(loket.anna, match.id)

    def heard(sender: Sender) -> list[str]:
        with place.database.work(sender.caller, now=place.now) as work:
            return [one.code.value for one in list_feedback(work)]

    assert place.by(loket.anna, give_feedback, match.id, FeedbackCode.TAKEN_UP) is False
    assert heard(loket.school) == []
    place.consent_to_feedback(loket.team, "jan")
    assert place.by(loket.anna, give_feedback, match.id, FeedbackCode.TAKEN_UP) is True
    assert (heard(loket.school), heard(loket.police)) == (["taken_up"], [])


def test_d_the_school_has_one_face_who_is_nobodys_casemanager_by_that(loket: Loket) -> None:
    place, school = loket.place, loket.school.partner.id
    contact = SchoolContact(
        organisation_id=school, location="hoofdgebouw", team_id=loket.team.id, staff_id=loket.bram.id,
        since=place.now.date(), until=None,
    )  # fmt: skip
    place.operator(administration.name_school_contact, contact)
    place.case(loket.anna, "piet")
    place.signal(loket.school, "piet", lives="0352")
    assert place.system(find_school_contact, school, "hoofdgebouw", on=place.now.date()) == contact
    assert (place.heard(loket.anna), place.heard(loket.bram)) == (["match"], [])


def test_another_rhythm_is_a_line_in_the_file(place: Place) -> None:
    organisation = place.organisation("Loket Voorbeeld")
    team = place.team(organisation, 1, municipality="0352")
    lead = place.member(team, "team_lead")
    place.adopt("weekly_meeting", organisation, terms={"meeting_days": 3, "acknowledge": 2, "coordinate": 9})
    place.case(lead, "piet")
    school, police = place.partner("school"), place.partner("police")
    for person in ("jan", "piet"):
        for sender in (school, police):
            place.signal(sender, person, lives="0352")
    (due,) = {notice.due_at.date() for notice in place.inbox(lead) if notice.kind == "match"}
    assert due == date(2026, 11, 20)
    (match,) = (match for match in place.matches() if match.case_id is None)
    place.wait(days=2)
    assert place.owner(match.id) == (team.id, None)
    place.wait(days=1, hours=1)
    assert place.owner(match.id) == (team.id, lead.id)


def test_e_what_waits_longer_than_one_meeting_stands_on_the_team_leads_list(loket: Loket) -> None:
    meet(loket)
    (match,) = loket.place.matches()
    (item,) = loket.place.agenda(loket.anna)

    def on_the_list() -> list[tuple[object, object]]:
        found = loket.place.by(loket.lead, list_team_follow_ups)
        return [(one.number, one.owner) for one in found]

    loket.place.wait(days=6, hours=23)
    assert on_the_list() == [(item.item_id, None)]
    assert [one.left for one in loket.place.agenda(loket.lead)] == [False]
    loket.place.wait(hours=2)
    assert on_the_list() == [(item.item_id, loket.lead.id)]
    assert [one.left for one in loket.place.agenda(loket.lead)] == [True]
    assert "reminder" in loket.place.heard(loket.lead)
    assert loket.place.owner(match.id) == (loket.team.id, loket.lead.id)
    assert timedelta(days=7) < loket.place.now - match.created_at < timedelta(days=8)
