"""STA-02, STA-03: a quarter is released once, by who may, from counts that need no person."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from hub.matches.models import MatchRow
from hub.matches.owning import Progress, acknowledge, list_owned, record_progress
from hub.matches.service import escalate, sweep_owners
from hub.matches.states import MatchEffect, MatchState
from hub.notices.models import NoticeState
from hub.partners.errors import RoleNotAllowedError
from hub.partners.values import Staff
from hub.signals.service import WithdrawalReason, expire_due, withdraw
from hub.statistics.counting import count
from hub.statistics.declaring import load_declaration
from hub.statistics.errors import PeriodNotRipeError, ReleaseMissingError
from hub.statistics.service import get_release, public_figures, release
from hub.statistics.tallying import _events, _Near, _only, tally_days
from hub.statistics.values import UNKNOWN, Release, Released, period_of
from hub.teams.administration import record_absence
from service.database import Database
from service.work import OPERATOR, SYSTEM
from tests.builders import Town, authorise_staff, everything, sender, staff_caller, town

DECLARED = load_declaration()
BEGINS = datetime(2026, 7, 6, 9, tzinfo=UTC)
RIPE = datetime(2026, 10, 23, 9, tzinfo=UTC)


@pytest.fixture
def busy(hub_database: Database) -> Town:
    """A town in which a school left signals of twelve persons in Anna's caseload; she took ten of them up."""
    here = town(hub_database, now=BEGINS)
    school = sender(hub_database, "school", now=BEGINS)
    for number in range(12):
        here.case(here.anna, everything(f"p{number}"))
        signal = here.signal(school, everything(f"p{number}"), residence="0352")
    here.match()
    for notice in here.inbox(here.anna)[:10]:
        with hub_database.work(staff_caller(here.anna), now=here.now) as work:
            acknowledge(work, notice.notice_id, outcome=NoticeState.ACKNOWLEDGED)
    here.later(hours=2).withdraw(school, signal)
    return here


def tally(here: Town, now: datetime) -> int:
    with here.database.work(SYSTEM, now=now) as work:
        return tally_days(work)


def released(here: Town, *, now: datetime = RIPE) -> dict[tuple[str, str], Released]:
    with here.database.work(OPERATOR, now=now) as work:
        found = release(work, "2026-Q3", declaration=DECLARED)
    return {(one.municipality, one.code): one for one in found.tables}


def test_sta_03_follow_up_comes_first_small_cells_stay_away_and_nothing_changes_afterwards(
    busy: Town,
) -> None:
    assert tally(busy, BEGINS + timedelta(days=1)) == 1
    assert tally(busy, BEGINS + timedelta(days=1, hours=3)) == 0
    assert tally(busy, BEGINS + timedelta(days=8)) == 7
    tables = released(busy)
    first = next(iter(tables.values()))
    assert first.code == "follow_up"
    assert first.shown.total == 10  # twelve, rounded
    assert dict(first.shown.cells) == dict.fromkeys(first.shown.cells)
    assert tables["0352", "signals_by_domain"].shown.total == 10
    assert set(tables["0352", "endings"].shown.cells.values()) == {None}
    assert (UNKNOWN, "signals_by_domain") not in tables
    with busy.database.look(OPERATOR, now=RIPE) as work:
        figures = public_figures(work, 2026, declaration=DECLARED)
    assert figures[0].table.code == "follow_up"
    assert (figures[0].shown.total, figures[0].whole, figures[0].share) == (10, False, None)
    police = sender(busy.database, "police", now=BEGINS)
    for number in range(12):
        busy.signal(police, everything(f"p{number}"))
    busy.match()
    assert released(busy, now=RIPE + timedelta(days=30)) == tables


def test_sta_04_twelve_signals_of_one_person_are_shown_to_nobody(hub_database: Database) -> None:
    here = town(hub_database, now=BEGINS)
    school, other = (sender(hub_database, "school", now=BEGINS) for _ in range(2))
    here.case(here.anna, everything("one"))
    for day in range(6):
        for one in (school, other):
            here.later(days=day).signal(one, everything("one"), residence="0352")
        tally(here, BEGINS + timedelta(days=day + 1))
    here.later(days=6).match()
    tables = released(here)
    for code in ("signals_by_domain", "signals_by_age", "follow_up", "effect"):
        shown = next(one.shown for (_, found), one in tables.items() if found == code)
        assert (shown.total, set(shown.cells.values())) == (None, {None}), code


def test_sta_04_of_erased_signals_those_of_one_organisation_count_as_one_person(
    hub_database: Database,
) -> None:
    here = town(hub_database, now=BEGINS)
    school = sender(hub_database, "school", now=BEGINS)
    for day in range(12):
        later = here.later(days=day)
        signal = later.signal(school, everything(f"p{day}"), residence="0352")
        with hub_database.work(school.caller, now=later.now) as work:
            withdraw(work, signal, WithdrawalReason.UNJUSTIFIED)
        tally(here, BEGINS + timedelta(days=day + 1))
    shown = released(here)["0352", "endings"].shown
    assert (shown.total, shown.cells["unjustified"]) == (None, None)


def test_a_day_with_more_signals_than_a_statement_takes_is_counted(hub_database: Database) -> None:
    here = town(hub_database, now=BEGINS)
    school = sender(hub_database, "school", now=BEGINS)
    signal = here.signal(school, everything("one"), residence="0352")
    crowd = frozenset({signal, *(UUID(int=number) for number in range(1_200))})
    # Parts of five hundred: SQLite takes as few as 32,766 parameters, PostgreSQL 65,535.
    assert len(list(_only(_Near([], crowd, crowd)))) == 6
    for near in (_Near([], crowd, frozenset()), _Near([], crowd, crowd | {school.partner.id})):
        day = BEGINS.date()
        with hub_database.look(SYSTEM, now=BEGINS) as work:
            found = list(_events(work, "signals_by_age", since=day, until=day + timedelta(days=1), near=near))
        assert [one.signal_id for one in found] == [signal]


