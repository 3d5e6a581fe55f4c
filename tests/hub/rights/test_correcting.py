"""What is wrong is put right by its source, by a new registration, and everybody who heard of it is told."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

import pytest

from hub.matches.models import AssignmentRow
from hub.rights import correcting, telling
from hub.rights.errors import (
    CorrectionAnsweredError,
    CorrectionMissingError,
    GroundNotAllowedError,
    ReplacementError,
)
from hub.rights.values import Correction, Effect, Ground, Outcome, Request
from hub.signals.models import SignalRow
from service.work import SYSTEM, Caller
from tests import builders
from tests.builders import Sender, staff_caller
from tests.hub.rights.conftest import MILA, RightsDesk


def granted(desk: RightsDesk, school: Sender) -> Request:
    """The desk grants a request for rectification of what was inaccurate."""
    request = desk.file("rectification")
    found = desk.found(request).findings
    desk.ask(request)
    desk.advise(school)
    only = [one.id for one in found if one.kind == "signal"]
    return desk.decide(request, Outcome.GRANTED, Ground.INACCURATE, only=only)


def list_of(desk: RightsDesk, caller: Caller) -> list[Correction]:
    """What somebody has to put right."""
    with desk.database.work(caller, now=desk.town.now) as work:
        return correcting.list_corrections(work)


def answer(desk: RightsDesk, caller: Caller, correction: UUID, replaced_by: UUID | None) -> Correction:
    """Say what took its place."""
    with desk.database.work(caller, now=desk.town.now) as work:
        return correcting.answer_correction(work, correction, replaced_by=replaced_by)


def test_sig_18_what_is_wrong_is_put_right_by_its_source_and_all_who_heard_are_told(
    desk: RightsDesk, school: Sender
) -> None:
    town = desk.town
    town.case(town.anna, MILA)
    wrong = town.signal(school, MILA, bracket="12-15", bracketEnds="2028-Q3")
    town.match()
    assert [one.kind for one in town.inbox(town.anna)] == ["match"]
    request = granted(desk, school)
    town.match()
    assert {one.kind for one in town.inbox(town.anna)} == {"match", "void"}
    (one,) = list_of(desk, school.person)
    assert (one.registration_id, one.due_on, one.replaced_by) == (wrong, date(2026, 12, 2), None)
    right = town.signal(school, MILA, bracket="12-15", bracketEnds="2028-Q4")
    town.match()
    assert answer(desk, school.person, one.id, right).replaced_by == right
    assert answer(desk, school.person, one.id, right).replaced_by == right
    # Another signal is another match: who may be told today hears of it as of any other.
    assert {each.state for each in town.inbox(town.anna) if each.kind == "match"} == {"void", "new"}
    told = [each for each in desk.tellings(request) if each.organisation_id == desk.team.id]
    assert {each.effect for each in told if each.staff_id == town.anna.id} == {Effect.CORRECT}
    (last,) = [each for each in told if each.effect is Effect.CORRECTED]
    assert last.told_at is None
    with desk.work(town.anna) as work:
        assert telling.list_own_tellings(work) == []  # she heard, and took nothing up
    with desk.database.work(SYSTEM, now=town.now) as work:
        taken = {"accepted_at": town.now, "viewed_at": town.now, "staff_id": town.anna.id}
        assert work.session.query(AssignmentRow).filter_by(match_id=last.about).update(taken)
    with desk.work(town.anna) as work:
        assert [each.id for each in telling.list_own_tellings(work)] == [last.id]
    with desk.look() as work:
        assert work.session.get_one(SignalRow, wrong).state == "withdrawn"
    with pytest.raises(CorrectionAnsweredError):
        answer(desk, school.person, one.id, None)


def test_what_takes_its_place_is_new_and_of_the_same_organisation(desk: RightsDesk, school: Sender) -> None:
    town = desk.town
    old = town.signal(school, MILA)
    before = town.signal(school, builders.everything("somebody else"))
    later = desk.later(hours=1)
    granted(later, school)
    (one,) = list_of(later, school.person)
    other = builders.sender(desk.database, "school", now=town.now)
    foreign = later.town.signal(other, MILA)
    for wrong in (old, before, foreign, uuid4()):
        with pytest.raises(ReplacementError):
            answer(later, school.person, one.id, wrong)
    for stranger in (other.person, staff_caller(town.lead)):
        assert list_of(later, stranger) == []
        with pytest.raises(CorrectionMissingError):
            answer(later, stranger, one.id, None)
    done = answer(later, school.person, one.id, None)
    assert (done.replaced_by, done.answered_at) == (None, later.town.now)


def test_tra_09_an_erasure_later_leaves_nothing_of_what_was_put_right(
    desk: RightsDesk, school: Sender
) -> None:
    desk.town.signal(school, MILA)
    granted(desk, school)
    (one,) = list_of(desk, school.person)
    answer(desk, school.person, one.id, desk.town.signal(school, MILA))
    desk.erase(school)
    assert list_of(desk, school.person) == []


def test_tra_09_a_decision_may_be_about_one_of_the_signals_and_leaves_the_others(
    desk: RightsDesk, school: Sender
) -> None:
    town = desk.town
    other = builders.sender(desk.database, "school", now=town.now)
    wrong, right = town.signal(school, MILA), town.signal(other, MILA)
    request = desk.file("erasure")
    findings = {one.registration_id: one.id for one in desk.found(request).findings}
    desk.ask(request)
    for one in (school, other):
        desk.advise(one)
    desk.approve(desk.decide(request, Outcome.GRANTED, Ground.UNJUSTIFIED, only=[findings[wrong]]))
    with desk.look() as work:
        assert {row.id for row in work.session.query(SignalRow)} == {right}


@pytest.mark.parametrize(
    ("kind", "ground"), [("objection", "interests_of_person"), ("erasure", "unjustified")]
)
def test_a_choice_is_of_what_was_found_and_an_objection_is_about_all(
    desk: RightsDesk, school: Sender, kind: str, ground: str
) -> None:
    desk.town.signal(school, MILA)
    request = desk.file(kind)
    (found,) = desk.found(request).findings
    desk.ask(request)
    desk.advise(school)
    only = [found.id] if kind == "objection" else [uuid4()]
    with pytest.raises(GroundNotAllowedError):
        desk.decide(request, Outcome.GRANTED, Ground(ground), only=only)
