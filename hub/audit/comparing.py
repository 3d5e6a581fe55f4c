"""Hold the store against what its witness saw: a restore, a standby that lagged, a witness that forgot."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from hub.audit.errors import AuditGapError, WitnessForgotError
from hub.audit.models import LOG, AuditCosignedRow
from hub.audit.witness import Watch, WitnessAwayError
from ledger.checkpoint import Checkpoint, open_checkpoint, parse_checkpoint
from ledger.cosignature import read_cosignatures
from ledger.errors import NoteError
from ledger.note import Signer, Verifier, read_note
from service.database import Database
from service.eventlog.appending import shard_of
from service.eventlog.proofs import holds
from service.eventlog.sharding import find_newest_head, next_tree, previous_half_year
from service.logging import log
from service.work import SYSTEM, Work

LOOKS = 4  # before it is called a gap


@dataclass(frozen=True, slots=True)
class Standing:
    """How a tree of the store stands to what the witness saw of it.

    Attributes:
        seen: what the witness saw last of it.
        agreed: how many leaves of that are known to be here, leaf for leaf.
        vouched: leaves that it cosigned before, as we kept it.
    """

    seen: Checkpoint | None
    agreed: int
    vouched: int

    @property
    def witnessed(self) -> int:
        """Return how many leaves the witness saw."""
        return self.seen.size if self.seen else 0

    @property
    def is_whole(self) -> bool:
        """Tell whether all that was witnessed is here, and the witness remembers all that it cosigned."""
        return self.agreed == self.witnessed >= self.vouched


def compare(work: Work, watch: Watch, signer: Signer, shard: str) -> Standing:
    """Hold one tree of the store against its witness.

    Raises:
        WitnessAwayError: It does not answer.
    """
    seen, kept = find_witnessed(watch, signer, shard), _find_kept(work, watch.name, shard)
    vouched = kept.size if kept else 0
    if seen is None or holds(work, LOG, shard, seen):
        return Standing(seen, seen.size if seen else 0, vouched)
    # A tree can be shorter than what was witnessed and another all the same: only a kept head proves more.
    agreed = min(vouched, seen.size) if kept and holds(work, LOG, shard, kept) else 0
    return Standing(seen, agreed, vouched)


def list_missing(watch: Watch, signer: Signer, after: str, half_year: str) -> tuple[list[Checkpoint], str]:
    """Return the trees after this one that the witness saw, and the first name that it never saw.

    Args:
        after: the newest tree of the store, or "" where there is none: then the last half-year counts too.
    """
    missing, name = [], half_year
    for half in sorted({after[:6] or previous_half_year(half_year), max(after[:6], half_year)}):
        name = next_tree(after, half)
        while seen := find_witnessed(watch, signer, name):
            missing.append(seen)
            name = next_tree(name, half)
    return missing, name


def hold_against_witness(database: Database, watch: Watch, signer: Signer) -> Checkpoint | None:
    """Accept only a store that holds all that the witness saw, and say in the log when it does not.

    Another worker may place events and have them cosigned between a look at the store and the question to
    the witness: only what is not there at a later look either is a gap.

    Raises:
        AuditGapError: As `require_whole`.
        WitnessAwayError: It does not answer.
    """
    for _ in range(LOOKS - 1):
        with suppress(AuditGapError), database.look(SYSTEM) as work:
            return require_whole(work, watch, signer)
    try:
        with database.look(SYSTEM) as work:
            return require_whole(work, watch, signer)
    except AuditGapError as gap:
        log.error("witness_forgot" if isinstance(gap, WitnessForgotError) else "audit_gap")
        raise


def require_whole(work: Work, watch: Watch, signer: Signer) -> Checkpoint | None:
    """Accept only a store that holds all that the witness saw, leaf for leaf.

    Returns:
        What the witness saw last of the newest tree.

    Raises:
        AuditGapError: It holds less or other leaves.
        WitnessForgotError: The witness forgot what it cosigned.
        WitnessAwayError: It does not answer.
    """
    head = find_newest_head(work, LOG)
    newest = head.shard if head else ""
    # A tree that was closed after a restore is behind for ever, and the next one says so.
    missing, _ = list_missing(watch, signer, newest, shard_of(work.now))
    standing = compare(work, watch, signer, newest) if head else Standing(None, 0, 0)
    if standing.witnessed < standing.vouched:
        raise WitnessForgotError
    if missing or not standing.is_whole:
        raise AuditGapError
    return standing.seen


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


def _find_kept(work: Work, witness: str, shard: str) -> Checkpoint | None:
    """Return the head of a tree for which we hold this witness's word."""
    row = work.session.get(AuditCosignedRow, (shard, witness))
    return parse_checkpoint(read_note(row.note)[0]) if row else None
