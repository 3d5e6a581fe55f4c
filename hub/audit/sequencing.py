"""Give events their place, sign the head, and have it cosigned, off the request path.

One turn is one batch, whoever waits for it: a disclosure that waits shares the cosignature of all that wait.
"""

from __future__ import annotations

import threading
from time import monotonic

from sqlalchemy import delete, select

from hub.audit.comparing import hold_against_witness
from hub.audit.cosigned import Due, keep_cosignature, list_due
from hub.audit.errors import AuditGapError
from hub.audit.models import LOG, AuditWantedRow
from hub.audit.witness import Watch, WitnessAwayError
from hub.audit.witnessed import recompute
from ledger.checkpoint import Checkpoint, parse_checkpoint
from ledger.note import Signer, read_note
from ledger.witnessing import Refusal, Submission
from service.database import Database
from service.eventlog.proofs import holds, prove_consistency
from service.eventlog.sharding import find_newest_head, sequence
from service.logging import log
from service.work import SYSTEM, Work

LOOK_EVERY = 0.025  # seconds between looks whether somebody waits
REST = 0.5  # seconds after a turn that failed; twice as many after each that follows
LONGEST_REST = 8.0
TELL_EVERY = 10.0  # seconds between lines that say that the witness is away
TRIES = 3


class Sequencer:
    """Sequence and cosign; more than one may run: the head's row is the fence, the witness the judge."""

    def __init__(self, database: Database, signer: Signer, watch: Watch | None) -> None:
        self._database, self._signer, self._watch = database, signer, watch
        self._turning = threading.Lock()
        self._is_compared = watch is None
        self._seen: Checkpoint | None = None
        self._known_note = ""
        self._told_at = -TELL_EVERY

    def turn(self) -> int:
        """Place what waits and have the new head cosigned; returns how many events got their place.

        Raises:
            AuditGapError: The witness saw more, or other things, than the store holds: nothing is signed.
            LogBrokenError: A stored leaf is not what it was recorded as.
        """
        with self._turning:
            try:
                return self._turn()
            except AuditGapError:
                # Nothing more is signed until the witness is asked again, and all that it saw is here.
                self._is_compared = False
                raise
            except WitnessAwayError:
                # What was placed stays placed; nothing is disclosed meanwhile.
                self._tell_away()
                return 0

    def recompute(self) -> int:
        """Recompute the whole log against what its witness holds; returns how much is wrong."""
        return recompute(self._database, self._signer, self._watch)

    def _turn(self) -> int:
        self._compare()
        with self._database.work(SYSTEM) as work:
            self._require_continued(work)
            work.session.execute(delete(AuditWantedRow))
            placed = sequence(work, LOG, self._signer)
            head = find_newest_head(work, LOG)
        self._known_note = head.note if head else ""
        if self._watch is not None:
            self._cosign_all(self._watch)
        return placed

    def _tell_away(self) -> None:
        if monotonic() - self._told_at > TELL_EVERY:
            self._told_at = monotonic()
            log.error("witness_away")

    def run_when_wanted(self, stopped: threading.Event) -> None:
        """Take a turn whenever somebody waits, until stopped; what fails is tried again, ever more slowly."""
        rest = 0.0
        while not stopped.wait(rest or LOOK_EVERY):
            try:
                if self._is_wanted():
                    self.turn()
                rest = 0.0
            except Exception:
                # A failure is told by the regular turn. Whoever waits in a gap asks again and again.
                rest = min(2 * rest or REST, LONGEST_REST)

    def _is_wanted(self) -> bool:
        with self._database.look(SYSTEM) as work:
            return work.session.execute(select(AuditWantedRow.seq).limit(1)).first() is not None

    def _compare(self) -> None:
        """Before anything is signed, hold the store against what the witness saw, once a process.

        A hub that was restored from a backup would otherwise sign a second history of the same sizes.
        """
        if self._watch is None or self._is_compared:
            return
        self._seen = hold_against_witness(self._database, self._watch, self._signer)
        self._known_note, self._is_compared = "", True

    def _require_continued(self, work: Work) -> None:
        """Accept only a store that still holds what this process saw cosigned.

        A standby that lagged and was promoted under a running worker is noticed here, in the transaction
        that would sign, and not when its second history has outgrown the first.
        """
        head = find_newest_head(work, LOG)
        if self._seen is None or (head and head.note == self._known_note):
            return
        if not holds(work, LOG, self._seen.origin.rpartition("/")[2], self._seen):
            log.error("audit_gap")
            raise AuditGapError

    def _cosign_all(self, watch: Watch) -> None:
        with self._database.look(SYSTEM) as work:
            due = list_due(work, watch.name)
        for one in due:
            self._cosign(watch, one)

    def _cosign(self, watch: Watch, due: Due) -> None:
        old = due.cosigned
        for _ in range(TRIES):
            status, said = watch.witness.add_checkpoint(self._submission(due, old).to_text())
            if status == 200:
                self._keep(watch, due, said)
                return
            if status != Refusal.OTHER_SIZE or not said.strip().isdigit():
                log.error("witness_refused", status=status)
                raise AuditGapError if status == Refusal.INCONSISTENT else WitnessAwayError
            old = int(said)
            if old > due.size:
                # Another sequencer may have been faster; only more than the store holds is a gap.
                self._is_compared = False
                self._compare()
                return
            if old < due.cosigned:
                log.error("witness_forgot")
                raise AuditGapError
        raise WitnessAwayError

    def _submission(self, due: Due, old: int) -> Submission:
        with self._database.look(SYSTEM) as work:
            proof = prove_consistency(work, LOG, due.shard, old=old, new=due.size)
        return Submission(old, tuple(proof), due.note)

    def _keep(self, watch: Watch, due: Due, said: str) -> None:
        with self._database.work(SYSTEM) as work:
            found = keep_cosignature(work, due.shard, due.note, said, keys=watch.keys)
        if watch.name not in {one.witness for one in found}:
            raise WitnessAwayError
        self._seen = parse_checkpoint(read_note(due.note)[0])
