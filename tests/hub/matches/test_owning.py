"""Every match has an owner who may own it, and what owners do with it."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from hub.matches import handing, owners, owning, viewing
from hub.matches.errors import (
    IntakeTakenError,
    NotEligibleError,
    NotOwnerError,
    ProgressInvalidError,
)
from hub.matches.policy import looks_arranged
from hub.partners.errors import RoleNotAllowedError
from hub.teams import administration
from hub.teams.values import EmployerKind, Profile
from service.database import Database
from service.work import SYSTEM
from tests import builders
from tests.builders import everything
from tests.hub.matches import follow_up
from tests.hub.matches.follow_up import World


@pytest.fixture
def world(hub_database: Database, now: datetime) -> World:
    return follow_up.world(hub_database, now=now)


def test_acceptance_is_explicit_rou_13(world: World) -> None:
    town = world.town
    match_id = world.case_match(town.anna, world.east)
    assert (world.owner(match_id), world.assignment(match_id).accepted_at) == (town.anna.id, None)
    town.inbox(town.anna)
    assert world.assignment(match_id).accepted_at is None
    world.answer(town.anna)
    assert (world.assignment(match_id).accepted_at, world.assignment(match_id).outcome) == (
        town.now,
        "acknowledged",
    )


def test_a_refusal_has_a_reason_and_returns_to_the_queue_rou_13(world: World) -> None:
    town = world.town
    match_id = world.case_match(town.anna, world.east)
    town.inbox(town.anna)
    world.refuse(town.anna, match_id)
    assert world.owner(match_id) is None
    assert world.history(match_id)[0] == (town.anna.id, "refused")
    assert world.kinds(town.lead) == ["intake"]
    assert world.kinds(town.anna) == []
    with pytest.raises(NotOwnerError):
        world.refuse(town.anna, match_id)
    assert world.take(town.bram, match_id).handles
    assert world.owner(match_id) == town.bram.id
    world.refuse(town.bram, match_id)
    assert world.take(town.anna, match_id) is not None


def test_already_in_contact_is_one_click_counted_and_not_told_again_mat_15(world: World) -> None:
    town, person = world.town, "jan"
    first = world.case_match(town.anna, world.east, person)
    world.answer(town.anna, "already_in_contact")
    again = world.signals(everything(person), world.school)
    assert world.assignment(again).outcome == "suppressed"
    assert world.kinds(town.anna) == []
    other = builders.sender(town.database, "school", now=town.now)
    world.signals(everything(person), other)
    assert world.kinds(town.anna) == ["match"]
    late = world.later(days=31)
    late.signals(everything(person), world.school)
    assert late.kinds(town.anna) == ["match", "match"]
    counted = world.system(lambda work: owners.count_outcomes(work.session))
    assert (counted["already_in_contact"], counted["suppressed"]) == (1, 1)
    assert world.assignment(first).outcome == "already_in_contact"


def test_a_hand_over_stays_with_its_owner_until_the_colleague_accepts(world: World) -> None:
    town = world.town
    match_id = world.case_match(town.anna, world.east)
    world.answer(town.anna)
    world.by(town.anna, handing.hand_over, match_id, town.bram.id)
    assert world.owner(match_id) == town.anna.id
    (line,) = world.lines(town.bram)
    assert (line.kind, line.case_id, line.signal_id, line.sender_id, line.level) == (
        "hand_over",
        None,
        None,
        None,
        0,
    )
    with pytest.raises(NotOwnerError):
        world.by(town.bram, viewing.view, match_id)
    world.reply(town.bram, match_id, "returned")
    assert world.owner(match_id) == town.anna.id
    with pytest.raises(NotOwnerError):
        world.reply(town.bram, match_id, "accepted")
    world.by(town.anna, handing.hand_over, match_id, town.bram.id)
    view = world.reply(town.bram, match_id, "accepted")
    assert [handle.partner for handle in view.handles] == ["De Linde"]
    assert world.owner(match_id) == town.bram.id
    with pytest.raises(NotOwnerError):
        world.by(town.anna, viewing.view, match_id)
    assert [one.state for one in town.inbox(town.anna)] == ["returned"]


def test_nobody_is_handed_what_they_may_not_carry(world: World) -> None:
    town = world.town
    match_id = world.case_match(town.anna, world.east)
    world.operator(administration.set_profile, town.bram.id, Profile(employer=EmployerKind.PROVIDER))
    for colleague in (town.bram.id, world.cleo.id, town.anna.id, town.desk.id, uuid4()):
        with pytest.raises(NotEligibleError):
            world.by(town.anna, handing.hand_over, match_id, colleague)


def test_an_offer_lapses_when_the_match_is_somebody_elses(world: World) -> None:
    town = world.town
    match_id = world.case_match(town.anna, world.east)
    world.by(town.anna, handing.hand_over, match_id, town.bram.id)
    world.refuse(town.anna, match_id)
    with pytest.raises(NotOwnerError):
        world.reply(town.bram, match_id, "accepted")


def test_a_consult_is_one_colleagues_view_for_some_days_each_look_recorded(world: World) -> None:
    town = world.town
    match_id = world.case_match(town.anna, world.east)
    with pytest.raises(NotEligibleError):
        world.by(town.anna, viewing.consult, match_id, world.cleo.id, lasts=timedelta(days=2))
    world.answer(town.anna)
    for colleague, days in ((town.desk.id, 2), (town.anna.id, 2), (world.cleo.id, 15), (world.cleo.id, 0)):
        with pytest.raises(NotEligibleError):
            world.by(town.anna, viewing.consult, match_id, colleague, lasts=timedelta(days=days))
    world.by(town.anna, viewing.consult, match_id, world.cleo.id, lasts=timedelta(days=2))
    for _twice in range(2):
        assert world.by(world.cleo, viewing.view, match_id).handles
    with pytest.raises(NotOwnerError):
        world.by(town.bram, viewing.view, match_id)
    with pytest.raises(NotOwnerError):
        world.by(world.cleo, owning.refuse, match_id, owning.RefusalReason.NO_CAPACITY)
    assert world.owner(match_id) == town.anna.id
    with pytest.raises(NotOwnerError):
        world.later(days=2).by(world.cleo, viewing.view, match_id)
    with town.database.look(SYSTEM) as work:
        leaves = work.session.connection().exec_driver_sql("SELECT leaf FROM audit_event").scalars().all()
    assert sum(b'"match.contact_revealed"' in bytes(leaf) for leaf in leaves) == 2


def test_who_leads_and_whether_parties_are_aligned_is_recorded_rou_08_rou_19(world: World) -> None:
    town = world.town
    match_id = world.case_match(town.anna, world.east)
    said = owning.Progress(case_lead=town.bram.id, aligned_on=world.day(), jointly_considered_on=world.day())
    with pytest.raises(NotOwnerError):
        world.by(town.anna, owning.record_progress, match_id, said)
    world.answer(town.anna)
    world.by(town.anna, owning.record_progress, match_id, said)
    world.by(town.anna, owning.record_progress, match_id, owning.Progress(contacted_on=world.day()))
    (owned,) = world.by(town.anna, owning.list_owned)
    assert (owned.case_lead, owned.aligned_on, owned.contacted_on) == (town.bram.id, world.day(), world.day())
    assert owned.jointly_considered_on == world.day()
    with pytest.raises(NotEligibleError):
        world.by(town.anna, owning.record_progress, match_id, owning.Progress(case_lead=town.desk.id))


@pytest.mark.parametrize("days", [1, -32, -40_000])
def test_a_day_of_a_follow_up_is_one_on_which_it_can_have_been(world: World, days: int) -> None:
    town = world.town
    match_id = world.case_match(town.anna, world.east)
    world.answer(town.anna)
    for name in ("aligned_on", "contacted_on", "jointly_considered_on"):
        with pytest.raises(ProgressInvalidError):
            world.by(town.anna, owning.record_progress, match_id, owning.Progress(**{name: world.day(days)}))
        said = owning.Progress(**{name: world.day(max(days, -31))}) if days < 0 else owning.Progress()
        world.by(town.anna, owning.record_progress, match_id, said)


def test_who_looked_at_what_was_suppressed_hears_that_it_is_void(world: World) -> None:
    town, person = world.town, "jan"
    world.case_match(town.anna, world.east, person)
    world.answer(town.anna, "already_in_contact")
    for looked in (False, True):
        before = set(world.ids())
        signal_id = town.signal(world.school, everything(person))
        town.match()
        (match_id,) = set(world.ids()) - before
        assert world.assignment(match_id).outcome == "suppressed"
        if looked:
            assert world.by(town.anna, viewing.view, match_id).handles
        town.withdraw(world.school, signal_id)
        town.match()
        assert ("void" in world.kinds(town.anna)) is looked


def test_a_lead_assigns_in_the_own_team_and_a_watcher_in_the_own_organisation(world: World) -> None:
    town = world.town
    match_id = world.pair_match()
    director = builders.authorise_staff(town.database, town.team, "process_director", now=town.now)
    elsewhere = builders.admit_partner(town.database, "municipal_team", now=town.now)
    stranger = builders.authorise_staff(town.database, elsewhere, "municipal_coordinator", now=town.now)
    with pytest.raises(NotOwnerError):
        world.by(stranger, handing.assign_to, match_id, town.anna.id)
    with pytest.raises(RoleNotAllowedError):
        world.by(town.anna, handing.assign_to, match_id, town.anna.id)
    with pytest.raises(NotEligibleError):
        world.by(director, handing.assign_to, match_id, world.cleo.id)
    for who, to in ((town.lead, town.anna), (director, town.bram)):
        world.by(who, handing.assign_to, match_id, to.id)
        assert (world.owner(match_id), world.assignment(match_id).accepted_at) == (to.id, None)
        assert world.kinds(to) == ["intake"]
    assert world.take(town.bram, match_id).handles
    with pytest.raises(IntakeTakenError):
        world.take(town.anna, match_id)


def test_an_arranged_looking_pair_is_counted_apart_and_treated_like_any_other_mat_17(
    world: World, now: datetime
) -> None:
    world.pair_match()
    person = everything("piet")
    world.town.signal(world.school, person)
    late = world.later(hours=2)
    late.signals(person, world.police)
    counted = world.system(lambda work: owners.count_outcomes(work.session))
    assert counted["arranged_match_suspect"] == 1
    assert looks_arranged(now, now + timedelta(hours=1))
    assert not looks_arranged(now + timedelta(hours=1, seconds=1), now)


def test_whoever_has_seen_a_match_hears_that_it_is_void_also_when_they_gave_it_away(world: World) -> None:
    town, person = world.town, everything("kees")
    first = town.signal(world.school, person)
    world.signals(person, world.police)
    (match_id,) = world.ids()
    world.take(town.anna, match_id)
    world.by(town.anna, viewing.consult, match_id, world.cleo.id, lasts=timedelta(days=1))
    world.refuse(town.anna, match_id)
    world.take(town.bram, match_id)
    town.withdraw(world.school, first, "unjustified")
    town.match()
    assert [world.kinds(one) for one in (town.anna, town.bram, world.cleo)] == [["void"]] * 3
    assert world.kinds(town.lead) == []
    assert world.by(town.bram, owning.list_owned) == []
