"""A match that turns out to be of two persons ends, and everybody who was told hears that."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from hub.matches import owning, viewing
from hub.matches.errors import NotOwnerError, NumbersAgreeError
from hub.matches.models import MatchRow
from hub.matches.retracting import retract
from hub.matches.states import MatchState, RefusalReason, Verified
from service.database import Database
from service.work import Work
from tests import builders
from tests.builders import everything
from tests.hub.matches import follow_up
from tests.hub.matches.follow_up import World
from tests.hub.matches.test_intake import recorded


@pytest.fixture
def world(hub_database: Database, now: datetime) -> World:
    return follow_up.world(hub_database, now=now)


def state(world: World, match_id: UUID) -> tuple[str, UUID | None]:
    def find(work: Work) -> tuple[str, UUID | None]:
        row = work.session.get_one(MatchRow, match_id)
        return row.state, row.judged_by

    found: tuple[str, UUID | None] = world.system(find)
    return found


def test_mat_11_whoever_was_told_of_a_false_match_hears_that_it_does_not_stand(world: World) -> None:
    town, person = world.town, everything("jan")
    match_id = world.signals(person, world.school, world.police)
    world.take(town.anna, match_id)
    world.by(town.anna, viewing.consult, match_id, world.cleo.id, lasts=timedelta(days=1))
    world.refuse(town.anna, match_id)
    world.take(town.bram, match_id)
    world.by(town.bram, retract, match_id, Verified.WITH_REPORTER)
    town.match()
    assert state(world, match_id) == (MatchState.REJECTED, town.bram.id)
    assert [world.kinds(one) for one in (town.anna, world.cleo)] == [["void"]] * 2
    assert (world.kinds(town.bram), world.by(town.bram, owning.list_owned)) == ([], [])
    assert len(recorded(town, "match.retracted")) == 1
    # Nor is this pair told again, whatever comes of either.
    world.later(days=2).chores()
    town.match()
    assert state(world, match_id)[0] == MatchState.REJECTED
    assert world.orphans() == []


def test_each_registration_of_a_false_match_is_matched_anew_with_others(world: World) -> None:
    town, person = world.town, everything("jan")
    town.case(town.anna, person, teamId=str(world.east.id))
    first = world.signals(person, world.school)
    town.signal(world.police, person)
    town.match()
    # The casemanager hears of both, so that both together are nobody else's.
    assert len(world.ids()) == 2
    world.answer(town.anna)
    world.by(town.anna, retract, first, Verified.WITH_REPORTER)
    town.match()
    (pair,) = (one for one in world.ids() if world.system(without_case, one))
    assert world.take(town.bram, pair).handles


def without_case(work: Work, match_id: UUID) -> bool:
    return work.session.get_one(MatchRow, match_id).case_id is None


def test_nobody_retracts_what_is_not_theirs_or_was_not_taken_up(world: World) -> None:
    town = world.town
    match_id = world.case_match(town.anna, world.east)
    for staff in (town.bram, town.lead, town.anna):
        with pytest.raises(NotOwnerError):
            world.by(staff, retract, match_id, Verified.WITH_REPORTER)
    world.answer(town.anna)
    with pytest.raises(NotOwnerError):
        world.by(town.bram, retract, match_id, Verified.WITH_REPORTER)
    world.by(town.anna, retract, match_id, Verified.WITH_REPORTER)
    with pytest.raises(NotOwnerError):
        world.by(town.anna, retract, match_id, Verified.WITH_REPORTER)


def test_mat_11_of_one_service_number_only_a_lead_says_that_it_is_of_two_persons(world: World) -> None:
    town, person = world.town, {"bsn": "one", **everything("jan")}
    town.case(town.anna, person, teamId=str(world.east.id))
    match_id = world.signals(person, builders.sender(town.database, "youth_care", now=town.now))
    world.answer(town.anna)
    with pytest.raises(NumbersAgreeError):
        world.by(town.anna, retract, match_id, Verified.OWN_FILE)
    world.by(town.anna, owning.refuse, match_id, RefusalReason.OTHER_PERSON)
    world.take(town.lead, match_id)
    world.by(town.lead, retract, match_id, Verified.WITH_REPORTER)
    assert state(world, match_id) == (MatchState.REJECTED, town.lead.id)
