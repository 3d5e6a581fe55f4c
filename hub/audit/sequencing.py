"""Give events their place, sign the head, and have it cosigned, off the request path.

One turn is one batch, whoever waits for it: a disclosure that waits shares the cosignature of all that wait.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from sqlalchemy import and_, delete, select

from hub.audit.errors import AuditGapError
from hub.audit.models import LOG, AuditCosignedRow, AuditWantedRow
from hub.audit.witness import Watch, WitnessAwayError
from ledger.checkpoint import Checkpoint, open_checkpoint, parse_checkpoint
from ledger.cosignature import Cosignature, WitnessKey, cosignatures_of, read_cosignatures
from ledger.errors import NoteError
from ledger.note import Signer, Verifier, read_lines, read_note
from ledger.witnessing import Submission
from service.bulk import insert_into
from service.database import Database
from service.eventlog.appending import shard_of
from service.eventlog.proofs import prove_consistency, root_at
from service.eventlog.sharding import find_newest_head, sequence
from service.logging import log
from service.work import SYSTEM, Work

FRESH = timedelta(seconds=20)  # after which a head is cosigned again though nothing happened
LOOK_EVERY = 0.025  # seconds between looks whether somebody waits
TELL_EVERY = 10.0  # seconds between lines that say that the witness is away
TRIES = 3


@dataclass(frozen=True, slots=True)
class _Due:
    """A head that is to be cosigned, and what of it was."""

    shard: str
    note: str
    size: int
    cosigned: int


class Sequencer:
    """Sequence and cosign; more than one may run: the head's row is the fence, the witness the judge."""

    def __init__(self, database: Database, signer: Signer, watch: Watch | None) -> None:
        self._database, self._signer, self._watch = database, signer, watch
        self._held_against_witness = watch is None
        self._told_at = -TELL_EVERY

    def turn(self) -> int:
        """Place what waits and have the new head cosigned; returns how many events got their place.

        Raises:
            AuditGapError: The witness saw more, or other things, than the store holds: nothing is signed.
            LogBrokenError: A stored leaf is not what it was recorded as.
        """
        try:
            self._hold_against_witness()
            with self._database.work(SYSTEM) as work:
                work.session.execute(delete(AuditWantedRow))
                placed = sequence(work, LOG, self._signer)
            if self._watch is not None:
                self._cosign_all(self._watch)
        except WitnessAwayError:
            # What was placed stays placed; nothing is disclosed meanwhile.
            self._tell_away()
            return 0
        return placed

    def _tell_away(self) -> None:
        if monotonic() - self._told_at > TELL_EVERY:
            self._told_at = monotonic()
            log.error("witness_away")

    def run_when_wanted(self, stopped: threading.Event) -> None:
        """Take a turn whenever somebody waits, until stopped; what fails is tried again."""
        while not stopped.wait(LOOK_EVERY):
            # A failure is told by the regular turn; here it would be told forty times a second.
            with suppress(Exception):
                if self._is_wanted():
                    self.turn()

    def _is_wanted(self) -> bool:
        with self._database.look(SYSTEM) as work:
            return work.session.execute(select(AuditWantedRow.seq).limit(1)).first() is not None

    def _hold_against_witness(self) -> None:
        """Before anything is signed, hold the store against what the witness saw, once a process.

        A hub that was restored from a backup would otherwise sign a second history of the same sizes.
        """
        if self._watch is None or self._held_against_witness:
            return
        with self._database.look(SYSTEM) as work:
            head = find_newest_head(work, LOG)
            # A tree that was closed after a restore is behind for ever, and the next one says so.
            for shard in {max(shard_of(work.now), head.shard), head.shard} if head else {shard_of(work.now)}:
                _require_seen(work, shard, self._watch, self._signer)
        self._held_against_witness = True

    def _cosign_all(self, watch: Watch) -> None:
        with self._database.look(SYSTEM) as work:
            due = _list_due(work, watch.name)
        for one in due:
            self._cosign(watch, one)

    def _cosign(self, watch: Watch, due: _Due) -> None:
        old = due.cosigned
        for _ in range(TRIES):
            status, said = watch.witness.add_checkpoint(self._submission(due, old).to_text())
            if status == 200:
                self._keep(watch, due, said)
                return
            if status != 409 or not said.strip().isdigit():
                log.error("witness_refused", status=status)
                raise AuditGapError if status == 422 else WitnessAwayError
            old = int(said)
            if old > due.size:
                # Another sequencer may have been faster; only more than the store holds is a gap.
                self._held_against_witness = False
                self._hold_against_witness()
                return
            if old < due.cosigned:
                log.error("witness_forgot")
                raise AuditGapError
        raise WitnessAwayError

    def _submission(self, due: _Due, old: int) -> Submission:
        with self._database.look(SYSTEM) as work:
            proof = prove_consistency(work, LOG, due.shard, old=old, new=due.size)
        return Submission(old, tuple(proof), due.note)

    def _keep(self, watch: Watch, due: _Due, said: str) -> None:
        with self._database.work(SYSTEM) as work:
            found = keep_cosignature(work, due.shard, due.note, said, keys=watch.keys)
        if watch.name not in {one.witness for one in found}:
            raise WitnessAwayError


