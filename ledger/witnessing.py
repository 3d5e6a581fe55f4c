"""The rule of a witness: never a smaller tree, never two roots of one size, nothing without proof.

Source: C2SP tlog-witness, add-checkpoint. Keeping what was seen, and keeping it *before* answering, is the
business of whoever calls.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from ledger.checkpoint import Checkpoint, parse_checkpoint
from ledger.errors import LedgerError, NoteError, ProofError
from ledger.note import Verifier, decode_base64, open_note, read_note
from ledger.tree import EMPTY_ROOT, verify_consistency

_OLD = re.compile(r"old (0|[1-9][0-9]{0,18})")
MOST_LINES = 63


class Refusal(IntEnum):
    """Why a witness does not cosign; the numbers are those that the protocol answers with."""

    MALFORMED = 400
    UNTRUSTED = 403
    UNKNOWN_LOG = 404
    OTHER_SIZE = 409
    INCONSISTENT = 422


class NotCosignedError(LedgerError):
    """A witness refuses.

    Attributes:
        seen: the size that the witness holds, where that is the reason.
    """

    def __init__(self, refusal: Refusal, *, seen: int = 0) -> None:
        super().__init__("the witness refuses this checkpoint")
        self.refusal = refusal
        self.seen = seen


@dataclass(frozen=True, slots=True)
class Seen:
    """What a witness holds of a log: the last tree it cosigned."""

    size: int = 0
    root: bytes = EMPTY_ROOT


@dataclass(frozen=True, slots=True)
class Submission:
    """A checkpoint (a signed note) with the proof that it continues the tree of `old_size` leaves."""

    old_size: int
    proof: tuple[bytes, ...]
    note: str

    def to_text(self) -> str:
        """Write the body of a request."""
        lines = "".join(f"{b64encode(one).decode()}\n" for one in self.proof)
        return f"old {self.old_size}\n{lines}\n{self.note}"

    @property
    def origin(self) -> str:
        """Return the name of the log that this says it is of."""
        return self.note.partition("\n")[0]


def parse_submission(text: str) -> Submission:
    """Read the body of a request; raises NotCosignedError."""
    head, separator, note = text.partition("\n\n")
    first, *rest = head.split("\n")
    old = _OLD.fullmatch(first)
    if old is None or not separator or len(rest) > MOST_LINES:
        raise NotCosignedError(Refusal.MALFORMED)
    try:
        read_note(note)
        return Submission(int(old[1]), tuple(decode_base64(line) for line in rest), note)
    except NoteError:
        raise NotCosignedError(Refusal.MALFORMED) from None


def require_cosignable(submission: Submission, seen: Seen, verifiers: Iterable[Verifier]) -> Checkpoint:
    """Return the checkpoint that may be cosigned; raises NotCosignedError.

    Args:
        seen: what is held of this log, nothing cosigned yet included.
        verifiers: the keys that this log is known to sign with, under this very origin.
    """
    checkpoint = _signed(submission, verifiers)
    if submission.old_size > checkpoint.size:
        raise NotCosignedError(Refusal.MALFORMED)
    if submission.old_size != seen.size:
        raise NotCosignedError(Refusal.OTHER_SIZE, seen=seen.size)
    _require_consistent(seen, checkpoint, submission.proof)
    return checkpoint


def _signed(submission: Submission, verifiers: Iterable[Verifier]) -> Checkpoint:
    try:
        text = open_note(submission.note, verifiers).text
    except NoteError:
        raise NotCosignedError(Refusal.UNTRUSTED) from None
    try:
        return parse_checkpoint(text)
    except NoteError:
        empty = text.split("\n")[1:2] == ["0"]
        raise NotCosignedError(Refusal.INCONSISTENT if empty else Refusal.MALFORMED) from None


def _require_consistent(seen: Seen, checkpoint: Checkpoint, proof: Sequence[bytes]) -> None:
    try:
        verify_consistency(seen.size, seen.root, checkpoint.size, checkpoint.root, proof)
    except ProofError:
        raise NotCosignedError(Refusal.INCONSISTENT) from None
