"""Judge an exported log from the bytes of its leaves, without any of the code that wrote it.

    python ledger/verify.py EXPORT --key VKEY [--earlier NOTE]...

This file stands alone: Python's standard library and `cryptography`, nothing of this project. Copy it to
a machine that the hub cannot reach, read it (it is short), and run it there.

EXPORT is a directory with two files:

    checkpoint   the signed head of the log (C2SP tlog-checkpoint): origin, size, root, signatures
    leaves       one leaf a line, in order, each as base64 of exactly the bytes that were hashed

VKEY is the public key of the log, `name+keyid+base64`. Take it from the signed manifest or from paper,
never from the export: a forged log brings a key that fits. NOTE is a checkpoint that you kept from an
earlier time; the export must begin with exactly the tree that it signed. Only that shows a log that was
rolled back or written anew by somebody who has the key, so keep every checkpoint you accept.

Exit code 0: the log is whole. 1: it is not, and the first thing found wrong is named. 2: no judgement,
because a file could not be read or the key is not a key.

Source: RFC 6962, 2.1; C2SP signed-note (type 0x01) and tlog-checkpoint.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

MAX_NOTE = 131_072
MAX_LEAF = 1_024
MAX_LINE = 4 * ((MAX_LEAF + 2) // 3) + 1
SIZE = re.compile(rb"0|[1-9][0-9]{0,18}")


class WrongError(Exception):
    """Name what is wrong with the log."""


class UnusableError(Exception):
    """Name why no judgement is possible."""


class Key(NamedTuple):
    """Hold what a vkey says."""

    name: str
    key_id: bytes
    public: Ed25519PublicKey


class Head(NamedTuple):
    """Hold what a checkpoint says."""

    size: int
    root: bytes


def read_key(vkey: str) -> Key:
    """Read a vkey, and compute its key id anew."""
    name, _, rest = vkey.strip().partition("+")
    key_id, _, encoded = rest.partition("+")
    typed = decode(encoded.encode(errors="replace")) or b""
    computed = hashlib.sha256(name.encode(errors="replace") + b"\n" + typed).digest()[:4]
    if not name or len(typed) != 33 or typed[0] != 1 or computed.hex() != key_id:
        raise UnusableError("the key is not an Ed25519 verifier key (name+keyid+base64)")
    return Key(name, computed, Ed25519PublicKey.from_public_bytes(typed[1:]))


def read_head(path: Path, key: Key) -> Head:
    """Return what the log's key signed in this checkpoint."""
    with path.open("rb") as file:
        note = file.read(MAX_NOTE + 1)
    body, separator, signatures = note.rpartition(b"\n\n")
    if len(note) > MAX_NOTE or not separator or not signatures.endswith(b"\n"):
        raise WrongError(f"{path.name}: not a signed note")
    text = body + b"\n"
    require_signature(path.name, text, signatures, key)
    lines = text.split(b"\n")
    if len(lines) != 4 or lines[0] != key.name.encode():
        raise WrongError(f"{path.name}: not a checkpoint of the log {key.name}")
    root = decode(lines[2])
    if not SIZE.fullmatch(lines[1]) or root is None or len(root) != 32:
        raise WrongError(f"{path.name}: the size or the root is malformed")
    return Head(int(lines[1]), root)


def require_signature(place: str, text: bytes, signatures: bytes, key: Key) -> None:
    """Accept only a text that this key signed; lines of other keys are passed over."""
    prefix = b"\xe2\x80\x94 " + key.name.encode() + b" "
    found = False
    for line in signatures.split(b"\n"):
        blob = decode(line.removeprefix(prefix)) if line.startswith(prefix) else None
        if blob is None or blob[:4] != key.key_id:
            continue
        try:
            key.public.verify(blob[4:], text)
        except InvalidSignature:
            raise WrongError(f"{place}: the signature of {key.name} is false") from None
        found = True
    if not found:
        raise WrongError(f"{place}: not signed by {key.name} with the given key")


def decode(line: bytes) -> bytes | None:
    """Read base64 in its one canonical form."""
    try:
        data = base64.b64decode(line, validate=True)
    except ValueError:
        return None
    return data if base64.b64encode(data) == line else None


def read_leaves(path: Path) -> Iterator[bytes]:
    """Yield the bytes of each leaf; a line that is none is named by its number."""
    with path.open("rb") as file:
        number = 0
        while line := file.readline(MAX_LINE + 1):
            number += 1
            leaf = decode(line.removesuffix(b"\n")) if line.endswith(b"\n") else None
            if leaf is None or not 0 < len(leaf) <= MAX_LEAF:
                raise WrongError(f"{path.name}: line {number} is not the base64 of a leaf")
            yield leaf


class Tree:
    """Grow the tree leaf by leaf, as a stack of full subtrees with their sizes."""

    def __init__(self) -> None:
        self.size = 0
        self.stack: list[tuple[int, bytes]] = []

    def add(self, leaf: bytes) -> None:
        """Hash a leaf and join subtrees of one size."""
        width, node = 1, hashlib.sha256(b"\x00" + leaf).digest()
        while self.stack and self.stack[-1][0] == width:
            node = hashlib.sha256(b"\x01" + self.stack.pop()[1] + node).digest()
            width *= 2
        self.stack.append((width, node))
        self.size += 1

    def root(self) -> bytes:
        """Join what is left, from the right."""
        nodes = [node for _, node in self.stack]
        if not nodes:
            return hashlib.sha256(b"").digest()
        root = nodes.pop()
        while nodes:
            root = hashlib.sha256(b"\x01" + nodes.pop() + root).digest()
        return root


def verify(export: Path, key: Key, earlier: list[Path]) -> Head:
    """Return the head of a whole log; raise with the first thing wrong."""
    head = read_head(export / "checkpoint", key)
    pending = sorted((*read_head(path, key), path.name) for path in earlier)
    if pending and pending[-1][0] > head.size:
        raise WrongError(f"rolled back: {pending[-1][2]} has {pending[-1][0]} leaves, the log {head.size}")
    pending.append((*head, "checkpoint"))
    tree = Tree()
    require_roots(tree, pending)
    for leaf in read_leaves(export / "leaves"):
        tree.add(leaf)
        require_roots(tree, pending)
    if tree.size != head.size:
        raise WrongError(f"there are {tree.size} leaves, the checkpoint says {head.size}")
    return head


def require_roots(tree: Tree, pending: list[tuple[int, bytes, str]]) -> None:
    """Compare the tree with each checkpoint of its size, and take those off the list."""
    while pending and pending[0][0] == tree.size:
        size, root, place = pending.pop(0)
        if tree.root() != root:
            raise WrongError(f"the first {size} leaves do not give the root of {place}")


def main(arguments: list[str] | None = None) -> int:
    """Print the judgement in one line and return the exit code."""
    parser = argparse.ArgumentParser(description="Judge an exported log from the bytes of its leaves.")
    parser.add_argument("export", type=Path, help="directory with the files checkpoint and leaves")
    parser.add_argument("--key", required=True, help="public key of the log: name+keyid+base64")
    parser.add_argument("--earlier", type=Path, action="append", default=[], help="a checkpoint kept before")
    options = parser.parse_args(arguments)
    try:
        key = read_key(options.key)
        head = verify(options.export, key, options.earlier)
    except WrongError as error:
        print(f"WRONG {error}")
        return 1
    except (UnusableError, OSError) as error:
        print(f"NO JUDGEMENT {error}", file=sys.stderr)
        return 2
    print(f"OK {key.name} size {head.size} root {head.root.hex()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
