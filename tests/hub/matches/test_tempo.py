"""Who has what, what is late, and how many working days it took: for a lead and for who watches."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from hub.matches.models import MatchViewerRow
from hub.matches.orphans import list_team_follow_ups, page_team
from hub.matches.tempo import LONGEST, count_times
from hub.partners.errors import RoleNotAllowedError
from service.database import Database
from service.work import SYSTEM
from tests import builders
from tests.hub.matches import follow_up

THURSDAY = datetime(2026, 11, 19, 12, 0, tzinfo=UTC)


def test_a_lead_sees_who_has_what_of_the_own_teams_late_first(hub_database: Database) -> None:
    world = follow_up.world(hub_database, now=THURSDAY)
    lead, anna = world.town.lead, world.town.anna
    waits, asked = world.pair_match(), world.case_match(anna, world.east)
    found = {one.match_id: one for one in world.by(lead, list_team_follow_ups)}
    assert (found[waits].state, found[waits].owner, found[waits].late) == ("in_queue", None, False)
    assert (found[asked].state, found[asked].owner, found[asked].late) == ("asked", anna.id, False)
    assert found[waits].number != waits
    assert found[asked].number == asked
    late = world.later(days=12).by(lead, list_team_follow_ups)
    assert [one.late for one in late] == [True, True]
    with pytest.raises(RoleNotAllowedError):
        world.by(anna, list_team_follow_ups)


def test_a_lead_is_noted_as_viewer_of_the_matches_on_the_page_and_of_none_behind_them(
    hub_database: Database,
) -> None:
    """TRA-08: who is told who looked, must not hear of a lead before whom the match never stood."""
    world = follow_up.world(hub_database, now=THURSDAY)
    world.pair_match()
    world.case_match(world.town.anna, world.east)
    lead = world.town.lead
    (shown,), behind = world.by(lead, lambda work: page_team(work, size=1))
    assert behind == 1
    with hub_database.look(SYSTEM) as work:
        hers = select(MatchViewerRow.match_id).where(MatchViewerRow.staff_id == lead.id)
        assert work.session.scalars(hers).all() == [shown.match_id]


def test_times_are_counted_in_working_days_for_the_own_teams_or_organisation(hub_database: Database) -> None:
    world = follow_up.world(hub_database, now=THURSDAY)
    anna = world.town.anna
    director = builders.authorise_staff(
        hub_database, world.town.team, "process_director", now=THURSDAY, contact=None
    )
    other = builders.admit_partner(hub_database, "municipal_team", now=THURSDAY)
    stranger = builders.authorise_staff(hub_database, other, "process_director", now=THURSDAY, contact=None)
    world.case_match(anna, world.east)
    world.later(days=4).answer(anna)  # Monday: two working days
    world.case_match(anna, world.east)
    world.later(days=20).answer(anna)
    world.case_match(anna, world.east)
    expected = {**dict.fromkeys(range(LONGEST + 1), 0), 2: 1, LONGEST: 1, -1: 1}
    assert world.by(world.town.lead, count_times) == expected
    assert world.by(director, count_times) == expected
    assert sum(world.by(stranger, count_times).values()) == 0
    with pytest.raises(RoleNotAllowedError):
        world.by(anna, count_times)
