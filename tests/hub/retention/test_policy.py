"""The brake on removing: what stops a run, and what never does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.retaining.registry import KEEPINGS
from hub.retention.policy import BrakeReason, RunFacts, find_brake, is_released
from hub.retention.terms import default_terms

NOW = datetime(2026, 11, 18, 3, 0, tzinfo=UTC)
OOST, WEST = UUID(int=1), UUID(int=2)


def brake(**changes: object) -> BrakeReason | None:
    facts = {"now": NOW, "last_ran_at": NOW - timedelta(days=1), "due": {}, "total": {}, **changes}
    return find_brake(RunFacts(**facts), share_percent=5, floor=10, stale_after_days=8)  # type: ignore[arg-type]


def test_a_run_like_every_day_goes_on() -> None:
    assert brake(due={OOST: 51}, total={OOST: 10_000}) is None
    assert brake(last_ran_at=None) is None


def test_a_clock_that_went_back_stops_a_run_but_two_workers_clocks_do_not() -> None:
    assert brake(last_ran_at=NOW + timedelta(minutes=6)) is BrakeReason.CLOCK_WENT_BACK
    assert brake(last_ran_at=NOW + timedelta(minutes=4)) is None


def test_a_run_that_comes_too_late_or_after_a_jump_of_the_clock_waits() -> None:
    assert brake(last_ran_at=NOW - timedelta(days=8, seconds=1)) is BrakeReason.RUN_STALE
    assert brake(last_ran_at=NOW - timedelta(days=8)) is None


def test_one_municipality_that_would_lose_too_much_stops_the_run() -> None:
    due, total = {OOST: 100, WEST: 60}, {OOST: 100_000, WEST: 1_000}
    assert brake(due=due, total=total) is BrakeReason.TOO_MUCH
    assert brake(due=due, total={OOST: 100_000, WEST: 1_200}) is None


@pytest.mark.parametrize(
    ("due", "total", "floor", "stops"),
    [
        (10, 20, 10, False),
        (11, 22, 10, True),
        (10, 19, 10, True),
        (10, 10, 10, True),
        (9, 9, 10, False),
        (1, 20, 0, False),
        (1, 19, 0, True),
    ],
)
def test_a_small_municipality_loses_no_more_than_ten_and_half_and_by_covenant_a_twentieth_to_the_letter(
    due: int, total: int, floor: int, stops: bool
) -> None:
    facts = RunFacts(now=NOW, last_ran_at=None, due={OOST: due}, total={OOST: total})
    found = find_brake(facts, share_percent=5, floor=floor, stale_after_days=8)
    assert found is (BrakeReason.TOO_MUCH if stops else None)


def test_little_by_little_is_much_too() -> None:
    week = {"due": {OOST: 10}, "total": {OOST: 300}}
    assert brake(**week) is None
    assert brake(**week, recent={OOST: 5}) is None
    assert brake(**week, recent={OOST: 6}) is BrakeReason.TOO_MUCH
    assert brake(**week, recent={WEST: 600}) is None


def test_a_release_holds_for_two_days_and_never_beforehand() -> None:
    for hours, holds in ((0, True), (47, True), (48, False), (2_000, False), (-1, False)):
        assert is_released(NOW - timedelta(hours=hours), now=NOW, hours=48) is holds


@given(st.integers(1, 10_000), st.integers(1, 100_000), st.integers(0, 10_000))
def test_more_than_the_share_never_goes(due: int, total: int, recent: int) -> None:
    gone = due + recent
    goes = gone <= 10 or gone * 100 <= 5 * (total + recent)
    assert (brake(due={OOST: due}, total={OOST: total}, recent={OOST: recent}) is None) == goes


def test_every_rule_has_its_job_and_every_job_its_rule() -> None:
    terms = default_terms()
    assert {keeping.rule for keeping in KEEPINGS} == {rule.code for rule in terms.rules} - {"audit_private"}
