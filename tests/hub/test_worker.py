"""The worker's alarm clock: everything has its turn at once, and a crash of one chore stops nothing."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest
from pydantic import ValidationError

from hub.audit.sequencing import Sequencer
from hub.chores import Chore
from hub.initialising import initialise
from hub.opening import open_hub
from hub.settings import HubSettings
from hub.worker import chores_of, scheduler_of
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


def test_a_daily_chore_has_a_turn_every_hour_so_that_none_is_skipped(hub_database: Database) -> None:
    scheduler = scheduler_of(hub_database, [Chore("retain", timedelta(days=1), int, once=True)])
    (job,) = scheduler.get_jobs()
    assert job.trigger.interval == timedelta(hours=1)


def test_once_it_is_stopped_a_chore_begins_no_other_batch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped, batches = Event(), [100, 100, 100, 0]

    def turn(_: Sequencer) -> int:
        if len(batches) == 3:
            stopped.set()
        return batches.pop(0)

    monkeypatch.setattr(Sequencer, "turn", turn)
    settings = HubSettings(data=tmp_path)
    initialise(settings)
    hub = open_hub(settings)
    run = {chore.name: chore.run for chore in chores_of(hub, stopped=stopped)}
    hub.database.close()
    assert run["sequence"]() == 200


def test_what_is_noticed_is_on_its_way_to_the_privacy_officer_within_a_minute(tmp_path: Path) -> None:
    """However slow the worker was set: an event gets its place, its line, is looked at, and a mail leaves."""
    slowest = 10.0
    settings = HubSettings(data=tmp_path, work_every_seconds=slowest)
    initialise(settings)
    hub = open_hub(settings)
    every = {chore.name: chore.every for chore in chores_of(hub)}
    hub.database.close()
    assert sum(every[name].total_seconds() for name in ("sequence", "lines", "alarms", "deliver")) < 60
    with pytest.raises(ValidationError):
        HubSettings(data=tmp_path, work_every_seconds=slowest + 1)
