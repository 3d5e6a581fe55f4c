"""Judge an exported log from the bytes of its leaves, without any of the code that wrote it.

    python verify.py log EXPORT --key VKEY [--earlier NOTE]... [--witness VKEY]... [--next EXPORT]
    python verify.py proof FILE --key VKEY --leaf-hash HEX [--witness VKEY]...
    python verify.py receipt FILE EXPORT... --key VKEY --receipt-key KEY [--witness VKEY]...

This file stands alone: Python's standard library and `cryptography`, nothing of this project. Copy it to
a machine that the hub cannot reach, read it, and run it there.

EXPORT is a directory as `dat-hub audit export-tiles` writes one for each half-year (C2SP tlog-tiles):

    checkpoint            the signed head of the log: origin, size, root, signatures
    cosigned              of a closed tree, the last head of it that a witness cosigned and that is here
    tile/entries/...      the leaves in order, exactly the bytes that were hashed
    tile/0/... tile/1/... the hashes between the leaves and the root, 256 to a file

VKEY is a public key, `name+keyid+base64`. Take it from the signed manifest or from paper, never from the
export: a forged log brings a key that fits. The log's is named `<hub>/audit`; the trees of its half-years
add `/2026h2`. A witness's says who must have cosigned; each that is given must have. NOTE is a checkpoint
that you kept from an earlier time; the export must begin with exactly the tree that it signed. Only that,
or a witness, shows a log that was rolled back or written anew by somebody who has the key.

After a restore the hub closes a tree as it is and begins another, whose first leaf names the head of the
closed one and says what was lost. No witness cosigns the closed tree then: `--next` names the export of the
one after it, which the witnesses must have cosigned instead.

`receipt` looks for what a receipt promises in the exports of all half-years. KEY is the hub's receipt key,
base64url.

Exit code 0: all is well. 1: it is not, and the first thing found wrong is named. 2: no judgement, because a
file could not be read, a key is not a key, or nothing proves that the export is young enough.

Source: RFC 6962, 2.1; C2SP signed-note, tlog-checkpoint, tlog-tiles, tlog-proof, tlog-cosignature.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

try:
    from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey
except ImportError:  # an older library: lines of this kind are passed over, and cannot be asked for
    MLDSA44PublicKey = None  # type: ignore[assignment,misc]

MAX_NOTE = 131_072
MAX_LEAF = 1_024
WIDTH = 256
MERGED = timedelta(minutes=1)  # what was acknowledged stands in the log by then
SIZE = re.compile(rb"0|[1-9][0-9]{0,18}")
SHARD = re.compile(rb"(/20[0-9]{2}h[12](\.[1-9][0-9]?)?)?")
LOG, ED25519, ML_DSA_44 = 1, 4, 6
LENGTHS = {LOG: 32, ED25519: 32, ML_DSA_44: 1312}
RECEIPT = ("signalId", "bodyHash", "leafHash", "receivedAt")


class WrongError(Exception):
    """Name what is wrong with the log."""


class UnusableError(Exception):
    """Name why no judgement is possible."""


class Key(NamedTuple):
    """Hold what a vkey says."""

    name: str
    kind: int
    public: bytes

    def id_under(self, name: bytes) -> bytes:
        """Compute the 4 bytes by which a signature names this key."""
        return hashlib.sha256(name + b"\n" + bytes([self.kind]) + self.public).digest()[:4]


class Head(NamedTuple):
    """Hold what a checkpoint says, and the oldest moment at which all witnesses that were named signed it."""

    size: int
    root: bytes
    origin: str
    cosigned_at: int


class Log(NamedTuple):
    """Hold a log that is as its head says: the hashes of its leaves, and the first of them."""

    head: Head
    hashes: set[bytes]
    first: bytes


class Opening(NamedTuple):
    """Hold what a first leaf says of the tree before; `witnessed` is None where nothing was lost."""

    closed: str
    size: int
    root: bytes
    hour: str
    witnessed: int | None
    agreed: int
    lost: str


def read_key(vkey: str, *kinds: int) -> Key:
    """Read a vkey, and compute its key id anew."""
    name, _, rest = vkey.strip().partition("+")
    key_id, _, encoded = rest.partition("+")
    typed = decode(encoded.encode(errors="replace")) or b"\0"
    key = Key(name, typed[0], typed[1:])
    computed = key.id_under(name.encode(errors="replace")).hex()
    if not name or key.kind not in kinds or len(key.public) != LENGTHS[key.kind] or computed != key_id:
        raise UnusableError("the key is not a verifier key (name+keyid+base64) of the kind that is asked for")
    if key.kind == ML_DSA_44 and MLDSA44PublicKey is None:
        raise UnusableError("this installation of cryptography knows no ML-DSA-44")
    return key


def read_head(place: str, note: bytes, key: Key, witnesses: list[Key]) -> Head:
    """Return what the log's key and every named witness signed in this checkpoint."""
    body, separator, signatures = note.rpartition(b"\n\n")
    if len(note) > MAX_NOTE or not separator or not signatures.endswith(b"\n"):
        raise WrongError(f"{place}: not a signed note")
    text = body + b"\n"
    lines = text.split(b"\n")
    name = key.name.encode()
    if len(lines) != 4 or not lines[0].startswith(name) or not SHARD.fullmatch(lines[0][len(name) :]):
        raise WrongError(f"{place}: not a checkpoint of the log {key.name}")
    for signed in signed_by(place, signatures, lines[0], key):
        require_signature(place, key, signed, text)
    root = decode(lines[2])
    if not SIZE.fullmatch(lines[1]) or root is None or len(root) != 32:
        raise WrongError(f"{place}: the size or the root is malformed")
    size = int(lines[1])
    times = [cosigned_at(place, one, signatures, text, (lines[0], size, root)) for one in witnesses]
    return Head(size, root, lines[0].decode(), min(times, default=0))


