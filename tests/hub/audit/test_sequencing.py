"""The sequencer and its witness: every head is cosigned, and what the witness saw is never signed over."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from hub.audit import witnessed
from hub.audit.errors import AuditGapError
from hub.audit.models import LOG, AuditCosignedRow, AuditWantedRow
from hub.audit.sequencing import Sequencer
from hub.audit.witness import HttpWitness, WitnessAwayError, watch_of
from hub.audit.witnessed import verify_with_witness
from ledger.checkpoint import open_checkpoint
from ledger.cosignature import Cosigner, read_cosignatures
from ledger.note import Verifier
from service import clock
from service.database import Database
from service.errors import UnsafeSettingsError
from service.eventlog.appending import shard_of
from service.work import SYSTEM
from tests.hub.audit.conftest import Watched
from tests.hub.audit.test_service import SIGNER, force
from tests.witnesses import COSIGNER, InProcessWitness


def only(watched: Watched) -> tuple[int, int]:
    ((size, cosigned),) = watched.sizes().values()
    return size, cosigned


def test_every_head_is_cosigned_and_the_lines_are_kept(watched: Watched) -> None:
    worker = watched.new_worker()
    for count in (1, 3, 300):
        watched.act(count)
        assert worker.turn() == count
    assert only(watched) == (304, 304)
    with watched.database.look(SYSTEM) as work:
        row = work.session.query(AuditCosignedRow).one()
        shard, note = row.shard, row.note
    own = Verifier(f"{SIGNER.name}/{shard}", SIGNER.verifier.public)
    assert open_checkpoint(note, [own]).size == 304
    assert [one.kind for one in read_cosignatures(note, COSIGNER.keys)] == [4, 6]


def test_a_head_is_cosigned_again_now_and_then_though_nothing_happened(watched: Watched) -> None:
    worker = watched.new_worker()
    watched.act()
    worker.turn()
    asked = watched.witness.asked
    worker.turn()
    assert watched.witness.asked == asked
    with watched.database.work(SYSTEM) as work:
        work.session.execute(update(AuditCosignedRow).values(cosigned_at=clock.now() - timedelta(seconds=30)))
    worker.turn()
    assert watched.witness.asked == asked + 1


def test_without_its_witness_events_get_their_place_and_are_cosigned_later(watched: Watched) -> None:
    worker = watched.new_worker()
    watched.act()
    worker.turn()
    watched.witness.is_away = True
    watched.act(4)
    worker.turn()
    assert only(watched) == (5, 1)
    watched.witness.is_away = False
    worker.turn()
    assert only(watched) == (5, 5)


def test_a_worker_that_starts_without_its_witness_signs_nothing(watched: Watched) -> None:
    watched.witness.is_away = True
    watched.act()
    assert watched.new_worker().turn() == 0
    assert watched.sizes() == {}


def test_workers_that_race_give_every_event_one_place(watched: Watched) -> None:
    workers = [watched.new_worker() for _ in range(3)]

    def work(number: int) -> None:
        for _ in range(5):
            watched.act()
            workers[number].turn()

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(work, range(3)))
    workers[0].turn()
    assert only(watched) == (15, 15)


def test_what_another_worker_had_cosigned_meanwhile_is_no_gap(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched.act()
    first, second = watched.new_worker(), watched.new_worker()
    ask, turns = watched.witness.find_checkpoint, [second.turn]

    def ask_late(origin: str) -> str | None:
        """Between the look at the store and the answer, the other worker takes its turn."""
        while turns:
            turns.pop()()
        return ask(origin)

    monkeypatch.setattr(watched.witness, "find_checkpoint", ask_late)
    first.turn()
    assert only(watched) == (1, 1)


def roll_back(watched: Watched, *, to: int) -> None:
    """Make the store what it was when it was kept, as a restored backup or a standby that lagged is."""
    force(watched.database, f"DELETE FROM audit_leaf WHERE idx >= {to}")
    force(watched.database, "DELETE FROM audit_pending")
    for table in ("audit_private", "audit_event"):
        force(
            watched.database, f"DELETE FROM {table} WHERE event_id NOT IN (SELECT event_id FROM audit_leaf)"
        )
    for table in ("audit_head", "audit_cosigned"):
        force(watched.database, f"DELETE FROM {table}")
        force(watched.database, f"INSERT INTO {table} SELECT * FROM kept_{table}")
        force(watched.database, f"DROP TABLE kept_{table}")


def keep(watched: Watched) -> None:
    """Remember the heads, as a backup does."""
    for table in ("audit_head", "audit_cosigned"):
        force(watched.database, f"CREATE TABLE kept_{table} AS SELECT * FROM {table}")


@pytest.fixture
def rolled_back(watched: Watched) -> Watched:
    """A store that was restored: the witness saw four events more."""
    worker = watched.new_worker()
    watched.act(5)
    worker.turn()
    keep(watched)
    watched.act(4)
    worker.turn()
    roll_back(watched, to=5)
    return watched


def test_a_restored_store_is_noticed_before_anything_is_signed(rolled_back: Watched) -> None:
    rolled_back.act()
    with pytest.raises(AuditGapError):
        rolled_back.new_worker().turn()
    assert only(rolled_back) == (5, 5)


def lag(watched: Watched, worker: Sequencer) -> None:
    """Promote a standby that lagged four events behind, under a worker that goes on."""
    watched.act(5)
    worker.turn()
    keep(watched)
    watched.act(4)
    worker.turn()
    roll_back(watched, to=5)


@pytest.mark.parametrize("more", [1, 4, 9])
def test_a_standby_that_lagged_is_noticed_before_anything_is_signed(watched: Watched, more: int) -> None:
    """However fast its second history outgrows the first."""
    worker = watched.new_worker()
    lag(watched, worker)
    watched.act(more)
    for _ in range(2):
        with pytest.raises(AuditGapError):
            worker.turn()
        assert only(watched) == (5, 5)


def test_a_fork_that_the_witness_finds_stops_the_worker_for_good(watched: Watched) -> None:
    """A worker of an older version, or with less memory, signed over the gap: the 422 is remembered."""
    worker = watched.new_worker()
    lag(watched, worker)
    worker._seen = None
    watched.act(9)
    with pytest.raises(AuditGapError):
        worker.turn()
    watched.act()
    with pytest.raises(AuditGapError):
        worker.turn()
    assert only(watched) == (14, 5)


def test_whoever_waits_in_a_gap_is_not_asked_for_forty_times_a_second(watched: Watched) -> None:
    worker, stopped = watched.new_worker(), threading.Event()
    lag(watched, worker)
    watched.act()
    with watched.database.work(SYSTEM) as work:
        work.session.add(AuditWantedRow())
    asked: list[str] = []
    find = watched.witness.find_checkpoint
    watched.witness.find_checkpoint = lambda origin: asked.append(origin) or find(origin)  # type: ignore[method-assign,func-returns-value]
    thread = threading.Thread(target=worker.run_when_wanted, args=(stopped,))
    thread.start()
    stopped.wait(1.2)
    stopped.set()
    thread.join()
    assert 1 <= len(asked) <= 8


def test_a_witness_that_lost_its_memory_is_not_believed(watched: Watched, tmp_path: Path) -> None:
    worker = watched.new_worker()
    watched.act(5)
    worker.turn()
    (tmp_path / "new").mkdir()
    forgetful = InProcessWitness(tmp_path / "new", SIGNER)
    watched.act()
    with pytest.raises(AuditGapError):
        Sequencer(watched.database, SIGNER, forgetful.watch).turn()
    assert only(watched) == (5, 5)
    worker.turn()
    assert only(watched) == (6, 6)
    worker._watch = forgetful.watch  # and it forgets under a worker that runs
    watched.act()
    with pytest.raises(AuditGapError):
        worker.turn()
    assert only(watched) == (7, 6)
    forgetful.database.close()


def test_lines_of_a_stranger_in_the_witnesss_name_do_not_count(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests import witnesses

    watched.act()
    thief = Cosigner(COSIGNER.name, bytes(32), bytes(32))
    worker = watched.new_worker()
    monkeypatch.setattr(witnesses, "COSIGNER", thief)
    worker.turn()
    assert only(watched) == (1, 0)


def test_whoever_waits_gets_a_turn_at_once(watched: Watched) -> None:
    worker, stopped = watched.new_worker(), threading.Event()
    watched.act()
    with watched.database.work(SYSTEM) as work:
        work.session.add(AuditWantedRow())
    thread = threading.Thread(target=worker.run_when_wanted, args=(stopped,))
    thread.start()
    try:
        pause = threading.Event()
        for _ in range(400):
            if watched.sizes() and only(watched) == (1, 1):
                break
            pause.wait(0.01)
    finally:
        stopped.set()
        thread.join()
    assert only(watched) == (1, 1)
    with watched.database.look(SYSTEM) as work:
        assert work.session.query(AuditWantedRow).count() == 0


def test_without_a_witness_events_get_their_place_all_the_same(
    hub_database: Database, tmp_path: Path
) -> None:
    watched = Watched(hub_database, InProcessWitness(tmp_path, SIGNER))
    watched.act()
    assert Sequencer(hub_database, SIGNER, None).turn() == 1
    assert only(watched) == (1, 0)
    watched.witness.database.close()


def test_an_address_without_keys_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "witness.vkeys"
    assert watch_of("", None) is None
    with pytest.raises(UnsafeSettingsError, match="dat-keys witness keys"):
        watch_of("http://127.0.0.1:1", None)
    path.write_text("x\n")
    with pytest.raises(UnsafeSettingsError, match="not a file of witness keys"):
        watch_of("http://127.0.0.1:1", path)
    path.write_text("\n".join(key.to_text() for key in COSIGNER.keys) + "\n")
    watch = watch_of("http://127.0.0.1:1", path)
    assert watch is not None
    assert (watch.name, list(watch.keys)) == (COSIGNER.name, COSIGNER.keys)


def test_a_witness_that_does_not_listen_is_away() -> None:
    witness = HttpWitness("http://127.0.0.1:1/v1/witness/")
    with pytest.raises(WitnessAwayError):
        witness.add_checkpoint("old 0\n")
    with pytest.raises(WitnessAwayError):
        witness.find_checkpoint("x")


def verified(watched: Watched) -> list[str]:
    return verify_with_witness(watched.database, SIGNER, watched.witness.watch).findings


def test_a_witnessed_log_verifies_against_its_witness(watched: Watched) -> None:
    watched.act(5)
    watched.new_worker().turn()
    assert verified(watched) == []
    watched.witness.is_away = True
    assert verified(watched) == ["witness_silent"]


def test_a_witness_that_is_away_is_no_sign_that_the_log_was_changed_and_costs_no_recomputation(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched.act(5)
    worker = watched.new_worker()
    worker.turn()
    watched.witness.is_away = True
    with monkeypatch.context() as patched:
        patched.delattr(witnessed, "verify")
        with pytest.raises(WitnessAwayError):
            worker.recompute()
    with watched.database.look(SYSTEM) as work:
        assert work.session.query(LOG.event).count() == 5
    watched.witness.is_away = False
    assert worker.recompute() == 0


def test_a_restored_store_verifies_by_itself_and_not_against_its_witness(rolled_back: Watched) -> None:
    shard = shard_of(clock.now())
    assert verify_with_witness(rolled_back.database, SIGNER, None).findings == []
    assert verified(rolled_back) == [f"rolled_back {shard} 9"]


def test_a_false_cosignature_in_the_store_is_found(watched: Watched) -> None:
    watched.act(5)
    watched.new_worker().turn()
    shard = shard_of(clock.now())
    with watched.database.work(SYSTEM) as work:
        row = work.session.query(AuditCosignedRow).one()
        row.note = row.note[:-40] + "A" * 38 + "=\n"
    assert verified(watched) == [f"cosignature_false {shard} {COSIGNER.name}"]