def test_sta_03_effects_regions_and_active_partners_are_counted(busy: Town) -> None:
    with busy.database.work(staff_caller(busy.anna), now=busy.now) as work:
        taken = [one.match_id for one in list_owned(work) if one.accepted]
    for number, match in enumerate(taken):
        effect = (MatchEffect.MORE_INSIGHT, MatchEffect.EARLIER)[number % 2]
        with busy.database.work(staff_caller(busy.anna), now=busy.now) as work:
            record_progress(work, match, Progress(effect=effect))
    with busy.database.work(OPERATOR, now=RIPE) as work:
        codes = ["effect", "region", "household", "active_partners"]
        counted = count(work, period_of("2026-Q3"), codes)
    numbers = {
        code: {name: n for one in found.values() for name, n in one.numbers.items()}
        for code, found in counted.items()
    }
    assert numbers["effect"] == {"more_insight": 5, "earlier": 5, "not_said": 2}
    with busy.database.work(SYSTEM, now=busy.now) as work:
        work.session.get_one(MatchRow, taken[0]).state = MatchState.REJECTED
    with busy.database.work(OPERATOR, now=RIPE) as work:
        found = count(work, period_of("2026-Q3"), ["effect"])["effect"]
    assert sum(one.numbers.get("two_persons", 0) for one in found.values()) == 1
    assert numbers["region"] == {"unknown": 12}
    assert numbers["household"] == {"person": 12}
    assert numbers["active_partners"] == {"signalled": 1, "silent": 1}
    assert {one.everybody for one in counted["effect"].values()} == {12}


def test_sta_03_what_nobody_took_up_is_counted_as_escalated_also_when_its_signal_is_over(busy: Town) -> None:
    def ladder() -> dict[str, int]:
        with busy.database.look(OPERATOR, now=RIPE) as work:
            found = count(work, period_of("2026-Q3"), ["escalation"])["escalation"]
        return dict(sum((Counter(one.numbers) for one in found.values()), Counter()))

    with busy.database.work(SYSTEM, now=BEGINS + timedelta(days=16)) as work:
        escalate(work)
    before = ladder()
    assert before == {"municipality": 2, "none": 10}
    over = busy.later(days=400)
    with over.database.work(SYSTEM, now=over.now) as work:
        expire_due(work, limit=50)
    over.match()
    with busy.database.look(OPERATOR, now=RIPE) as work:
        assert set(work.session.scalars(select(MatchRow.state))) == {MatchState.VOID}
    assert ladder() == before


def test_sta_03_what_was_taken_up_in_term_stays_so_when_its_owner_goes_on_leave(busy: Town) -> None:
    away = BEGINS + timedelta(days=10)
    with busy.database.work(staff_caller(busy.anna), now=away) as work:
        record_absence(work, since=away.date(), until=(away + timedelta(days=5)).date())
    with busy.database.work(SYSTEM, now=away) as work:
        # All twelve go to the team: also what she never answered.
        assert sweep_owners(work) == 12
    with busy.database.look(OPERATOR, now=RIPE) as work:
        counted = count(work, period_of("2026-Q3"), ["follow_up", "time_to_acknowledge"])
    numbers = [dict(one.numbers) for found in counted.values() for one in found.values()]
    assert numbers == [{"in_term": 10, "not_followed_up": 2}, {"within_1_day": 10, "not_acknowledged": 2}]


def test_sta_02_the_municipal_supervisor_releases_a_quarter_whose_matches_had_their_term(
    hub_database: Database,
) -> None:
    here = town(hub_database, now=BEGINS)
    supervisor = authorise_staff(hub_database, here.team, "municipal_supervisor", now=RIPE)

    def act(quarter: str, *, staff: Staff = supervisor, now: datetime = RIPE) -> Release:
        with hub_database.work(staff_caller(staff), now=now) as work:
            return release(work, quarter, declaration=DECLARED)

    for quarter, now in (
        ("2026-Q4", RIPE),
        ("2024-Q3", RIPE),
        ("2026-Q3", RIPE - timedelta(days=5)),
    ):
        with pytest.raises(PeriodNotRipeError):
            act(quarter, now=now)
    with pytest.raises(RoleNotAllowedError):
        act("2026-Q3", staff=here.anna)
    assert act("2026-Q3").quarter == "2026-Q3"
    with pytest.raises(RoleNotAllowedError), hub_database.work(staff_caller(here.anna), now=RIPE) as work:
        get_release(work, "2026-Q3")
    with pytest.raises(ReleaseMissingError), hub_database.work(staff_caller(supervisor), now=RIPE) as work:
        get_release(work, "2026-Q2")


def test_sta_04_a_small_municipality_is_released_once_a_year_without_what_was_released_before(
    busy: Town,
) -> None:
    small = replace(DECLARED, protection=replace(DECLARED.protection, yearly=frozenset({"0352"})))
    tally(busy, BEGINS + timedelta(days=1))
    with busy.database.work(OPERATOR, now=RIPE) as work:
        first = release(work, "2026-Q3", declaration=small)
    assert not [one for one in first.tables if one.municipality == "0352"]
    with busy.database.work(OPERATOR, now=RIPE + timedelta(days=100)) as work:
        last = release(work, "2026-Q4", declaration=small)
    found = [one for one in last.tables if one.municipality == "0352"]
    assert {(str(one.since), str(one.until)) for one in found} == {("2026-01-01", "2027-01-01")}
