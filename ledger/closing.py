"""Believe a tree by the one after it, which names its head, and read from that what a restore took."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ledger.checkpoint import Checkpoint, open_checkpoint
from ledger.cosignature import WitnessKey, read_cosignatures
from ledger.errors import ProofError
from ledger.leaf import Opening, find_opening
from ledger.note import Verifier

MERGED = timedelta(minutes=1)  # what was acknowledged stands in the log by then
_BEGIN = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Gap:
    """What a restore took: at most what was acknowledged from one moment to another."""

    since: datetime
    until: datetime

    def covers(self, received_at: datetime) -> bool:
        """Tell whether what was acknowledged at this moment may have been in it."""
        return self.since <= received_at < self.until


def require_closing(leaf: bytes, head: Checkpoint) -> Opening:
    """Accept only a first leaf that names this head as the last of the tree before."""
    opening = find_opening(leaf)
    if opening is None or (opening.closed, opening.size, opening.root) != (head.origin, head.size, head.root):
        raise ProofError("not the first leaf of the tree after this one")
    return opening


def read_gap(opening: Opening, before: str, *, log: Verifier, witnesses: Iterable[WitnessKey]) -> Gap:
    """Return what a first leaf says was lost.

    Args:
        before: the cosigned head of the leaves that were kept: all that was acknowledged a minute before it
            must stand there. A hub that withholds it could call anything lost.

    Raises:
        ProofError: Nothing was lost by it, or `before` is not that head.
        NoteError: `before` is not signed by the log, or a known witness's line is false.
    """
    until = datetime.strptime(opening.h, "%Y-%m-%dT%H").replace(tzinfo=UTC) + timedelta(hours=1)
    if opening.witnessed is None or ((opening.agreed or 0) >= opening.witnessed and not opening.lost):
        return Gap(until, until)
    if not opening.agreed:
        return Gap(_BEGIN, until)
    head, cosigned = open_checkpoint(before, [log]), read_cosignatures(before, witnesses)
    if (head.origin, head.size) != (opening.closed, opening.agreed) or not cosigned:
        raise ProofError("not the head of what was kept")
    return Gap(datetime.fromtimestamp(min(one.at for one in cosigned), UTC) - MERGED, until)
