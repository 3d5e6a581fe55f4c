"""Whoever leaves, is away or changes employer: what they own is somebody else's the same day."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from datetime import datetime, timedelta
from threading import Thread
from uuid import UUID

import pytest

from hub.cases.service import list_own
from hub.matches import handing, owning, sweeping, viewing
from hub.matches.errors import NotOwnerError
from hub.matches.models import InquiryClockRow, MatchRow
from hub.matches.service import escalate, list_follow_ups, sweep_owners
from hub.notices.terms import Terms
from hub.partners import staffing
from hub.partners.errors import RoleNotAllowedError
from hub.partners.service import Staff
from hub.teams import administration, store
from hub.teams.values import EmployerKind, Profile
from service.database import Database
from service.work import Work
from tests import builders
from tests.builders import everything
from tests.hub.matches import follow_up
from tests.hub.matches.follow_up import World


@pytest.fixture
def world(hub_database: Database, now: datetime) -> World:
    return follow_up.world(hub_database, now=now)


def away(world: World, who: Staff, *, days: int = 5, cover: UUID | None = None) -> None:
    world.by(who, administration.record_absence, since=world.day(), until=world.day(days), cover=cover)


def test_while_somebody_is_away_their_cover_hears_and_else_the_team_rou_03(world: World) -> None:
    town = world.town
    away(world, town.anna, cover=town.bram.id)
    assert world.owner(world.case_match(town.anna, world.east)) == town.bram.id
    away(world, town.bram)
    assert world.owner(world.case_match(town.anna, world.east)) is None


@pytest.mark.parametrize("taken", [False, True])
def test_what_somebody_owns_goes_to_their_cover_the_same_day(world: World, taken: bool) -> None:
    town = world.town
    match_id = world.case_match(town.anna, world.east)
    if taken:
        world.answer(town.anna)
    away(world, town.anna, cover=town.bram.id, days=9 if taken else 1)
    world.chores()
    assert world.owner(match_id) == town.bram.id
    assert world.history(match_id)[0] == (town.anna.id, "not_able")
    assert world.kinds(town.bram) == ["intake"]
    assert world.take(town.bram, match_id).handles
    world.chores()
    assert world.owner(match_id) == town.bram.id


@pytest.mark.parametrize("covered", [False, True])
def test_rou_13_who_is_away_for_a_little_keeps_what_is_in_hand_and_nothing_else(
    world: World, covered: bool
) -> None:
    town = world.town
    heir = town.bram.id if covered else None
    taken = world.case_match(town.anna, world.east)
    world.answer(town.anna)
    asked = world.case_match(town.anna, world.east)
    away(world, town.anna, cover=heir)  # from Wednesday until Monday
    world.chores()
    assert world.owner(taken) == town.anna.id
    assert world.assignment(taken).accepted_at is not None
    assert world.owner(asked) == heir
    assert world.orphans() == []
    # What comes in of her people meanwhile is for who is there.
    assert world.owner(world.case_match(town.anna, world.east)) == heir
    back = world.later(days=5)
    back.by(town.anna, viewing.view, taken)
    back.chores()
    assert back.owner(taken) == town.anna.id


def test_rou_13_of_a_longer_absence_a_lead_gets_by_name_what_was_in_hand(world: World) -> None:
    town = world.town
    taken = world.case_match(town.anna, world.east)
    world.answer(town.anna)
    away(world, town.anna, days=9)
    assert [one.state for one in world.orphans()] == ["owner_not_able"]
    world.chores()
    assert (world.owner(taken), world.orphans()) == (town.lead.id, [])
    assert world.history(taken)[0] == (town.anna.id, "not_able")
    assert world.kinds(town.lead) == ["intake"]
    assert world.take(town.bram, taken).handles
    assert world.owner(taken) == town.bram.id


def test_rou_12_an_absence_that_gets_longer_gives_on_what_it_kept(world: World) -> None:
    town = world.town
    taken = world.case_match(town.anna, world.east)
    world.answer(town.anna)
    away(world, town.anna)
    world.chores()
    assert world.owner(taken) == town.anna.id
    later = world.later(days=2)
    away(later, town.anna, days=9)
    later.chores()
    assert later.owner(taken) == town.lead.id


def test_rou_11_what_a_clock_takes_from_who_is_away_is_listed_and_given_on_alike(
    world: World,
) -> None:
    town = world.town
    taken = world.case_match(town.anna, world.east)
    world.answer(town.anna)
    away(world, town.anna)
    assert world.orphans() == []
    clock = InquiryClockRow(match_id=taken, code="first", due_at=town.now + timedelta(hours=24))
    world.system(lambda work: work.session.add(clock))
    assert [(one.match_id, one.state) for one in world.orphans()] == [(taken, "owner_not_able")]
    world.chores()
    assert (world.owner(taken), world.orphans()) == (town.lead.id, [])


@pytest.mark.parametrize("how", ["post", "profile", "staff"])
def test_when_a_post_ends_access_ends_that_day_and_the_match_goes_back(world: World, how: str) -> None:
    town = world.town
    match_id = world.case_match(town.anna, world.east)
    world.answer(town.anna)
    if how == "post":
        (post,) = world.system(lambda work: store.list_posts(work.session, staff=[town.anna.id]))
        world.operator(administration.end_post, post.id)
        assert town.inbox(town.anna) == []
        with pytest.raises(NotOwnerError):
            world.by(town.anna, viewing.view, match_id)
    elif how == "profile":
        known = Profile(employer=EmployerKind.PROVIDER)
        world.operator(administration.set_profile, town.anna.id, known)
    else:
        world.operator(staffing.end_staff, town.anna.id)
    assert [one.state for one in world.orphans()] == ["owner_not_able"]
    world.chores()
    assert (world.owner(match_id), world.orphans()) == (None, [])
    assert world.kinds(town.lead) == ["intake"]


def test_a_pool_members_posts_are_walled_off_from_each_other(world: World) -> None:
    town = world.town
    post = world.post(town.anna, world.west)
    east, west = (world.case_match(town.anna, team) for team in (world.east, world.west))
    assert {one.match_id for one in town.inbox(town.anna)} == {east, west}
    world.operator(administration.end_post, post.id)
    assert {one.match_id for one in town.inbox(town.anna)} == {east}
    assert {one.match_id for one in world.by(town.anna, owning.list_owned)} == {east}
    world.chores()
    assert world.owner(east) == town.anna.id
    assert world.owner(west) is None


def test_rou_21_a_successor_gets_open_matches_and_cases_and_history_stays(world: World) -> None:
    town = world.town
    world.post(town.bram, world.west)
    kept, moved = world.case_match(town.bram, world.east), world.case_match(town.anna, world.east)
    for one in (town.bram, town.anna):
        world.answer(one)
    world.operator(administration.succeed_team, world.east.id, successor_id=world.west.id, on=world.day(1))
    later = world.later(days=1)
    later.chores()
    assert later.owner(kept) == town.bram.id
    assert later.assignment(kept).accepted_at is not None
    assert later.owner(moved) is None
    assert {later.assignment(one).team_id for one in (kept, moved)} == {world.west.id}
    assert world.history(moved)[0] == (town.anna.id, "succeeded")
    assert [one.match_id for one in later.town.inbox(town.bram)] == [kept]
    assert later.town.inbox(town.anna) == []
    assert later.take(world.cleo, moved).handles
    assert later.orphans() == []
    assert len(later.by(world.cleo, list_own)[0]) == 2
    assert later.owner(later.case_match(world.cleo, world.west)) == world.cleo.id
    assert later.system(sweep_owners) == 0


def test_what_waits_longer_than_one_meeting_stands_on_a_leads_list_rou_05(world: World) -> None:
    town = world.town
    match_id = world.pair_match()
    almost = world.later(days=7, seconds=-1)
    almost.chores()
    assert almost.owner(match_id) is None
    late = world.later(days=7)
    late.chores()
    assert late.owner(match_id) == town.lead.id
    assert "reminder" in late.kinds(town.lead)
    assert late.take(town.bram, match_id).handles
    assert late.owner(match_id) == town.bram.id


def test_the_ladder_takes_each_step_once_in_working_days_rou_12(world: World) -> None:
    town = world.town
    coordinator, contact = (
        builders.authorise_staff(town.database, town.team, role, now=town.now, mail=f"{role}@team.example")
        for role in ("partner_coordinator", "municipal_coordinator")
    )
    world.case_match(town.anna, world.east)  # on Wednesday 18 November 2026
    # Thursday, Friday, Monday: the third working day ends when Tuesday begins.
    called = {}
    for days in (5, 6, 7, 8, 14, 15):
        later = world.later(days=days)
        for _twice in range(2):
            later.system(escalate)
        called[days] = [later.kinds(one) for one in (town.anna, town.lead, coordinator, contact)]
    assert called[5][0] == ["match"]
    assert called[6][0] == ["match", "reminder"]
    assert called[7][1:] == [[], [], []]
    assert called[8][1:] == [["stalled"], ["stalled"], []]
    assert called[14][3] == []
    assert called[15][3] == ["escalated"]
    assert world.later(days=40).system(escalate) == 0


def test_the_ladder_drains_however_much_waits_on_it(world: World) -> None:
    town = world.town
    for _ in range(3):
        world.case_match(town.anna, world.east)
    world.answer(town.anna)
    world.case_match(town.bram, world.east)
    late = world.later(days=15)
    turns = [late.system(escalate, limit=1) for _ in range(5)]
    # Each turn one step of a kind: Bram's three, and one of the three that Anna has.
    assert turns == [4, 1, 1, 0, 0]


def test_who_is_in_contact_already_is_not_called_stalled_mat_15(world: World) -> None:
    town, person = world.town, "jan"
    world.case_match(town.anna, world.east, person)
    world.answer(town.anna, "already_in_contact")
    world.signals(everything(person), world.school)
    assert world.later(days=40).system(escalate) == 0


def test_what_was_asked_by_name_in_vain_is_on_the_list_after_a_meeting(world: World) -> None:
    town, match_id = world.town, world.pair_match()
    world.by(town.lead, handing.assign_to, match_id, town.bram.id)
    world.later(days=6).chores()
    assert world.owner(match_id) == town.bram.id
    late = world.later(days=7)
    late.chores()
    assert late.owner(match_id) == town.lead.id
    assert late.system(sweep_owners) == 0


def test_a_sweep_takes_nothing_from_who_just_accepted_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the list and the lock somebody may take it from the queue, or take it over."""
    town, waits = world.town, world.pair_match()
    asked = world.case_match(town.bram, world.east)
    world.answer(town.bram)
    world.by(town.bram, handing.hand_over, asked, town.lead.id)
    late = world.later(days=8)
    (post,) = late.system(lambda work: store.list_posts(work.session, staff=[town.bram.id]))
    late.operator(administration.end_post, post.id)
    lock, threads = sweeping._lock_open, []

    def accept() -> None:
        late.take(town.anna, waits)
        with suppress(NotOwnerError):  # on SQLite the sweep was first
            late.reply(town.lead, asked, "accepted")

    def lock_later(work: Work, ids: Collection[UUID]) -> list[MatchRow]:
        if not threads:
            threads.append(Thread(target=accept))
            threads[0].start()
            threads[0].join(3.0)  # on SQLite it has to wait for the sweep
        return lock(work, ids)

    monkeypatch.setattr(sweeping, "_lock_open", lock_later)
    late.system(sweep_owners)
    threads[0].join()
    first = town.lead.id if town.database.dialect == "postgresql" else None
    assert (late.owner(waits), late.owner(asked)) == (town.anna.id, first)
    assert late.assignment(waits).accepted_at is not None


