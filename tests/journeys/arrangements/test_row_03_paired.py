"""School attendance and the team weigh enforcement or help together; that and when is all that is kept."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields

import pytest

from hub.consent.service import FeedbackCode
from hub.matches.errors import NothingToTellError
from hub.matches.feedback import Feedback, give_feedback, list_feedback
from hub.matches.owning import Progress, list_owned, record_progress
from hub.matches.viewing import view
from hub.partners.errors import RoleNotAllowedError
from hub.partners.values import Staff
from hub.teams import administration
from hub.teams.values import Team
from service.work import SYSTEM
from tests import builders
from tests.builders import Sender
from tests.journeys.arrangements.place import Place


@dataclass
class Pair:
    """The team, and the attendance officer of the municipality."""

    place: Place
    team: Team
    anna: Staff
    officer: Sender
    school: Sender


@pytest.fixture
def pair(place: Place) -> Pair:
    organisation = place.organisation("Loket Voorbeeld")
    team = place.team(organisation, 1, municipality="0352")
    anna = place.member(team)
    place.adopt("paired", organisation)
    return Pair(place, team, anna, place.partner("school_attendance"), place.partner("school"))


def meet(pair: Pair) -> None:
    """The officer and a school meet a pupil who lives in town."""
    for sender in (pair.school, pair.officer):
        pair.place.signal(sender, "jan", lives="0352")


def test_a_that_and_when_was_weighed_is_kept_and_no_outcome(pair: Pair) -> None:
    meet(pair)
    (match,) = pair.place.matches()
    assert pair.place.owner(match.id) == (pair.team.id, pair.anna.id)
    pair.place.take(pair.anna, match.id)
    today = pair.place.now.date()
    pair.place.by(pair.anna, record_progress, match.id, Progress(jointly_considered_on=today))
    (owned,) = pair.place.by(pair.anna, list_owned)
    assert owned.jointly_considered_on == today
    assert not [field.name for field in fields(Progress) if "outcome" in field.name or "result" in field.name]
    with pair.place.database.look(SYSTEM) as work:
        said = [json.loads(one) for one in builders.audit_values(work, "detail")]
    (event,) = (one for one in said if "jointly_considered_on" in one)
    assert event.keys() == {"at", "staff", "jointly_considered_on"}
    assert event["jointly_considered_on"] == today.isoformat()


def test_a_the_officer_hears_that_and_when_was_weighed_and_nothing_else(pair: Pair) -> None:
    place = pair.place
    meet(pair)
    (match,) = place.matches()
    place.take(pair.anna, match.id)
    place.consent_to_feedback(pair.team, "jan")
    for code in set(FeedbackCode) - {FeedbackCode.JOINT_CONSIDERATION}:
        place.by(pair.anna, give_feedback, match.id, code)
    with pytest.raises(NothingToTellError):
        place.by(pair.anna, give_feedback, match.id, FeedbackCode.JOINT_CONSIDERATION)
    assert hear(pair) == []
    today = place.now.date()
    place.by(pair.anna, record_progress, match.id, Progress(jointly_considered_on=today))
    assert place.by(pair.anna, give_feedback, match.id, FeedbackCode.JOINT_CONSIDERATION)
    (said,) = hear(pair)
    assert {name: getattr(said, name) for name in Feedback.__slots__} == {
        "signal_id": said.signal_id,
        "code": FeedbackCode.JOINT_CONSIDERATION,
        "given_on": today,
        "considered_on": today,
    }


def hear(pair: Pair) -> list[Feedback]:
    """What the officer's organisation reads of its own signals."""
    with pair.place.database.work(pair.officer.caller, now=pair.place.now) as work:
        return list_feedback(work)


def test_b_a_pupil_is_of_the_municipality_of_residence(pair: Pair) -> None:
    far = pair.place.organisation("Verre Gemeente")
    whole = Team(id=far.id, organisation_id=far.id, whole=True)
    pair.place.operator(administration.open_team, whole)
    pair.place.operator(administration.set_intake_team, far.id)
    meet(pair)
    (match,) = pair.place.matches()
    assert pair.place.owner(match.id)[0] == pair.team.id


def test_c_who_enforces_cannot_open_a_match_and_hears_nothing(pair: Pair) -> None:
    meet(pair)
    (match,) = pair.place.matches()
    for act in (
        lambda: pair.place.by(pair.officer.reporter, view, match.id),
        lambda: pair.place.take(pair.officer.reporter, match.id),
        lambda: pair.place.agenda(pair.officer.reporter),
        lambda: pair.place.by(pair.officer.reporter, list_owned),
    ):
        with pytest.raises(RoleNotAllowedError):
            act()
    assert pair.place.heard(pair.officer.reporter) == []
    assert pair.place.take(pair.anna, match.id).handles