def signed_by(place: str, signatures: bytes, name: bytes, key: Key) -> list[bytes]:
    """Return what this key is said to have written; lines of other keys are passed over."""
    prefix = b"\xe2\x80\x94 " + name + b" "
    found = [decode(line[len(prefix) :]) for line in signatures.split(b"\n") if line.startswith(prefix)]
    signed = [blob[4:] for blob in found if blob is not None and blob[:4] == key.id_under(name)]
    if not signed:
        raise WrongError(f"{place}: not signed by {name.decode(errors='replace')} with the given key")
    return signed


def cosigned_at(
    place: str, witness: Key, signatures: bytes, text: bytes, head: tuple[bytes, int, bytes]
) -> int:
    """Return the second at which a witness says that this was the largest tree it had seen."""
    (signed, *_) = signed_by(place, signatures, witness.name.encode(), witness)
    at = int.from_bytes(signed[:8], "big")
    if witness.kind == ED25519:
        message = b"cosignature/v1\ntime %d\n" % at + text
    else:
        origin, size, root = head
        names = [bytes([len(one)]) + one for one in (witness.name.encode(), origin)]
        numbers = [number.to_bytes(8, "big") for number in (at, 0, size)]
        message = b"subtree/v1\n\0" + names[0] + numbers[0] + names[1] + numbers[1] + numbers[2] + root
    require_signature(place, witness, signed[8:], message)
    return at


def require_signature(place: str, key: Key, signature: bytes, message: bytes) -> None:
    """Accept only a signature of this key."""
    try:
        if key.kind == ML_DSA_44:
            MLDSA44PublicKey.from_public_bytes(key.public).verify(signature, message)
        else:
            Ed25519PublicKey.from_public_bytes(key.public).verify(signature, message)
    except InvalidSignature:
        raise WrongError(f"{place}: the signature of {key.name} is false") from None
    except UnsupportedAlgorithm:
        raise UnusableError("this installation of cryptography knows no ML-DSA-44") from None


def decode(line: bytes) -> bytes | None:
    """Read base64 in its one canonical form."""
    try:
        data = base64.b64decode(line, validate=True)
    except ValueError:
        return None
    return data if base64.b64encode(data) == line else None


def path_of(export: Path, level: str, index: int, width: int) -> Path:
    """Return where a tile lies: groups of three digits, all but the last marked; partial with a width."""
    digits = str(index)
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    name = "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])
    return export / "tile" / level / (name if width == WIDTH else f"{name}.p/{width}")