def test_an_alert_carries_no_subject_data_rou_11(world: World) -> None:
    town = world.town
    contact = builders.authorise_staff(town.database, town.team, "municipal_coordinator", now=town.now)
    match_id = world.case_match(town.anna, world.east)
    late = world.later(days=30)
    late.system(escalate)
    (notice,) = late.town.inbox(contact)
    said = {name: getattr(notice, name) for name in notice.__slots__}
    assert said.pop("match_id") == match_id
    assert {name for name, value in said.items() if value} == {
        "notice_id",
        "kind",
        "queued_at",
        "due_at",
        "state",
    }
    with pytest.raises(RoleNotAllowedError):
        late.by(contact, viewing.view, match_id)


def test_nothing_is_called_about_what_was_taken_up_until_nobody_spoke_with_the_person(world: World) -> None:
    town = world.town
    match_id = world.case_match(town.anna, world.east)
    world.answer(town.anna)
    assert world.later(days=13).system(escalate) == 0
    spoken = world.case_match(town.bram, world.east)
    world.answer(town.bram)
    world.by(town.bram, owning.record_progress, spoken, owning.Progress(contacted_on=world.day()))
    late = world.later(days=15)
    assert late.system(escalate) == 1
    assert [(row.kind, row.match_id) for row in late.lines(town.lead)] == [("stalled", match_id)]


