"""A small year of a region: nobody hears what they may not, and nothing is without an owner."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from simulation.figures import _answering
from simulation.running import simulate
from simulation.scale import Scale
from simulation.truth import Registered

SMALL = Scale(seed=5, inhabitants=900, days=8, clients_per_1000=45, per_team=1, per_kind=1)


def run(folder: Path, scale: Scale = SMALL) -> dict[str, Any]:
    return simulate(scale, f"sqlite:///{folder / 'year.db'}", say=lambda _: None)


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("first") / "year.db"


@pytest.fixture(scope="module")
def year(stored: Path) -> dict[str, Any]:
    return run(stored.parent)


def test_every_match_has_an_owner_and_who_may_not_hear_hears_nothing(year: dict[str, Any]) -> None:
    assert year["orphans"] == 0
    assert year["notices_to_who_may_not_hear"] == 0, year["why_they_may_not"]
    assert year["shown"] > 5
    assert year["told"] > 5
    assert year["hours_to_owner_p50"] is not None


def test_what_is_over_has_no_owner_so_that_a_load_is_counted_without_looking_at_matches(
    stored: Path, year: dict[str, Any]
) -> None:
    assert year["told"] > 5
    with closing(sqlite3.connect(stored)) as store:
        owned = "SELECT count(*) FROM assignment a JOIN person_match m ON m.id = a.match_id"
        (over,) = store.execute(f"{owned} WHERE a.ended_at IS NULL AND m.state <> 'open'").fetchone()
        (current,) = store.execute(f"{owned} WHERE a.ended_at IS NULL").fetchone()
        (void,) = store.execute("SELECT count(*) FROM person_match WHERE state = 'void'").fetchone()
    assert (over, current > 5, void > 0) == (0, True, True)


def test_what_is_found_is_nearly_all_there_is_and_nearly_nothing_else(year: dict[str, Any]) -> None:
    assert year["recall_with_possible"] > 0.9
    assert year["precision"] > 0.9


def test_rou_07_equal_seeds_give_equal_figures(tmp_path: Path, year: dict[str, Any]) -> None:
    assert run(tmp_path) == year


def test_the_books_say_that_a_case_is_heard_by_its_own_team() -> None:
    moment = datetime(2026, 1, 5, tzinfo=UTC)
    signal = Registered(1, uuid4(), "signal", moment, frozenset(), team=2)
    case = Registered(1, uuid4(), "case", moment, frozenset(), team=1)
    assert (_answering([signal, case]), _answering([signal])) == ({1}, {2})
