"""The worker's alarm clock: everything has its turn at once, and a crash of one chore stops nothing."""

from __future__ import annotations

from datetime import timedelta
from threading import Event

from hub.chores import Chore
from hub.worker import scheduler_of
from service.database import Database


def test_a_daily_chore_is_done_by_a_worker_that_lives_less_than_a_day(hub_database: Database) -> None:
    done, again = Event(), Event()

    def keys() -> int:
        done.set()
        return 1

    def fail() -> int:
        if done.is_set():
            again.set()
        raise ValueError

    chores = [
        Chore("keys", timedelta(days=1), keys, once=True),
        Chore("match", timedelta(seconds=1), fail),
    ]
    scheduler = scheduler_of(hub_database, chores)
    scheduler.start()
    assert done.wait(10)
    assert again.wait(10)
    scheduler.shutdown(wait=True)