def test_terms_are_configurable(world: World) -> None:
    world.case_match(world.town.anna, world.east)
    terms = Terms(remind=1, coordinate=2, municipal=3)
    assert world.later(days=2).system(escalate, terms=terms) == 1
    match_id = world.pair_match()
    world.later(days=2).system(sweep_owners, terms=Terms(meeting=timedelta(days=1)))
    assert world.owner(match_id) == world.town.lead.id


def test_a_watcher_sees_numbers_dates_and_states_of_the_own_organisation_rou_02(world: World) -> None:
    town = world.town
    match_id = world.case_match(town.anna, world.east)
    director = builders.authorise_staff(town.database, town.team, "process_director", now=town.now)
    elsewhere = builders.admit_partner(town.database, "municipal_team", now=town.now)
    stranger = builders.authorise_staff(town.database, elsewhere, "municipal_coordinator", now=town.now)
    (seen,) = world.by(director, list_follow_ups)
    assert (seen.match_id, seen.opened_at, seen.state) == (match_id, town.now, "asked")
    assert (seen.owner, seen.number) == (None, None)  # which is for who leads the team
    assert set(seen.__slots__) == {"match_id", "opened_at", "state", "owner", "number", "late"}
    assert world.by(stranger, list_follow_ups) == []
    for one in (town.anna, town.lead, town.desk):
        with pytest.raises(RoleNotAllowedError):
            world.by(one, list_follow_ups)