def keep_cosignature(
    work: Work, shard: str, note: str, lines: str, *, keys: Sequence[WitnessKey]
) -> list[Cosignature]:
    """Keep those lines under a signed head that known witnesses wrote; returns what they say.

    Raises:
        WitnessAwayError: A line in the name of a known witness is false, or they are no lines.
    """
    checkpoint = parse_checkpoint(read_note(note)[0])
    try:
        known = [line for line in read_lines(lines) if line.name in {key.name for key in keys}]
        found = cosignatures_of(checkpoint, known, keys)
    except NoteError:
        raise WitnessAwayError from None
    for name in {one.witness for one in found}:
        own = "".join(line.to_text() for line in known if line.name == name)
        _store(work, {"shard": shard, "witness": name, "size": checkpoint.size, "note": note + own})
    return found


def _store(work: Work, row: dict[str, Any]) -> None:
    """Keep the larger head; of the same one, the younger cosignature."""
    fresh = insert_into(work.session, AuditCosignedRow).values({**row, "cosigned_at": work.now})
    kept = fresh.on_conflict_do_update(
        index_elements=["shard", "witness"],
        set_={name: fresh.excluded[name] for name in ("size", "note", "cosigned_at")},
        where=AuditCosignedRow.size <= fresh.excluded.size,
    )
    work.session.execute(kept)


def _list_due(work: Work, witness: str) -> list[_Due]:
    head, cosigned = LOG.head.c, AuditCosignedRow
    query = (
        select(head.shard, head.note, head.size, cosigned.size.label("cosigned"), cosigned.cosigned_at)
        .outerjoin(cosigned, and_(cosigned.shard == head.shard, cosigned.witness == witness))
        .where(head.note != "")
        .order_by(head.shard)
    )
    rows = work.session.execute(query).all()
    # The newest tree also when nothing happened: its cosignature says that nothing did.
    old = {rows[-1].shard} if rows and _is_old(rows[-1].cosigned_at, work.now) else set()
    return [
        _Due(row.shard, row.note, row.size, row.cosigned or 0)
        for row in rows
        if row.size > (row.cosigned or 0) or row.shard in old
    ]


def _is_old(cosigned_at: datetime | None, now: datetime) -> bool:
    return cosigned_at is None or cosigned_at < now - FRESH


def _require_seen(work: Work, shard: str, watch: Watch, signer: Signer) -> None:
    """Accept only a store that holds at least what the witness saw of a tree, leaf for leaf."""
    seen = find_witnessed(watch, signer, shard)
    size = work.session.execute(select(LOG.head.c.size).where(LOG.head.c.shard == shard)).scalar() or 0
    if seen is None:
        query = select(AuditCosignedRow.size).where(
            AuditCosignedRow.shard == shard, AuditCosignedRow.witness == watch.name
        )
        if work.session.execute(query).first() is not None:
            log.error("witness_forgot")
            raise AuditGapError
        return
    if seen.size > size or root_at(work, LOG, shard, seen.size) != seen.root:
        log.error("audit_gap")
        raise AuditGapError


def keep_seen(work: Work, watch: Watch, shard: str, signer: Signer) -> None:
    """Keep the witness's own last head of a tree that ends here before it."""
    head = find_witnessed(watch, signer, shard)
    note = watch.witness.find_checkpoint(f"{signer.name}/{shard}")
    if head is not None and note is not None:
        _store(work, {"shard": shard, "witness": watch.name, "size": head.size, "note": note})


def find_witnessed(watch: Watch, signer: Signer, shard: str) -> Checkpoint | None:
    """Return the last head that the witness cosigned of a tree, or None.

    Raises:
        WitnessAwayError: What it gives is not signed by the log and by itself.
    """
    verifier = Verifier(f"{signer.name}/{shard}", signer.verifier.public)
    note = watch.witness.find_checkpoint(verifier.name)
    if note is None:
        return None
    try:
        signed = {one.witness for one in read_cosignatures(note, watch.keys)}
        checkpoint = open_checkpoint(note, [verifier])
    except NoteError:
        raise WitnessAwayError from None
    if watch.name not in signed:
        raise WitnessAwayError
    return checkpoint
