"""The gate of every disclosure: nothing is shown whose record no witness has cosigned."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from hub.audit import covering
from hub.audit.covering import Cover
from hub.audit.errors import AuditFullError, AuditUnavailableError
from hub.audit.models import AuditCosignedRow, AuditWantedRow
from hub.audit.sequencing import Sequencer
from hub.audit.service import record
from ledger.cosignature import read_cosignatures
from service import clock
from service.database import Database
from service.work import SYSTEM
from tests.hub.audit.conftest import Watched
from tests.hub.audit.test_service import Happened
from tests.witnesses import COSIGNER


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits long in a test."""
    for name, seconds in (("PATIENCE", 0.15), ("BACK_OFF", 0.0), ("COUNT_EVERY", 0.0)):
        monkeypatch.setattr(covering, name, seconds)


@pytest.fixture
def worker(watched: Watched) -> Iterator[Sequencer]:
    """A worker whose witness has seen one event."""
    worker = watched.new_worker()
    watched.act()
    worker.turn()
    return worker


def cover_of(worker: Sequencer | None, *, limit: int = 10_000) -> Cover:
    return Cover(COSIGNER.name, limit=limit, nudge=worker.turn if worker else None)


def disclose(cover: Cover, database: Database) -> str:
    with cover.disclosing(database, SYSTEM) as work:
        record(work, Happened())
    return "secret"


def make_old(watched: Watched, seconds: int) -> None:
    with watched.database.work(SYSTEM) as work:
        then = clock.now() - timedelta(seconds=seconds)
        work.session.execute(update(AuditCosignedRow).values(cosigned_at=then))


def test_what_is_shown_was_cosigned_first(watched: Watched, worker: Sequencer) -> None:
    assert disclose(cover_of(worker), watched.database) == "secret"
    assert list(watched.sizes().values()) == [(2, 2)]


def test_nothing_is_shown_while_nobody_takes_a_turn(watched: Watched, worker: Sequencer) -> None:
    with pytest.raises(AuditUnavailableError) as caught:
        disclose(cover_of(None), watched.database)
    assert caught.value.retry_after == covering.RETRY_AFTER
    with watched.database.look(SYSTEM) as work:
        assert work.session.query(AuditWantedRow).count() == 1
    worker.turn()
    cover_of(None).require_covered(watched.database)


def test_nothing_is_shown_that_is_placed_and_signed_but_not_cosigned(
    watched: Watched, worker: Sequencer
) -> None:
    watched.witness.is_away = True
    with pytest.raises(AuditUnavailableError):
        disclose(cover_of(worker), watched.database)
    assert list(watched.sizes().values()) == [(2, 1)]


def test_what_was_recorded_and_not_shown_is_not_shown_the_second_time_either(
    watched: Watched, worker: Sequencer
) -> None:
    """The second look records nothing new; it still waits for the record of the first."""
    watched.witness.is_away = True
    cover = cover_of(worker)
    with pytest.raises(AuditUnavailableError):
        disclose(cover, watched.database)
    with pytest.raises(AuditUnavailableError), cover.disclosing(watched.database, SYSTEM):
        pass
    watched.witness.is_away = False
    with cover.disclosing(watched.database, SYSTEM):
        pass


def test_what_was_recorded_as_shown_and_was_not_is_taken_back(watched: Watched, worker: Sequencer) -> None:
    cover, taken = cover_of(worker), []
    for away in (False, True):
        watched.witness.is_away = away
        try:
            with cover.disclosing(
                watched.database, SYSTEM, otherwise=lambda _work, at: taken.append(at)
            ) as work:
                record(work, Happened())
        except AuditUnavailableError:
            assert away
    assert taken == [work.now]


@pytest.mark.parametrize("seconds", [-50, 0, 50])
def test_how_old_a_cosignature_is_says_the_witness_and_not_this_machine(
    watched: Watched, seconds: int
) -> None:
    """A clock that was put back by an hour would make an old word a new one."""
    watched.act()
    watched.new_worker().turn()
    with watched.database.look(SYSTEM) as work:
        row = work.session.query(AuditCosignedRow).one()
        assert row.cosigned_at == datetime.fromtimestamp(
            min(one.at for one in read_cosignatures(row.note, COSIGNER.keys)), UTC
        )
    make_old(watched, 3600)
    cover = cover_of(None)
    for hour in (0, 2):
        moved = clock.now() - timedelta(hours=hour)
        with watched.database.look(SYSTEM, now=moved) as work:
            assert not covering._read(work, COSIGNER.name).is_fresh
    make_old(watched, seconds)
    cover.require_witnessed(watched.database)


