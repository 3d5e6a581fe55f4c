"""Prove to whoever holds a receipt that what was acknowledged stands in the log, or tell what was lost."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from hub.audit.cosigned import find_cosigned
from hub.audit.errors import ProofMissingError
from hub.audit.models import LOG
from ledger.leaf import Opening, encode_opening
from ledger.proof import Proof
from service.errors import UnavailableError
from service.eventlog.proofs import prove_inclusion
from service.eventlog.sharding import read_openings
from service.work import Work

SOON = 2  # seconds in which a waiting event gets its place


@dataclass(frozen=True, slots=True)
class Closing:
    """The first leaf of the tree after another, which names where that ended, and the proof of it."""

    leaf: bytes
    proof: Proof


@dataclass(frozen=True, slots=True)
class Proven:
    """A proof and, where its own head is not cosigned, those of the trees that vouch for it, in order."""

    proof: Proof
    closings: tuple[Closing, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """What the log itself says was lost by a restore.

    Attributes:
        leaf: the first leaf of the tree that was begun after it.
        before: the head, with cosignatures, of what was kept of the tree before; None where nothing was.
    """

    leaf: bytes
    proven: Proven
    before: str | None


def prove_leaf(work: Work, hashed: bytes) -> Proven:
    """Prove that a leaf with this hash stands in the log, under a cosigned head where one covers it.

    A tree that was closed uncosigned, as after a restore, is vouched for by the tree that names its head.

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
    return _prove(work, read_openings(work, LOG), found.shard, found.idx)


def list_gaps(work: Work) -> list[Gap]:
    """Return what restores took, each with the proof that the log says so."""
    openings = read_openings(work, LOG)
    return [
        Gap(encode_opening(opening), _prove(work, openings, shard, 0), _find_kept(work, opening))
        for shard, opening in openings.items()
        if opening.witnessed is not None
    ]


def _prove(work: Work, openings: dict[str, Opening], shard: str, index: int) -> Proven:
    closings: list[Closing] = []
    size, note, is_cosigned = _find_head(work, shard, index)
    proof = Proof(index, tuple(prove_inclusion(work, LOG, shard, index=index, size=size)), note)
    following = {one.closed.rpartition("/")[2]: (after, one) for after, one in openings.items()}
    while not is_cosigned and shard in following:
        shard, opening = following[shard]
        size, note, is_cosigned = _find_head(work, shard, 0)
        hashes = tuple(prove_inclusion(work, LOG, shard, index=0, size=size))
        closings.append(Closing(encode_opening(opening), Proof(0, hashes, note)))
    return Proven(proof, tuple(closings))


def _find_head(work: Work, shard: str, index: int) -> tuple[int, str, bool]:
    """Return a head of a tree that covers a leaf, and whether a witness cosigned it."""
    head = work.session.execute(
        select(LOG.head.c.size, LOG.head.c.note).where(LOG.head.c.shard == shard)
    ).one()
    cosigned = find_cosigned(work, shard, most=head.size)
    if cosigned is not None and cosigned.size > index:
        return cosigned.size, cosigned.note, True
    return head.size, head.note, False


def _find_kept(work: Work, opening: Opening) -> str | None:
    cosigned = find_cosigned(work, opening.closed.rpartition("/")[2], most=opening.agreed or 0)
    return cosigned.note if cosigned and cosigned.size == opening.agreed else None
