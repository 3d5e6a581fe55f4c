"""The Merkle tree of the log: roots from a small frontier, proofs, and their verification.

Source: RFC 6962, 2.1; the verification algorithms are those of RFC 9162, 2.1.3.2 and 2.1.4.2.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from ledger.errors import ProofError, TreeError

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()


def leaf_hash(leaf: bytes) -> bytes:
    """Hash the bytes of one leaf, in a domain of its own so that no node can pose as a leaf."""
    return sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two subtrees into their parent."""
    return sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Frontier:
    """Hold all that is needed of a tree to append to it: the roots of its full subtrees, largest first."""

    size: int = 0
    hashes: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        if self.size < 0 or self.size.bit_count() != len(self.hashes):
            raise TreeError("frontier does not fit its size")
        _require_hashes(self.hashes)

    def append(self, leaf_hash: bytes) -> Frontier:
        """Return the frontier of the tree with one more leaf."""
        return self.extend((leaf_hash,))

    def extend(self, leaf_hashes: Iterable[bytes]) -> Frontier:
        """Return the frontier of the tree with these leaves after its own.

        Works level by level: a waiting subtree joins the new nodes of its height on the left, an odd
        last node waits at that height.
        """
        nodes = list(leaf_hashes)
        _require_hashes(nodes)
        size, waiting = self.size + len(nodes), list(self.hashes)
        kept: list[bytes] = []
        for height in range(size.bit_length()):
            if self.size >> height & 1:
                nodes.insert(0, waiting.pop())
            if len(nodes) & 1:
                kept.append(nodes.pop())
            nodes = [node_hash(left, right) for left, right in zip(nodes[::2], nodes[1::2], strict=True)]
        return Frontier(size, tuple(reversed(kept)))

    def root(self) -> bytes:
        """Return the root of the tree."""
        if not self.hashes:
            return EMPTY_ROOT
        root = self.hashes[-1]
        for left in reversed(self.hashes[:-1]):
            root = node_hash(left, root)
        return root

    def to_bytes(self) -> bytes:
        """Write the size in 8 bytes, big-endian, and the hashes after it."""
        return self.size.to_bytes(8) + b"".join(self.hashes)

    @classmethod
    def from_bytes(cls, data: bytes) -> Frontier:
        """Read back what `to_bytes` wrote.

        Raises:
            TreeError: The number of hashes does not fit the size.
        """
        if len(data) % HASH_BYTES != 8:
            raise TreeError("frontier does not fit its size")
        hashes = tuple(data[at : at + HASH_BYTES] for at in range(8, len(data), HASH_BYTES))
        return cls(int.from_bytes(data[:8]), hashes)


def root_of(leaf_hashes: Sequence[bytes]) -> bytes:
    """Return the root by the recursive definition, word for word: slow, and the judge of the frontier.

    Source: RFC 6962, 2.1 (MTH).
    """
    if not leaf_hashes:
        return EMPTY_ROOT
    if len(leaf_hashes) == 1:
        return leaf_hashes[0]
    middle = _split(len(leaf_hashes))
    return node_hash(root_of(leaf_hashes[:middle]), root_of(leaf_hashes[middle:]))


def inclusion_proof(leaf_hashes: Sequence[bytes], index: int, size: int) -> list[bytes]:
    """Prove that a leaf stands at `index` in the tree of the first `size` leaves."""
    _require_length(leaf_hashes, size)
    return [_root(leaf_hashes[low:high]) for low, high in inclusion_ranges(index, size)]


def consistency_proof(leaf_hashes: Sequence[bytes], old_size: int, new_size: int) -> list[bytes]:
    """Prove that the tree of `new_size` leaves begins with the tree of `old_size`."""
    _require_length(leaf_hashes, new_size)
    return [_root(leaf_hashes[low:high]) for low, high in consistency_ranges(old_size, new_size)]


def inclusion_ranges(index: int, size: int) -> list[tuple[int, int]]:
    """Name the leaves [low, high) whose roots are the proof of one leaf, from its sibling upwards.

    Source: RFC 6962, 2.1.1 (PATH).
    """
    if not 0 <= index < size:
        raise TreeError("no such leaf in a tree of that size")
    low, high = 0, size
    ranges: list[tuple[int, int]] = []
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            ranges.append((middle, high))
            high = middle
        else:
            ranges.append((low, middle))
            low = middle
    return ranges[::-1]


