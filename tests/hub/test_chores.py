"""Slots: what one worker does per period is done once, however many workers there are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from hub.chores import Chore, ChoreRunRow, claim, run_chore
from service.database import Database
from service.work import SYSTEM

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = timedelta(days=1)


class Crew:
    """Workers at a given moment, and what they did."""

    def __init__(self, database: Database, clock: pytest.MonkeyPatch) -> None:
        self.database, self.clock = database, clock
        self.ran: list[str] = []

    def turn(self, chore: str, moment: datetime, *, once: bool = True) -> int:
        """Let one of them run a daily chore."""

        def run() -> int:
            self.ran.append(f"{chore} {moment:%d}")
            return 1

        self.clock.setattr("service.clock.now", lambda: moment)
        return run_chore(self.database, Chore(chore, DAY, run, once=once))


@pytest.fixture
def crew(hub_database: Database, monkeypatch: pytest.MonkeyPatch) -> Crew:
    """Workers on one database."""
    return Crew(hub_database, monkeypatch)


def test_a_chore_that_one_worker_does_is_done_once_in_its_period(crew: Crew) -> None:
    evening = NOON + DAY / 2 - timedelta(seconds=1)
    assert [crew.turn("expire", moment) for moment in (NOON, NOON, evening)] == [1, 0, 0]
    assert [crew.turn("expire", moment) for moment in (NOON + DAY / 2, NOON + DAY)] == [1, 0]
    assert crew.ran == ["expire 02", "expire 03"]


def test_a_chore_waits_for_no_other_and_one_that_workers_share_has_a_turn_at_each(crew: Crew) -> None:
    assert [crew.turn(chore, NOON) for chore in ("expire", "retain")] == [1, 1]
    assert [crew.turn("match", NOON, once=False) for _ in range(2)] == [1, 1]


def test_a_turn_that_failed_is_given_back(hub_database: Database) -> None:
    def fail() -> int:
        return 1 // 0

    with pytest.raises(ZeroDivisionError):
        run_chore(hub_database, Chore("retain", DAY, fail, once=True))
    again = Chore("retain", DAY, lambda: 1, once=True)
    assert [run_chore(hub_database, again) for _ in range(2)] == [1, 0]


def test_a_slot_long_past_is_forgotten_when_a_new_one_is_claimed(hub_database: Database) -> None:
    with hub_database.work(SYSTEM) as work:
        assert [claim(work, "expire", slot) for slot in (1, 2, 102)] == [True, True, True]
        assert [claim(work, "expire", slot) for slot in (2, 102)] == [False, False]
        assert work.session.scalar(select(func.count()).select_from(ChoreRunRow)) == 2
