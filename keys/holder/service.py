"""Evaluate blinded tokens: permission, quota and a line in the holder's own log first, then the key.

Source: protocol.md, 4, steps 2 and 3.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from anyio import to_thread

from keys.holder.errors import InvalidElementError, UnknownEpochError, UnknownReporterError
from keys.holder.events import event_leaf
from keys.holder.models import LOG
from keys.holder.quota import Claim, take
from keys.protocol.errors import ElementError
from keys.protocol.voprf import Evaluation, evaluate
from ledger.leaf import NONE
from service.errors import DatError
from service.eventlog.appending import append
from service.grouping import GroupCommitter
from service.work import Work


@dataclass(frozen=True, slots=True)
class KeyShare:
    """This holder's share of one scheme's key in one epoch."""

    index: int
    secret: bytes = field(repr=False)
    public: bytes


INLINE = 4  # elements, about a millisecond
KeyShares = Mapping[tuple[str, int], KeyShare]


async def evaluate_blinded(
    committer: GroupCommitter[Claim, None],
    shares: KeyShares,
    claim: Claim,
    *,
    epoch: int,
    blinded: Sequence[bytes],
) -> Evaluation:
    """Return k*B with its proof, once the count of it is durable.

    A few elements are evaluated on the event loop: each call of the library gives the interpreter's lock
    away, and a crowd of threads that fight for it costs many times the evaluation.

    Raises:
        UnknownEpochError: No key of this scheme and epoch is here.
        RefusedError: The scheme or the reporter is not this organisation's.
        ExhaustedError: The quota of the day is used up.
        InvalidElementError: An element is not canonical or is the identity; it was counted all the same.
    """
    share = shares.get((claim.scheme, epoch))
    if share is None:
        raise UnknownEpochError(places=("/epoch",))
    await committer.submit_async(claim)
    try:
        if len(blinded) <= INLINE:
            return evaluate(share.secret, share.public, blinded)
        return await to_thread.run_sync(evaluate, share.secret, share.public, blinded)
    except ElementError:
        raise InvalidElementError(places=("/elements",)) from None


def account(work: Work, claims: Sequence[Claim]) -> list[DatError | None]:
    """Take the quota of a group of requests and write each of them, refusals too, to the log."""
    refusals = take(work, claims)
    leaves = [_leaf(work, claim, refusal) for claim, refusal in zip(claims, refusals, strict=True)]
    append(work, LOG, leaves)
    return refusals


def _leaf(work: Work, claim: Claim, refusal: DatError | None) -> tuple[bytes, bytes]:
    # Counts only: never an element, blinded or evaluated, and nothing that the caller chose: a leaf can't be
    # erased, and 16 free bytes hold a citizen service number.
    return event_leaf(
        work.now,
        refusal.code if refusal else "evaluated",
        org=claim.organisation.hex,
        rep=NONE if isinstance(refusal, UnknownReporterError) else claim.reporter.hex,
        scheme=claim.scheme,
        n=claim.count,
        req=request_hash(claim.request_id),
        pur=claim.purpose,
    )


def request_hash(request_id: str) -> str:
    """Return what the log says of a request: 16 bytes as hex, by which whoever made it can point it out."""
    return sha256(request_id.encode()).hexdigest()[:32]
