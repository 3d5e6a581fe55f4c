"""Carry the proof that one leaf stands in a log, so that anybody can check it without a network.

Source: C2SP tlog-proof@v1.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass

from ledger.checkpoint import Checkpoint, open_checkpoint
from ledger.cosignature import Cosignature, WitnessKey, read_cosignatures
from ledger.errors import NoteError, ProofError
from ledger.note import Verifier, decode_base64
from ledger.tree import verify_inclusion

_HEAD = "c2sp.org/tlog-proof@v1\n"
_INDEX = re.compile(r"index (0|[1-9][0-9]{0,18})")
MOST_HASHES = 63


@dataclass(frozen=True, slots=True)
class Proof:
    """Say that a leaf stands at `index` in the tree of this checkpoint (a signed note)."""

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: str

    def to_text(self) -> str:
        """Write the proof as a file."""
        lines = "".join(f"{b64encode(one).decode()}\n" for one in self.hashes)
        return f"{_HEAD}index {self.index}\n{lines}\n{self.checkpoint}"


@dataclass(frozen=True, slots=True)
class Included:
    """Say in which head a leaf is proved to stand, and who cosigned that head."""

    checkpoint: Checkpoint
    cosignatures: tuple[Cosignature, ...]


def parse_proof(text: str) -> Proof:
    """Read a proof; an `extra` line, which nothing vouches for, is passed over.

    Raises:
        ProofError: It is not one.
    """
    head, separator, checkpoint = text.removeprefix(_HEAD).partition("\n\n")
    lines = head.split("\n")
    if lines[0].startswith("extra "):
        lines.pop(0)
    index = _INDEX.fullmatch(lines[0]) if lines else None
    if not text.startswith(_HEAD) or not separator or index is None or len(lines) > MOST_HASHES + 1:
        raise ProofError("not a proof of inclusion")
    try:
        hashes = tuple(decode_base64(line) for line in lines[1:])
    except NoteError:
        raise ProofError("not a proof of inclusion") from None
    return Proof(int(index[1]), hashes, checkpoint)


def require_included(
    proof: Proof, leaf_hash: bytes, *, log: Iterable[Verifier], witnesses: Iterable[WitnessKey] = ()
) -> Included:
    """Accept only a proof that this leaf stands in a log that one of these keys signs.

    Returns:
        The head, and what known witnesses signed of it: how many are enough is the caller's to say.

    Raises:
        ProofError: The hashes do not lead from the leaf to the root.
        NoteError: The checkpoint is not signed by the log, or a known witness's line is false.
    """
    checkpoint = open_checkpoint(proof.checkpoint, log)
    verify_inclusion(leaf_hash, proof.index, checkpoint.size, proof.hashes, checkpoint.root)
    return Included(checkpoint, tuple(read_cosignatures(proof.checkpoint, witnesses)))