def test_without_a_cosignature_for_a_minute_not_even_the_work_is_done(
    watched: Watched, worker: Sequencer
) -> None:
    watched.witness.is_away = True
    done = []
    for seconds, shown in ((59, True), (61, False)):
        make_old(watched, seconds)
        try:
            with cover_of(worker).disclosing(watched.database, SYSTEM):
                done.append(seconds)
        except AuditUnavailableError:
            assert not shown
    assert done == [59]


def test_a_hub_that_was_quiet_asks_for_a_fresh_cosignature_itself(
    watched: Watched, worker: Sequencer
) -> None:
    make_old(watched, 600)
    assert disclose(cover_of(worker), watched.database) == "secret"


def test_after_a_vain_wait_others_are_told_at_once(
    watched: Watched, worker: Sequencer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(covering, "BACK_OFF", 60.0)
    watched.witness.is_away = True
    cover = cover_of(worker)
    for asked in (1, 1):
        before = watched.witness.asked
        with pytest.raises(AuditUnavailableError):
            disclose(cover, watched.database)
        assert watched.witness.asked - before <= asked
    assert watched.witness.asked == 2


def test_posts_go_on_without_a_witness_up_to_the_limit(watched: Watched, worker: Sequencer) -> None:
    watched.witness.is_away = True
    cover = cover_of(None, limit=10)
    watched.act(9)
    cover.require_room(watched.database)
    worker.turn()
    cover.require_room(watched.database)
    assert not cover.knows_room()
    watched.act()
    with pytest.raises(AuditFullError):
        cover.require_room(watched.database)
    watched.witness.is_away = False
    worker.turn()
    cover.require_room(watched.database)


def test_a_hub_without_a_witness_waits_for_nobody_and_says_so(watched: Watched) -> None:
    cover = Cover(None, limit=1)
    assert disclose(cover, watched.database) == "secret"
    cover.require_room(watched.database)
    assert cover.describe(watched.database) == {"witness": "none: the log is not witnessed"}


def test_readiness_says_whether_the_witness_is_late(watched: Watched, worker: Sequencer) -> None:
    cover = cover_of(None)
    assert cover.describe(watched.database) == {"witness": "ok"}
    make_old(watched, 61)
    assert cover.describe(watched.database) == {"witness": "late"}


def test_a_hub_on_which_nothing_was_ever_sequenced_has_a_witness_that_is_late(watched: Watched) -> None:
    cover = cover_of(None)
    assert cover.describe(watched.database) == {"witness": "ok"}  # nothing happened: nothing to cosign
    watched.act()
    assert cover.describe(watched.database) == {"witness": "late"}
    with pytest.raises(AuditUnavailableError):
        cover.require_witnessed(watched.database)
    cover_of(watched.new_worker()).require_witnessed(watched.database)
    assert cover.describe(watched.database) == {"witness": "ok"}


def test_whoever_only_asks_waits_as_well(watched: Watched, worker: Sequencer) -> None:
    watched.act()
    with pytest.raises(AuditUnavailableError):
        cover_of(None).require_covered(watched.database)


def test_a_tree_that_was_closed_is_covered_once_the_next_one_was_cosigned() -> None:
    now = clock.now()
    for cosigned, is_covered in ((0, False), (1, True)):
        state = covering._State(None, None, "2027h1", 3, cosigned, now, now)
        assert state.covers("2026h2", 40) is is_covered


def test_of_an_empty_log_the_first_disclosure_is_cosigned_too(watched: Watched) -> None:
    assert disclose(cover_of(watched.new_worker()), watched.database) == "secret"
    assert list(watched.sizes().values()) == [(1, 1)]
    watched.witness.is_away = True
    with pytest.raises(AuditUnavailableError):
        disclose(cover_of(watched.new_worker()), watched.database)


def test_events_that_follow_are_not_waited_for(watched: Watched, worker: Sequencer) -> None:
    """Whoever waits is served by the turn that covers them, however fast others act."""

    def turn() -> None:
        worker.turn()
        watched.act(3)

    Cover(COSIGNER.name, nudge=turn).require_covered(watched.database)
    assert disclose(Cover(COSIGNER.name, nudge=turn), watched.database) == "secret"
