"""Prove to whoever holds a receipt that what was acknowledged stands in the log."""

from __future__ import annotations

from sqlalchemy import select

from hub.audit.errors import ProofMissingError
from hub.audit.models import LOG, AuditCosignedRow
from ledger.proof import Proof
from service.errors import UnavailableError
from service.eventlog.proofs import prove_inclusion
from service.work import Work

SOON = 2  # seconds in which a waiting event gets its place


def prove_leaf(work: Work, hashed: bytes) -> Proof:
    """Prove that a leaf with this hash stands in the log, under a cosigned head where one covers it.

    Raises:
        UnavailableError: It waits for its place.
        ProofMissingError: There is no such leaf: a receipt for it is the proof that it was dropped.
    """
    leaf = LOG.leaf.c
    found = work.session.execute(select(leaf.shard, leaf.idx).where(leaf.leaf_hash == hashed)).first()
    if found is None:
        waiting = select(LOG.pending.c.seq).where(LOG.pending.c.leaf_hash == hashed)
        if work.session.execute(waiting).first() is not None:
            raise UnavailableError(retry_after=SOON)
        raise ProofMissingError
    size, note = _find_head(work, found.shard, found.idx)
    hashes = prove_inclusion(work, LOG, found.shard, index=found.idx, size=size)
    return Proof(found.idx, tuple(hashes), note)


def _find_head(work: Work, shard: str, index: int) -> tuple[int, str]:
    head = work.session.execute(
        select(LOG.head.c.size, LOG.head.c.note).where(LOG.head.c.shard == shard)
    ).one()
    row = AuditCosignedRow
    query = (
        select(row.size, row.note)
        # After a restore a witness may have seen more of a tree than there is.
        .where(row.shard == shard, row.size > index, row.size <= head.size)
        .order_by(row.size.desc())
        .limit(1)
    )
    cosigned = work.session.execute(query).first()
    return (cosigned.size, cosigned.note) if cosigned else (head.size, head.note)
