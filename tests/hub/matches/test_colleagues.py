"""A colleague who is asked to look: of any team, at work today, and only while the owner is the owner."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from hub.matches import handing, viewing
from hub.matches.errors import NotEligibleError, NotOwnerError
from hub.teams import administration, store
from hub.teams.values import EmployerKind, Profile
from service.database import Database
from tests.hub.matches import follow_up
from tests.hub.matches.follow_up import World

DAYS = timedelta(days=3)


@pytest.fixture
def world(hub_database: Database, now: datetime) -> World:
    return follow_up.world(hub_database, now=now)


def taken(world: World) -> UUID:
    """A match that Anna took up."""
    match_id = world.case_match(world.town.anna, world.east)
    world.answer(world.town.anna)
    return match_id


def leave(world: World) -> None:
    """Cleo works in no team from today on; her role stays."""
    (post,) = world.system(lambda work: store.list_posts(work.session, staff=[world.cleo.id]))
    world.operator(administration.end_post, post.id)


def fall_ill(world: World) -> None:
    world.by(world.cleo, administration.record_absence, since=world.day(), until=world.day(3))


def change_employer(world: World) -> None:
    world.operator(administration.set_profile, world.cleo.id, Profile(employer=EmployerKind.PARTNER_SERVICE))


@pytest.mark.parametrize("happens", [leave, fall_ill, change_employer], ids=lambda act: act.__name__)
def test_nobody_is_asked_who_does_not_work_here_today_or_may_not_hear(world: World, happens: object) -> None:
    match_id = taken(world)
    world.by(world.town.anna, viewing.consult, match_id, world.cleo.id, lasts=DAYS)
    assert world.by(world.cleo, viewing.view, match_id).handles
    happens(world)  # type: ignore[operator]
    with pytest.raises(NotOwnerError):
        world.by(world.cleo, viewing.view, match_id)
    with pytest.raises(NotEligibleError):
        world.by(world.town.anna, viewing.consult, match_id, world.cleo.id, lasts=DAYS)


def refuse(world: World, match_id: UUID) -> None:
    world.refuse(world.town.anna, match_id)


def hand_over(world: World, match_id: UUID) -> None:
    world.by(world.town.anna, handing.hand_over, match_id, world.town.bram.id)
    world.reply(world.town.bram, match_id, "accepted")


def reassign(world: World, match_id: UUID) -> None:
    world.by(world.town.lead, handing.assign_to, match_id, world.town.bram.id)


@pytest.mark.parametrize("gives", [refuse, hand_over, reassign], ids=lambda act: act.__name__)
def test_a_consult_ends_with_who_asked_for_it_and_does_not_come_back(world: World, gives: object) -> None:
    town, match_id = world.town, taken(world)
    world.by(town.anna, viewing.consult, match_id, world.cleo.id, lasts=DAYS)
    assert world.kinds(world.cleo) == ["consult"]
    gives(world, match_id)  # type: ignore[operator]
    assert world.kinds(world.cleo) == []
    with pytest.raises(NotOwnerError):
        world.by(world.cleo, viewing.view, match_id)
    world.take(town.bram, match_id)
    world.by(town.bram, handing.hand_over, match_id, town.anna.id)
    world.reply(town.anna, match_id, "accepted")
    with pytest.raises(NotOwnerError):
        world.by(world.cleo, viewing.view, match_id)


def test_what_somebody_is_asked_is_behind_the_wall_of_their_own_team(world: World) -> None:
    match_id = taken(world)
    world.by(world.town.anna, viewing.consult, match_id, world.cleo.id, lasts=DAYS)
    (line,) = world.lines(world.cleo)
    assert (line.team_id, line.case_id, line.signal_id, line.level) == (world.west.id, None, None, 0)
    leave(world)
    assert world.town.inbox(world.cleo) == []