def read_tile(export: Path, path: Path) -> bytes:
    """Read a file that the checkpoint asks for: without it, leaves were dropped."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise WrongError(
            f"{path.relative_to(export)}: is not there, and the checkpoint asks for it"
        ) from None


def read_leaves(export: Path, size: int) -> Iterator[bytes]:
    """Yield the bytes of each leaf; a bundle that holds more or fewer than its name says is named."""
    for start in range(0, size, WIDTH):
        width = min(WIDTH, size - start)
        path = path_of(export, "entries", start // WIDTH, width)
        data, at, count = read_tile(export, path), 0, 0
        while at < len(data):
            end = at + 2 + int.from_bytes(data[at : at + 2], "big")
            if not 0 < end - at - 2 <= MAX_LEAF or end > len(data):
                raise WrongError(f"{path.relative_to(export)}: not a bundle of leaves")
            yield data[at + 2 : end]
            at, count = end, count + 1
        if count != width:
            raise WrongError(f"{path.relative_to(export)}: there are {count} leaves, not {width}")


class Tree:
    """Grow the tree leaf by leaf, as a stack of full subtrees with their sizes."""

    def __init__(self) -> None:
        self.size = 0
        self.stack: list[tuple[int, bytes]] = []

    def add(self, node: bytes) -> None:
        """Join subtrees of one size."""
        width = 1
        while self.stack and self.stack[-1][0] == width:
            node = join(self.stack.pop()[1], node)
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
            root = join(nodes.pop(), root)
        return root


class Tiles:
    """Compare every file of hashes with what the leaves give."""

    def __init__(self, export: Path, level: int = 0) -> None:
        self.export, self.level, self.count = export, level, 0
        self.hashes: list[bytes] = []
        self.above: Tiles | None = None

    def add(self, node: bytes) -> None:
        """Take the next hash of this level; a full tile makes one hash of the level above."""
        self.hashes.append(node)
        if len(self.hashes) == WIDTH:
            self.close()
            tree = Tree()
            for one in self.hashes:
                tree.add(one)
            self.above = self.above or Tiles(self.export, self.level + 1)
            self.above.add(tree.root())
            self.hashes, self.count = [], self.count + 1

    def close(self) -> None:
        """Compare the file of the hashes that were taken since the last full tile."""
        if not self.hashes:
            return
        path = path_of(self.export, str(self.level), self.count, len(self.hashes))
        if read_tile(self.export, path) != b"".join(self.hashes):
            raise WrongError(f"{path.relative_to(self.export)}: other hashes than those of the leaves")

    def close_all(self) -> None:
        """Compare the partial tiles at the right edge of every level."""
        self.close()
        if self.above:
            self.above.close_all()


def join(left: bytes, right: bytes) -> bytes:
    """Hash two subtrees into their parent."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def hash_leaf(leaf: bytes) -> bytes:
    """Hash the bytes of a leaf."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def read_note(path: Path) -> bytes:
    """Read the start of a file, enough to see that it is too long."""
    with path.open("rb") as file:
        return file.read(MAX_NOTE + 1)


def verify_log(export: Path, key: Key, witnesses: list[Key], earlier: list[Path]) -> Log:
    """Return a whole log; raise with the first thing wrong."""
    head = read_head("checkpoint", read_note(export / "checkpoint"), key, witnesses)
    kept = [(read_head(path.name, read_note(path), key, []), path.name) for path in earlier]
    pending = sorted((one.size, one.root, name) for one, name in kept if one.origin == head.origin)
    if pending and pending[-1][0] > head.size:
        raise WrongError(f"rolled back: {pending[-1][2]} has {pending[-1][0]} leaves, the log {head.size}")
    pending.append((head.size, head.root, "checkpoint"))
    tree, tiles, hashes, first = Tree(), Tiles(export), set[bytes](), b""
    require_roots(tree, pending)
    for leaf in read_leaves(export, head.size):
        first = first or leaf
        hashed = hash_leaf(leaf)
        hashes.add(hashed)
        tree.add(hashed)
        tiles.add(hashed)
        require_roots(tree, pending)
    tiles.close_all()
    return Log(head, hashes, first)


def read_opening(first: bytes) -> Opening | None:
    """Return what the first leaf of a tree says of the tree before it."""
    try:
        facts = json.loads(first)
        said = Opening(
            str(facts["closed"]),
            int(facts["size"]),
            bytes.fromhex(facts["root"]),
            str(facts["h"]),
            None if facts["witnessed"] is None else int(facts["witnessed"]),
            int(facts["agreed"] or 0),
            str(facts["lost"] or ""),
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return said


def verify_closed(export: Path, following: Path, key: Key, witnesses: list[Key], earlier: list[Path]) -> Head:
    """Return the head of a tree that no witness cosigned, and that a cosigned tree names."""
    head, _, _ = verify_log(export, key, [], earlier)
    after = verify_log(following, key, witnesses, [])
    opening = read_opening(after.first)
    if opening is None or opening[:3] != (head.origin, head.size, head.root):
        raise WrongError(f"{after.head.origin}: does not begin where {head.origin} ends")
    return Head(head.size, head.root, head.origin, after.head.cosigned_at)


def require_roots(tree: Tree, pending: list[tuple[int, bytes, str]]) -> None:
    """Compare the tree with each checkpoint of its size, and take those off the list."""
    while pending and pending[0][0] == tree.size:
        size, root, place = pending.pop(0)
        if tree.root() != root:
            raise WrongError(f"the first {size} leaves do not give the root of {place}")


def verify_proof(path: Path, key: Key, witnesses: list[Key], leaf_hash: bytes) -> Head:
    """Return the head in which a leaf is proved to stand.

    Source: RFC 9162, 2.1.3.2.
    """
    text, _, note = path.read_bytes().partition(b"\n\n")
    first, *lines = text.split(b"\n")
    lines = lines[1:] if lines and lines[0].startswith(b"extra ") else lines
    hashes = [decode(line) or b"" for line in lines[1:]]
    found = re.fullmatch(rb"index (0|[1-9][0-9]{0,18})", lines[0]) if lines else None
    if first != b"c2sp.org/tlog-proof@v1" or not found or any(len(one) != 32 for one in hashes):
        raise WrongError(f"{path.name}: not a proof")
    head = read_head(path.name, note, key, witnesses)
    node, last, computed = int(found[1]), head.size - 1, leaf_hash
    for sibling in hashes:
        if last == 0:
            raise WrongError(f"{path.name}: the proof is too long")
        if node & 1 or node == last:
            computed = join(sibling, computed)
            while node and not node & 1:
                node, last = node >> 1, last >> 1
        else:
            computed = join(computed, sibling)
        node, last = node >> 1, last >> 1
    if int(found[1]) >= head.size or last != 0 or computed != head.root:
        raise WrongError(f"{path.name}: the hashes do not lead from this leaf to the root")
    return head


def verify_receipt(
    path: Path, exports: list[Path], key: Key, witnesses: list[Key], receipt_key: bytes
) -> str:
    """Return where what was acknowledged stands; raise when a younger head than it does not hold it."""
    leaf_hash, received_at = read_receipt(path, receipt_key)
    logs = [verify_log(export, key, [], []) for export in exports]
    times = cosigned_times(exports, logs, key, witnesses)
    for log in logs:
        if leaf_hash in log.hashes:
            at = f"{received_at:%Y-%m-%dT%H:%M:%SZ}"
            return f"{log.head.origin} holds the leaf that was acknowledged at {at}"
    if max(times) < (received_at + MERGED).timestamp():
        raise UnusableError("no export is cosigned by named witnesses a minute after the receipt or later")
    for log in logs:
        require_not_lost(log, exports, logs, (key, witnesses), received_at)
    raise WrongError("DROPPED: the hub signed that this leaf stands in its log, and it does not")


def cosigned_times(exports: list[Path], logs: list[Log], key: Key, witnesses: list[Key]) -> list[int]:
    """Return when each tree was cosigned; one that was not must be named by a younger one that was."""
    times, named = [0] * len(logs), set()
    for at in sorted(range(len(logs)), key=lambda number: logs[number].head.origin, reverse=True):
        head, opening = logs[at].head, read_opening(logs[at].first)
        if head[:3] not in named:
            note = read_note(exports[at] / "checkpoint")
            times[at] = read_head("checkpoint", note, key, witnesses).cosigned_at
        if opening is not None:
            named.add((opening.size, opening.root, opening.closed))
    return times


def require_not_lost(
    log: Log, exports: list[Path], logs: list[Log], keys: tuple[Key, list[Key]], received_at: datetime
) -> None:
    """Raise where the log itself says that a restore took what was acknowledged at that moment."""
    opening = read_opening(log.first)
    if opening is None or opening.witnessed is None:
        return
    if opening.agreed >= opening.witnessed and not opening.lost:
        return  # nothing was lost: a witness forgot
    until = datetime.strptime(opening.hour, "%Y-%m-%dT%H").replace(tzinfo=UTC) + timedelta(hours=1)
    since = datetime.fromtimestamp(kept_until(opening, exports, logs, keys), UTC) - MERGED
    if since <= received_at < until:
        gone = f"leaves {opening.agreed} to {opening.witnessed} of {opening.closed} {opening.lost}".rstrip()
        raise WrongError(f"LOST BY A RESTORE, as {log.head.origin} says itself: it may be one of {gone}")


def kept_until(opening: Opening, exports: list[Path], logs: list[Log], keys: tuple[Key, list[Key]]) -> int:
    """Return when what was kept of a closed tree was cosigned: what is older than that must stand there."""
    if not opening.agreed:
        return 60
    for export, log in zip(exports, logs, strict=True):
        if log.head.origin == opening.closed:
            name = "cosigned" if (export / "cosigned").exists() else "checkpoint"
            kept = read_head(name, read_note(export / name), *keys)
            verify_log(export, keys[0], [], [export / name])
            if kept.size == opening.agreed:
                return kept.cosigned_at
    raise UnusableError(f"the export of {opening.closed} is needed, with its last cosigned head")


def read_receipt(path: Path, receipt_key: bytes) -> tuple[bytes, datetime]:
    """Return the leaf that a genuine receipt promises, and the moment of its promise."""
    try:
        receipt = json.loads(path.read_bytes())
        facts = {name: str(receipt[name]) for name in RECEIPT}
        signature = base64.urlsafe_b64decode(str(receipt["signature"]) + "==")
        signed = b"dat-hub/receipt/v1" + json.dumps(facts, sort_keys=True, separators=(",", ":")).encode()
        at = datetime.strptime(facts["receivedAt"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        leaf_hash = bytes.fromhex(facts["leafHash"])
    except (ValueError, KeyError, TypeError):
        raise UnusableError("the receipt is not one") from None
    require_signature("receipt", Key("the hub", LOG, receipt_key), signature, signed)
    return leaf_hash, at


def judge(options: argparse.Namespace) -> str:
    """Return what is said when all is well."""
    key = read_key(options.key, LOG)
    witnesses = [read_key(one, ED25519, ML_DSA_44) for one in options.witness]
    if options.act == "receipt":
        public = base64.urlsafe_b64decode(options.receipt_key + "==")
        return verify_receipt(options.file, options.export, key, witnesses, public)
    if options.act == "proof":
        head = verify_proof(options.file, key, witnesses, bytes.fromhex(options.leaf_hash))
    elif options.next:
        head = verify_closed(options.export, options.next, key, witnesses, options.earlier)
    else:
        head = verify_log(options.export, key, witnesses, options.earlier).head
    said = f"{head.origin} size {head.size} root {head.root.hex()}"
    at = datetime.fromtimestamp(head.cosigned_at, UTC)
    return f"{said} cosigned {at:%Y-%m-%dT%H:%M:%SZ}" if witnesses else said


def parse(arguments: list[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Judge an exported log from the bytes of its leaves.")
    acts = parser.add_subparsers(dest="act", required=True)
    log = acts.add_parser("log", help="judge a whole log")
    log.add_argument("export", type=Path, help="directory of one half-year")
    log.add_argument("--earlier", type=Path, action="append", default=[], help="a checkpoint kept before")
    log.add_argument("--next", type=Path, help="of a tree that a restore closed: the export of the next")
    proof = acts.add_parser("proof", help="judge the proof that one leaf stands in the log")
    proof.add_argument("file", type=Path, help="a tlog-proof")
    proof.add_argument("--leaf-hash", required=True, help="hexadecimal, as in the receipt")
    receipt = acts.add_parser("receipt", help="look for what a receipt promises")
    receipt.add_argument("file", type=Path, help="a receipt (JSON)")
    receipt.add_argument("export", type=Path, nargs="+", help="directories of all half-years")
    receipt.add_argument("--receipt-key", required=True, help="the hub's receipt key, base64url")
    for act in (log, proof, receipt):
        act.add_argument("--key", required=True, help="public key of the log: name+keyid+base64")
        act.add_argument("--witness", action="append", default=[], help="public key of a witness")
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> int:
    """Print the judgement in one line and return the exit code."""
    options = parse(arguments)
    try:
        said = judge(options)
    except WrongError as error:
        print(f"WRONG {error}")
        return 1
    except (UnusableError, OSError, ValueError) as error:
        print(f"NO JUDGEMENT {error}", file=sys.stderr)
        return 2
    print(f"OK {said}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
