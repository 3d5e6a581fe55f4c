"""Promise 6: an envelope opens only for its own organisation, message and public part, and nobody sees it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from hub.consent.loading import default_document
from hub.consent.versions import _adopt
from service import clock
from service.clock import dutch_date
from service.work import SYSTEM
from tests.builders import authorise_staff, everything
from tests.promises.answers import masked
from tests.promises.town import Message, Town

JAN = everything("jan")
OTHER_PARTS: dict[str, dict[str, Any]] = {
    "date": {"contactDate": None},  # filled in below: another day that may be signalled
    "kind": {"kind": "concern"},
    "basis": {"legalBasis": "WPG_YOUTH", "decisionReference": str(uuid4())},
    "reporter": {"reporter": None},
    "bringer": {"submittedBy": None},
    "bracket": {
        "bracket": "16-17",
        "bracketEnds": "2027-Q4",
        "noticeTo": ["subject"],
        "authorityHolders": None,
    },
    "end of the bracket": {"bracketEnds": "2028-Q4"},
    "notice": {"noticeDate": None},  # filled in below,
    "validity": {"validMonths": 3},
}


@pytest.fixture(scope="module", autouse=True)
def _both_kinds(town: Town) -> None:
    """Let the covenant of this town take concerns too: else another kind is refused before it is opened."""
    widest = default_document() | {"signal_kinds": ["contact", "concern"]}
    with town.database.work(SYSTEM) as work:
        _adopt(work, widest, in_force_on=dutch_date(work.now), change=None)


def quarantine(town: Town, receipt: dict[str, str]) -> str | None:
    """Why a signal is kept apart; None when its envelope opened."""
    return town.kept()[UUID(receipt["signalId"])]


def changed(town: Town, name: str) -> Message:
    """A police signal whose public part is not the one that was sealed over."""
    changes = dict(OTHER_PARTS[name])
    if name == "date":
        changes["contactDate"] = dutch_date(clock.now() - timedelta(days=2)).isoformat()
    if name == "notice":
        # Both days may be attested; only one was sealed over.
        changes["noticeDate"] = dutch_date(clock.now()).isoformat()
    if name in {"reporter", "bringer"}:
        colleague = authorise_staff(town.database, town.sender("police").partner, now=clock.now())
        changes = dict.fromkeys(changes, str(colleague.id))
    return town.signal("police", JAN).with_changes(**changes)


def test_an_envelope_opens_beside_its_own_public_part(town: Town) -> None:
    answer = town.signal("police", JAN).post(town.client("police"))
    assert answer.status_code == 202
    assert quarantine(town, answer.json()) is None


def test_an_envelope_beside_another_public_part_does_not_open_and_the_answer_does_not_show_it(
    town: Town,
) -> None:
    police = town.client("police")
    good = town.signal("police", JAN).post(police)
    for name in OTHER_PARTS:
        answer = changed(town, name).post(police)
        assert answer.status_code == 202, (name, answer.text)
        assert quarantine(town, answer.json()) == "does_not_open", name
        assert masked(answer) == masked(good), name


def test_an_envelope_copied_to_another_organisation_or_message_does_not_open(town: Town) -> None:
    school, other = town.client("school"), town.client("school_attendance")
    own = town.signal("school", JAN)
    good = own.post(school)
    copied = own.with_changes(reporter=str(town.sender("school_attendance").reporter.id))
    moved = Message(uuid4(), own.body)
    for answer in (copied.post(other), moved.post(school)):
        assert answer.status_code == 202
        assert quarantine(town, answer.json()) == "does_not_open"
        assert masked(answer) == masked(good)


def test_in_a_batch_an_envelope_that_was_moved_is_answered_like_its_neighbours(town: Town) -> None:
    messages = [town.signal("school", everything(number)) for number in range(3)]
    swapped = messages[1].with_changes(envelope=messages[0].body["envelope"])
    items = [messages[0].item, swapped.item, messages[2].item]
    results = town.client("school").post("/signal-batches", json={"signals": items}).json()["results"]
    assert [quarantine(town, result["receipt"]) for result in results] == [None, "does_not_open", None]
    assert len({(result["status"], len(str(result))) for result in results}) == 1


@pytest.mark.parametrize("path", ["/cases", "/consents", "/objections"])
def test_what_is_registered_at_the_town_hall_is_bound_in_the_same_way(town: Town, path: str) -> None:
    make = {"/cases": town.case, "/consents": town.consent, "/objections": town.objection}[path]
    own, names = make(JAN), ("desk", "dora") if path == "/consents" else ("anna", "carla")
    team, other_team = (town.client(name) for name in names)
    before = town.kept().keys()
    answers = [message.post(team, path) for message in (own, Message(uuid4(), own.body), not_canonical(own))]
    answers.append(own.post(other_team, path))
    assert [answer.status_code for answer in answers] == [201] * 4
    new = {str(id_): reason for id_, reason in town.kept().items() if id_ not in before}
    reasons = [new[next(iter(answer.json().values()))] for answer in answers]
    assert reasons == [None, *["does_not_open"] * 3]
    assert len({masked(answer) for answer in answers}) == 1


def not_canonical(message: Message) -> Message:
    """The same bytes of envelope, written in a way that the encoding does not allow."""
    envelope = message.body["envelope"]
    last = envelope["sealed"][-1]
    sealed = envelope["sealed"][:-1] + chr(ord(last) + 1)
    return Message(uuid4(), {**message.body, "envelope": {**envelope, "sealed": sealed}})