def consistency_ranges(old_size: int, new_size: int) -> list[tuple[int, int]]:
    """Name the leaves [low, high) whose roots prove that a tree begins with an older one.

    Source: RFC 6962, 2.1.2 (SUBPROOF). From the empty tree nothing needs proof.
    """
    if not 0 <= old_size <= new_size:
        raise TreeError("no such pair of trees")
    if old_size == 0:
        return []
    low, high = 0, new_size
    ranges: list[tuple[int, int]] = []
    while high != old_size:
        middle = low + _split(high - low)
        if old_size <= middle:
            ranges.append((middle, high))
            high = middle
        else:
            ranges.append((low, middle))
            low = middle
    if low:  # else the old tree is a subtree whose root the verifier holds already
        ranges.append((low, high))
    return ranges[::-1]


def verify_inclusion(leaf_hash: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Accept only a proof that the leaf stands at `index` in the tree of `size` leaves with this root.

    Raises:
        ProofError: Anything else.
    """
    _require_proof((leaf_hash, root, *proof))
    if not 0 <= index < size:
        raise ProofError("no such leaf in a tree of that size")
    node, last, computed = index, size - 1, leaf_hash
    for sibling in proof:
        if last == 0:
            raise ProofError("proof is too long")
        if node & 1 or node == last:
            computed = node_hash(sibling, computed)
            node, last = _climb(node, last)
        else:
            computed = node_hash(computed, sibling)
        node, last = node >> 1, last >> 1
    if last != 0 or computed != root:
        raise ProofError("proof does not lead to the root")


def verify_consistency(
    old_size: int, old_root: bytes, new_size: int, new_root: bytes, proof: Sequence[bytes]
) -> None:
    """Accept only a proof that the new tree begins with the old one, leaf for leaf.

    Raises:
        ProofError: Anything else, a smaller new tree and two roots for one size included.
    """
    _require_proof((old_root, new_root, *proof))
    if not 0 <= old_size <= new_size:
        raise ProofError("the new tree is smaller than the old one")
    if old_size in (0, new_size):
        known = EMPTY_ROOT if old_size == 0 else new_root
        if proof or old_root != known or (new_size == 0 and new_root != EMPTY_ROOT):
            raise ProofError("proof does not lead to both roots")
        return
    # RFC 9162, 2.1.4.2: if old_size is an exact power of 2, prepend old_root to the path.
    path = [old_root, *proof] if old_size.bit_count() == 1 else list(proof)
    if not path or _replay(path, old_size - 1, new_size - 1) != (old_root, new_root):
        raise ProofError("proof does not lead to both roots")


def _replay(path: Sequence[bytes], node: int, last: int) -> tuple[bytes, bytes]:
    while node & 1:
        node, last = node >> 1, last >> 1
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            raise ProofError("proof is too long")
        if node & 1 or node == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            node, last = _climb(node, last)
        else:
            new = node_hash(new, sibling)
        node, last = node >> 1, last >> 1
    if last != 0:
        raise ProofError("proof is too short")
    return old, new


def _climb(node: int, last: int) -> tuple[int, int]:
    """Skip the heights at which a last node without a sibling rises unchanged."""
    while node and not node & 1:
        node, last = node >> 1, last >> 1
    return node, last


def _root(leaf_hashes: Iterable[bytes]) -> bytes:
    return Frontier().extend(leaf_hashes).root()


def _split(size: int) -> int:
    """Return the largest power of two smaller than `size`."""
    return 1 << (size - 1).bit_length() - 1


def _require_length(leaf_hashes: Sequence[bytes], size: int) -> None:
    if size > len(leaf_hashes):
        raise TreeError("the tree is larger than its leaves")


def _require_hashes(hashes: Iterable[bytes]) -> None:
    if any(len(value) != HASH_BYTES for value in hashes):
        raise TreeError("a hash is not 32 bytes")


def _require_proof(hashes: Iterable[bytes]) -> None:
    """Refuse odd lengths: a longer left and a shorter right hash could be cut from the same bytes."""
    if any(len(value) != HASH_BYTES for value in hashes):
        raise ProofError("a hash is not 32 bytes")
