"""Data keys: thousands from one secret, each of which can be destroyed alone and for good.

A batch is a binary tree (Goldreich, Goldwasser, Micali 1986): a secret gives its left and its right child by
HMAC-SHA-512, and the 4,096 leaves are the keys. To destroy a key, replace the secret above it by those of
the siblings on the way down: all but that key can still be derived, and that key by nobody. So a batch costs
one secret to keep until something of it is destroyed, and keys that were never used cost nothing.

Nodes are numbered as in a heap: the root is 1, the children of n are 2n and 2n + 1, leaf i is 4096 + i.
"""

from __future__ import annotations

import hmac

from keys.protocol.errors import EncodingError

DEPTH = 12
BATCH_KEYS = 1 << DEPTH
ROOT = 1
SECRET_BYTES = 32
BATCH_ID_BYTES = 14
KEY_ID_BYTES = 16
_LABEL = b"dat-hub/data-key/v1"


def key_id(batch_id: bytes, number: int) -> bytes:
    """Name a key: the random id of its batch (14 bytes), and its number (2 bytes, big-endian)."""
    if len(batch_id) != BATCH_ID_BYTES or not 0 <= number < BATCH_KEYS:
        raise EncodingError
    return batch_id + number.to_bytes(2, "big")


def place_of(id_: bytes) -> tuple[bytes, int]:
    """Return the batch and the leaf of a key.

    Raises:
        EncodingError: It names no key.
    """
    number = int.from_bytes(id_[BATCH_ID_BYTES:], "big")
    if len(id_) != KEY_ID_BYTES or number >= BATCH_KEYS:
        raise EncodingError
    return id_[:BATCH_ID_BYTES], BATCH_KEYS + number


def path_to(leaf: int) -> list[int]:
    """List the nodes from the root down to a leaf; exactly one of them is kept while the key lives."""
    return [leaf >> up for up in range(DEPTH, -1, -1)]


def derive_all(root: bytes) -> list[bytes]:
    """Derive every key of a batch, in order."""
    level = [root]
    for _ in range(DEPTH):
        level = [child for secret in level for child in _children(secret)]
    return level


def derive(node: int, secret: bytes, leaf: int) -> bytes:
    """Derive one key from a secret above it, or return it if it is that secret."""
    for below in _below(node, leaf):
        secret = _children(secret)[below & 1]
    return secret


def puncture(node: int, secret: bytes, leaf: int) -> list[tuple[int, bytes]]:
    """Return what to keep instead of a secret, so that all keys under it live on but one.

    Returns:
        (node, secret) of each sibling on the way down: at most 12, none when the secret is the key itself.
    """
    kept = []
    for below in _below(node, leaf):
        children = _children(secret)
        kept.append((below ^ 1, children[(below ^ 1) & 1]))
        secret = children[below & 1]
    return kept


def _below(node: int, leaf: int) -> list[int]:
    path = path_to(leaf)
    if node not in path:
        raise EncodingError
    return path[path.index(node) + 1 :]


def _children(secret: bytes) -> tuple[bytes, bytes]:
    both = hmac.digest(secret, _LABEL, "sha512")
    return both[:SECRET_BYTES], both[SECRET_BYTES:]
