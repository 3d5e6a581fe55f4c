"""The head of a log, signed by the key that carries the log's own name.

Source: C2SP tlog-checkpoint. Extension lines are refused: nobody can audit what stands in them.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from collections.abc import Iterable
from dataclasses import dataclass

from ledger.errors import NoteError
from ledger.note import Signer, Verifier, open_note, require_name, sign
from ledger.tree import EMPTY_ROOT, HASH_BYTES

__all__ = ["Checkpoint", "Signer", "Verifier", "open_checkpoint", "parse_checkpoint", "sign_checkpoint"]

_TEXT = re.compile(r"([^\n]+)\n(0|[1-9][0-9]{0,18})\n([A-Za-z0-9+/]{43}=)\n")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """State that the log `origin` holds `size` leaves with this root (32 bytes)."""

    origin: str
    size: int
    root: bytes

    def __post_init__(self) -> None:
        require_name(self.origin)
        if not 0 <= self.size < 2**63 or len(self.root) != HASH_BYTES:
            raise NoteError("not the head of a tree")
        if self.size == 0 and self.root != EMPTY_ROOT:
            raise NoteError("an empty tree has another root")

    def to_text(self) -> str:
        """Write the three lines that are signed."""
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n"


def parse_checkpoint(text: str) -> Checkpoint:
    """Read the three lines, and only a text that would be written the same way."""
    found = _TEXT.fullmatch(text)
    if found is None:
        raise NoteError("malformed checkpoint")
    origin, size, root = found.groups()
    checkpoint = Checkpoint(origin, int(size), b64decode(root))
    if checkpoint.to_text() != text:
        raise NoteError("malformed checkpoint")
    return checkpoint


def sign_checkpoint(checkpoint: Checkpoint, signer: Signer) -> str:
    """Write the signed note; the key must carry the name of the log."""
    if signer.name != checkpoint.origin:
        raise NoteError("key of another log")
    return sign(checkpoint.to_text(), signer)


def open_checkpoint(note: str | bytes, verifiers: Iterable[Verifier]) -> Checkpoint:
    """Return the checkpoint of a note that the log's own key signed.

    Raises:
        NoteError: Malformed, not signed by a known key, or signed only by keys of another name: a
            witness's or another log's signature does not make a checkpoint of this log.
    """
    opened = open_note(note, verifiers)
    checkpoint = parse_checkpoint(opened.text)
    if checkpoint.origin not in {signer.name for signer in opened.signers}:
        raise NoteError("checkpoint is not signed by its own log")
    return checkpoint
