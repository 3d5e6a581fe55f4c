"""Have heads cosigned by a witness without a network, such as the privacy officer's laptop: carried by hand.

What is carried holds hashes and signatures only; such a witness learns how many events there were, and
nothing of anybody.
"""

from __future__ import annotations

from collections.abc import Sequence

from hub.audit.cosigned import keep_cosignature
from hub.audit.errors import AuditGapError, ForeignCosignatureError
from hub.audit.models import LOG, AuditCosignedRow
from hub.audit.witness import WitnessAwayError
from ledger.checkpoint import open_checkpoint
from ledger.cosignature import Cosignature, WitnessKey
from ledger.errors import NoteError
from ledger.note import Verifier, only_signed_by, read_note
from ledger.witnessing import Submission
from service.errors import MissingError
from service.eventlog.proofs import holds, prove_consistency
from service.eventlog.sharding import find_newest_head
from service.work import Work


def submit(work: Work, witness: str, *, old: int | None = None) -> Submission:
    """Write the newest signed head with the proof that it continues what this witness cosigned last.

    Args:
        old: the size that the witness says it holds, where it is not the one that was taken in last.
    """
    head = find_newest_head(work, LOG)
    if head is None:
        raise MissingError
    known = work.session.get(AuditCosignedRow, (head.shard, witness))
    size = old if old is not None else known.size if known else 0
    if size > head.size:
        raise AuditGapError
    proof = prove_consistency(work, LOG, head.shard, old=size, new=head.size)
    return Submission(size, tuple(proof), head.note)


def take_in(work: Work, note: str, *, verifier: Verifier, keys: Sequence[WitnessKey]) -> list[Cosignature]:
    """Keep what a witness cosigned of a head of this log.

    Raises:
        ForeignCosignatureError: It is not of this log, or not by a known witness.
        AuditGapError: It is a head of this log that the store does not hold: it was rolled back.
    """
    origin = note.partition("\n")[0]
    shard = origin.removeprefix(f"{verifier.name}/")
    try:
        head = open_checkpoint(note, [Verifier(origin, verifier.public)])
        others = "".join(line.to_text() for line in read_note(note)[1] if line.name != origin)
        if not holds(work, LOG, shard, head):
            raise AuditGapError
        found = keep_cosignature(work, shard, only_signed_by(note, origin), others, keys=keys)
    except (NoteError, WitnessAwayError):
        raise ForeignCosignatureError from None
    if not found:
        raise ForeignCosignatureError
    return found
