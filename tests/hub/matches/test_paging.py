"""Lists of matches a page at a time: nothing twice, nothing left out, and no more statements for more."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import event

from hub.matches import store
from hub.matches.orphans import count_states, list_follow_ups, list_standing, page_follow_ups
from hub.matches.owning import find_owned, list_owned, page_owned
from hub.partners.service import Staff
from service.database import Database
from service.work import Work
from tests import builders
from tests.hub.matches import follow_up
from tests.hub.matches.follow_up import World

THURSDAY = datetime(2026, 11, 19, 12, 0, tzinfo=UTC)


def pages(world: World, staff: Staff, page: Any) -> list[UUID]:
    """Everything of a list, two to a page."""
    found: list[UUID] = []
    cursor = None
    for _ in range(9):
        shown, cursor = world.by(staff, page, cursor=cursor, page_size=2)
        found += [one.match_id for one in shown]
        if cursor is None:
            return found
    raise AssertionError("the list has no end")


def statements(world: World, staff: Staff, act: Any, **more: Any) -> int:
    """How many statements an act takes."""
    seen: list[str] = []

    def note(*said: Any) -> None:
        seen.append(said[2])

    def counted(work: Work) -> None:
        engine = work.session.get_bind()
        event.listen(engine, "before_cursor_execute", note)
        try:
            act(work, **more)
        finally:
            event.remove(engine, "before_cursor_execute", note)

    world.by(staff, counted)
    return len(seen)


def test_pages_of_what_is_owned_and_of_follow_ups_are_whole_and_cost_the_same(hub_database: Database) -> None:
    world = follow_up.world(hub_database, now=THURSDAY)
    anna, team = world.town.anna, world.town.team
    director = builders.authorise_staff(hub_database, team, "process_director", now=THURSDAY, contact=None)
    lists = ((anna, page_owned), (director, page_follow_ups))
    first = world.case_match(anna, world.east)
    before = [statements(world, staff, page, cursor=None, page_size=9) for staff, page in lists]
    others = [world.later(minutes=number).case_match(anna, world.east) for number in range(3)]
    waits = world.later(minutes=7).pair_match()
    after = [statements(world, staff, page, cursor=None, page_size=9) for staff, page in lists]
    assert after == before
    assert pages(world, anna, page_owned) == [one.match_id for one in world.by(anna, list_owned)]
    assert set(pages(world, anna, page_owned)) == {first, *others}
    followed = [one.match_id for one in world.by(director, list_follow_ups)]
    assert pages(world, director, page_follow_ups) == followed
    assert set(followed) == {first, *others, waits}
    assert world.by(director, count_states) == {"asked": 4, "in_queue": 1}
    assert sum(world.by(director, count_states, at_most=2).values()) == 2
    assert world.by(anna, find_owned, first).match_id == first
    assert world.by(world.town.bram, find_owned, first) is None
    everything = world.system(lambda work: list_standing(work.session))
    some = world.system(
        lambda work: list_standing(work.session, teams={world.east.id, world.west.id}, limit=2)
    )
    assert some == everything[:2]


def test_the_intake_of_two_teams_is_one_list_longest_first_with_what_one_took(hub_database: Database) -> None:
    world = follow_up.world(hub_database, now=THURSDAY)
    anna, both = world.town.anna, world.town.lead
    made = []
    for hours, team in enumerate((world.west, world.east, world.west, world.east)):
        later = world.later(hours=hours)
        who = world.cleo if team is world.west else anna
        match_id = later.case_match(who, team)
        later.refuse(who, match_id)
        made.append(match_id)
    late = world.later(hours=5)
    late.take(both, made[1])
    late.take(world.cleo, made[2])

    def seen(staff: Staff, **limit: int) -> list[UUID]:
        teams = [one.id for one in (world.east, world.west)]
        asked = {"staff_id": staff.id, "limit": 9, **limit}
        rows = late.system(lambda work: store.list_intake(work.session, teams, **asked))
        return [row.match_id for row in rows]

    assert seen(both) == [made[0], made[1], made[3]]
    assert (seen(both, limit=1), seen(both, limit=2)) == (made[:1], made[:2])
    assert (seen(world.cleo), seen(anna)) == ([made[0], made[2], made[3]], [made[0], made[3]])
