"""A log in memory, its proofs, and its export as tiles: for tests that need no database."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from ledger.checkpoint import Checkpoint, Signer, sign_checkpoint
from ledger.cosignature import Cosigner
from ledger.proof import Proof
from ledger.tiles import WIDTH, Row, entries_path, tiles_of, write_bundle
from ledger.tree import Frontier, consistency_proof, inclusion_proof, leaf_hash
from ledger.witnessing import Submission

NAME = "hub.example/audit"
ORIGIN = f"{NAME}/2026h2"
SIGNER = Signer.from_seed(ORIGIN, bytes(range(32)))
WITNESS = Cosigner("keys.example/w1", bytes([7]) * 32, bytes([8]) * 32)
AT = 1_795_000_000  # seconds


@dataclass(frozen=True)
class MemoryLog:
    """Leaves, and everything that can be said of them."""

    leaves: list[bytes]
    signer: Signer = field(default=SIGNER)

    @property
    def hashes(self) -> list[bytes]:
        return [leaf_hash(leaf) for leaf in self.leaves]

    def checkpoint(self, size: int | None = None) -> Checkpoint:
        known = self.hashes[:size]
        return Checkpoint(self.signer.name, len(known), Frontier().extend(known).root())

    def note(self, size: int | None = None, *, witness: Cosigner | None = None, at: int = AT) -> str:
        head = self.checkpoint(size)
        lines = witness.cosign(head, at=at) if witness else []
        return sign_checkpoint(head, self.signer) + "".join(line.to_text() for line in lines)

    def submission(self, old: int, new: int) -> Submission:
        return Submission(old, tuple(consistency_proof(self.hashes, old, new)), self.note(new))

    def proof(self, index: int, *, witness: Cosigner | None = None, at: int = AT) -> Proof:
        size = len(self.leaves)
        hashes = inclusion_proof(self.hashes, index, size)
        return Proof(index, tuple(hashes), self.note(witness=witness, at=at))

    def row(self, row: Row) -> list[bytes]:
        step, hashes = WIDTH**row.level, self.hashes
        return [
            Frontier().extend(hashes[at * step : (at + 1) * step]).root() for at in range(row.start, row.end)
        ]

    def export(self, directory: Path, *, note: str | None = None) -> Path:
        files = {"checkpoint": (note or self.note()).encode()}
        for row in tiles_of(len(self.leaves)):
            files[row.path] = b"".join(self.row(row))
            if row.level == 0:
                path = entries_path(row.start // WIDTH, row.end - row.start)
                files[path] = write_bundle(self.leaves[row.start : row.end])
        for name, data in files.items():
            (directory / name).parent.mkdir(parents=True, exist_ok=True)
            (directory / name).write_bytes(data)
        return directory


def numbered(count: int) -> MemoryLog:
    """A log of so many different leaves."""
    return MemoryLog([b'{"n":%d}' % number for number in range(count)])
