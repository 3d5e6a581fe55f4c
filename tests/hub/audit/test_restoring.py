"""After a restore: the gap is seen, said, and kept; the witness is never reset."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from shutil import copyfile

import pytest

from hub.audit.carrying import submit, take_in
from hub.audit.comparing import require_whole
from hub.audit.covering import Cover
from hub.audit.errors import AuditGapError, ForeignCosignatureError, NoGapError
from hub.audit.restoring import reopen_log
from hub.audit.witnessed import verify_with_witness
from ledger import witness
from ledger.checkpoint import Checkpoint
from ledger.cosignature import parse_witness_key
from ledger.leaf import Opening
from service import clock
from service.eventlog.appending import shard_of
from service.eventlog.verification import VerificationReport, _judge_unheld
from service.work import OPERATOR, SYSTEM
from tests.hub.audit.conftest import Watched
from tests.hub.audit.test_sequencing import keep, lag, only, roll_back
from tests.hub.audit.test_service import SIGNER, force
from tests.witnesses import COSIGNER

SHARD = shard_of(clock.now())
EVERYTHING = ("audit_head", "audit_leaf", "audit_node", "audit_cosigned", "audit_private", "audit_event")


@pytest.fixture
def restored(watched: Watched) -> Watched:
    """A store with five events, of which the witness saw nine."""
    worker = watched.new_worker()
    watched.act(5)
    worker.turn()
    keep(watched)
    watched.act(4)
    worker.turn()
    roll_back(watched, to=5)
    return watched


def report(watched: Watched) -> tuple[list[str], list[str]]:
    found = verify_with_witness(watched.database, SIGNER, watched.witness.watch)
    return found.findings, found.gaps


def test_a_restored_log_goes_on_in_a_tree_that_says_what_was_lost(restored: Watched) -> None:
    assert report(restored) == ([f"rolled_back {SHARD} 9"], [])
    with pytest.raises(AuditGapError):
        restored.new_worker().turn()
    gap = reopen_log(restored.database, SIGNER, restored.witness.watch)
    assert (gap.closed, gap.size) == (f"{SIGNER.name}/{SHARD}", 5)
    assert (gap.witnessed, gap.agreed, gap.lost) == (9, 5, None)
    worker = restored.new_worker()
    worker.turn()
    restored.act(3)
    worker.turn()
    assert restored.sizes() == {SHARD: (5, 5), f"{SHARD}.2": (5, 5)}
    findings, gaps = report(restored)
    assert (findings, set(gaps)) == ([], {f"{SHARD} 5-9"})
    Cover(COSIGNER.name, nudge=worker.turn).require_covered(restored.database)


def test_the_witness_keeps_what_it_saw(restored: Watched) -> None:
    before = restored.witness.find_checkpoint(f"{SIGNER.name}/{SHARD}")
    reopen_log(restored.database, SIGNER, restored.witness.watch)
    restored.new_worker().turn()
    assert restored.witness.find_checkpoint(f"{SIGNER.name}/{SHARD}") == before


def test_a_second_restore_is_a_second_gap(restored: Watched) -> None:
    reopen_log(restored.database, SIGNER, restored.witness.watch)
    restored.new_worker().turn()
    with pytest.raises(NoGapError):
        reopen_log(restored.database, SIGNER, restored.witness.watch)
    # The same backup again: the tree that said so is gone from the store, and the witness saw it.
    force(restored.database, f"DELETE FROM audit_head WHERE shard = '{SHARD}.2'")
    force(restored.database, f"DELETE FROM audit_leaf WHERE shard = '{SHARD}.2'")
    reopen_log(restored.database, SIGNER, restored.witness.watch)
    assert set(restored.sizes()) == {SHARD, f"{SHARD}.3"}
    restored.new_worker().turn()
    findings, gaps = report(restored)
    # The events of the tree that is gone were deleted by halves here: only that is wrong.
    assert [one.partition(" ")[0] for one in findings] == ["events_without_place"]
    assert gaps == [f"{SHARD} 5-9", f"{SHARD}.2 0-2"]


def test_a_standby_that_lagged_is_led_out_of_though_it_signed_a_second_history(watched: Watched) -> None:
    """The witness saw nine leaves, the store has fourteen, and five of them are the same."""
    worker = watched.new_worker()
    lag(watched, worker)
    worker._seen = None
    watched.act(9)
    with pytest.raises(AuditGapError):
        worker.turn()
    assert report(watched) == ([f"witnessed_otherwise {SHARD} 9"], [])
    gap = reopen_log(watched.database, SIGNER, watched.witness.watch)
    assert (gap.size, gap.witnessed, gap.agreed) == (14, 9, 5)
    watched.act()
    worker.turn()
    assert watched.sizes() == {SHARD: (14, 5), f"{SHARD}.2": (3, 3)}
    assert report(watched) == ([], [f"{SHARD} 5-9"])
    Cover(COSIGNER.name, nudge=worker.turn).require_covered(watched.database)


def test_a_witness_that_was_restored_itself_is_led_out_of_and_said_so(
    watched: Watched, tmp_path: Path
) -> None:
    worker = watched.new_worker()
    watched.act(5)
    worker.turn()
    watched.witness.database.close()
    copyfile(tmp_path / "holder.db", tmp_path / "old.db")
    watched.act(4)
    worker.turn()
    watched.witness.database.close()
    for name in ("holder.db-wal", "holder.db-shm"):
        (tmp_path / name).unlink(missing_ok=True)
    copyfile(tmp_path / "old.db", tmp_path / "holder.db")
    watched.act()
    for _ in range(2):
        with pytest.raises(AuditGapError):
            worker.turn()
    gap = reopen_log(watched.database, SIGNER, watched.witness.watch)
    assert (gap.size, gap.witnessed, gap.agreed) == (10, 5, 5)
    worker.turn()
    assert report(watched) == ([], [f"{SHARD} forgotten 5-10"])


@pytest.mark.parametrize(("size", "is_said"), [(5, False), (6, True), (9, True), (10, False)])
def test_a_gap_speaks_of_the_leaves_between_what_agreed_and_what_was_seen(size: int, is_said: bool) -> None:
    """Not of those before, which must still be what a witness saw, and not of more than the log admits."""
    origin = f"{SIGNER.name}/{SHARD}"
    gap = Opening("0" * 32, "2026-11-22T10", origin, 12, bytes(32), witnessed=9, agreed=5)
    report = VerificationReport()
    _judge_unheld(report, [("witnessed_otherwise", Checkpoint(origin, size, bytes(32)))], gap)
    assert report.findings == ([] if is_said else [f"witnessed_otherwise {SHARD} {size}"])


def test_a_gap_that_is_smaller_than_what_is_missing_hides_nothing(restored: Watched) -> None:
    """Whoever takes more away after the gap was written down is found all the same."""
    reopen_log(restored.database, SIGNER, restored.witness.watch)
    restored.new_worker().turn()
    force(restored.database, f"DELETE FROM audit_leaf WHERE shard = '{SHARD}' AND idx = 4")
    findings, _ = report(restored)
    assert f"size_differs {SHARD}" in findings


@pytest.mark.parametrize("waiting", [0, 2])
def test_a_store_that_lost_every_tree_is_led_out_of_and_said_so(watched: Watched, waiting: int) -> None:
    worker = watched.new_worker()
    watched.act(9)
    worker.turn()
    for table in EVERYTHING:
        force(watched.database, f"DELETE FROM {table}")
    watched.act(waiting)
    with pytest.raises(AuditGapError):
        watched.new_worker().turn()
    gap = reopen_log(watched.database, SIGNER, watched.witness.watch)
    assert (gap.closed, gap.size, gap.witnessed, gap.agreed) == (f"{SIGNER.name}/{SHARD}", 0, 9, 0)
    worker = watched.new_worker()
    worker.turn()
    assert watched.sizes() == {SHARD: (0, 0), f"{SHARD}.2": (2 + waiting, 2 + waiting)}
    assert report(watched) == ([], [f"{SHARD} 0-9"])
    Cover(COSIGNER.name, nudge=worker.turn).require_covered(watched.database)


def test_a_store_without_a_tree_remembers_the_half_year_before(watched: Watched) -> None:
    worker = watched.new_worker()
    watched.act(3)
    worker.turn()
    for table in EVERYTHING:
        force(watched.database, f"DELETE FROM {table}")
    half = clock.now().month <= 6
    later = clock.now().replace(month=7 if half else 1, day=2) + timedelta(days=0 if half else 366)
    with watched.database.look(SYSTEM, now=later) as work, pytest.raises(AuditGapError):
        require_whole(work, watched.witness.watch, SIGNER)


def test_nothing_is_reopened_that_was_not_restored(watched: Watched) -> None:
    watched.act(5)
    watched.new_worker().turn()
    with pytest.raises(NoGapError):
        reopen_log(watched.database, SIGNER, watched.witness.watch)
    assert only(watched) == (5, 5)


def test_the_privacy_officers_own_witness_is_carried_to_and_fro(watched: Watched, tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    made = witness.init(state, "fg.example/w1", SIGNER.verifier.to_text())
    keys = [parse_witness_key(line) for line in witness.show(made)]
    worker = watched.new_worker()
    for count in (5, 300):
        watched.act(count)
        worker.turn()
        with watched.database.look(OPERATOR) as work:
            submission = submit(work, "fg.example/w1").to_text()
        note = witness.cosign(state, submission)
        with watched.database.work(OPERATOR) as work:
            found = take_in(work, note, verifier=SIGNER.verifier, keys=keys)
        assert [one.kind for one in found] == [4, 6]
    with watched.database.look(SYSTEM) as work:
        assert submit(work, "fg.example/w1").old_size == 305


def test_what_is_taken_in_must_be_ours_and_by_whom_we_know(restored: Watched, tmp_path: Path) -> None:
    lost = restored.witness.find_checkpoint(f"{SIGNER.name}/{SHARD}")
    assert lost
    with restored.database.work(OPERATOR) as work:
        with pytest.raises(AuditGapError):
            take_in(work, lost, verifier=SIGNER.verifier, keys=COSIGNER.keys)
        with pytest.raises(ForeignCosignatureError):
            take_in(work, "x", verifier=SIGNER.verifier, keys=COSIGNER.keys)
    restored.witness.database.close()
