"""Witness a log on a machine of your own, without a network: cosign only what continues what you saw.

    python witness.py init STATE --name fg.gemeente.example/w1 --log VKEY
    python witness.py cosign STATE SUBMISSION > cosigned.note
    python witness.py show STATE

This file stands alone: Python's standard library and `cryptography`, nothing of this project. Copy it to a
laptop that neither the hub nor the key holder can reach, read it, and run it there.

STATE is one file: your keys, and of each tree of the log how far you saw it. It is your whole memory.
Without it this program refuses to work, and there is no way to make it forget: a tree that became smaller, or
has another root at a size that you saw, is refused for ever. Keep STATE to yourself.

VKEY is the public key of the log from the signed manifest or from paper. SUBMISSION is what the operator
carried to you (`dat-hub audit submission`): a signed head and hashes that prove that it continues what you
saw, and nothing about anybody. Carry back what `cosign` prints (`dat-hub audit cosignature`).

Exit code 0: done. 1: refused, and the reason is named; write down what happened, it may be evidence. 2: a
file could not be read.

Source: RFC 6962, 2.1.2; RFC 9162, 2.1.4.2; C2SP signed-note, tlog-checkpoint, tlog-cosignature, tlog-witness.
"""

from __future__ import annotations

import argparse
import base64
import contextlib
import hashlib
import json
import os
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

try:
    from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

    MLDSA44PrivateKey.from_seed_bytes(bytes(32))
    HAS_ML_DSA = True
except (ImportError, UnsupportedAlgorithm):
    HAS_ML_DSA = False

try:
    from fcntl import LOCK_EX, LOCK_NB, flock
except ImportError:  # Windows: nobody else may run it meanwhile
    flock = None  # type: ignore[assignment]

MARK = "\u2014 "
EMPTY = hashlib.sha256(b"").hexdigest()
OLD = re.compile(r"old (0|[1-9][0-9]{0,18})")
TEXT = re.compile(r"([^\n]+)\n(0|[1-9][0-9]{0,18})\n([A-Za-z0-9+/]{43}=)\n")
SHARD = re.compile(r"(/20[0-9]{2}h[12](\.[2-9])?)?")
LOG, ED25519, ML_DSA_44 = 1, 4, 6
State = dict[str, Any]


class RefusedError(Exception):
    """Name why nothing is cosigned."""


def init(path: Path, name: str, log: str) -> State:
    """Draw keys and begin a memory; never over one that is there."""
    read_vkey(log)
    if not re.fullmatch(r"[^\s+]+", name):
        raise RefusedError("a name has no spaces and no plus")
    state = {"name": name, "log": log, "ed25519": draw(), "ml_dsa_44": draw(), "trees": {}}
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    os.close(handle)
    write_state(path, state)
    return state


def cosign(path: Path, submission: str) -> str:
    """Return the head with the lines of this witness, after what was seen is on disk."""
    with alone(path):
        return _cosign(path, submission)


def _cosign(path: Path, submission: str) -> str:
    state = read_state(path)
    head, separator, note = submission.partition("\n\n")
    first, *lines = head.split("\n")
    old = OLD.fullmatch(first)
    if old is None or not separator or len(lines) > 63:
        raise RefusedError("this is not a submission")
    origin, size, root = open_note(note, state["log"])
    seen = state["trees"].get(origin, {"size": 0, "root": EMPTY})
    if size < seen["size"]:
        raise RefusedError(f"ROLLED BACK: this head has {size} leaves and I saw {seen['size']}")
    if int(old[1]) != seen["size"]:
        raise RefusedError(f"the proof begins at {old[1]}: ask for one with --old {seen['size']}")
    require_consistent(seen, size, root, [decode(line) for line in lines])
    at = int(time.time())
    state["trees"][origin] = {"size": size, "root": root.hex(), "at": at}
    write_state(path, state)
    return note + "".join(sign(state, note.partition("\n\n")[0] + "\n", (origin, size, root), at))


def open_note(note: str, log: str) -> tuple[str, int, bytes]:
    """Return what the log's own key signed."""
    name, public = read_vkey(log)
    body, separator, lines = note.rpartition("\n\n")
    text = body + "\n"
    found = TEXT.fullmatch(text)
    if not separator or found is None:
        raise RefusedError("this is not a signed head")
    origin, size, root = found[1], int(found[2]), decode(found[3])
    if not origin.startswith(name) or not SHARD.fullmatch(origin[len(name) :]):
        raise RefusedError("this is the head of another log")
    key_id = hashlib.sha256(origin.encode() + b"\n\x01" + public).digest()[:4]
    prefix = f"{MARK}{origin} "
    signed = [decode(line[len(prefix) :]) for line in lines.split("\n") if line.startswith(prefix)]
    own = [blob[4:] for blob in signed if blob[:4] == key_id]
    if not own:
        raise RefusedError("the log did not sign this head with the key that I know")
    for signature in own:
        try:
            Ed25519PublicKey.from_public_bytes(public).verify(signature, text.encode())
        except InvalidSignature:
            raise RefusedError("the signature under this head is false") from None
    return origin, size, root


def require_consistent(seen: State, size: int, root: bytes, proof: list[bytes]) -> None:
    """Accept only a tree that begins with what was seen, leaf for leaf."""
    old, old_root = seen["size"], bytes.fromhex(seen["root"])
    if old in (0, size):
        if proof or (size == old and root != old_root):
            raise RefusedError(f"WRITTEN ANEW: two roots for {size} leaves")
        return
    path = [old_root, *proof] if old.bit_count() == 1 else proof
    if not path or replay(path, old - 1, size - 1) != (old_root, root):
        raise RefusedError(f"WRITTEN ANEW: this head does not begin with the {old} leaves that I saw")


def replay(path: list[bytes], node: int, last: int) -> tuple[bytes, bytes]:
    """Return both roots that a proof leads to."""
    while node & 1:
        node, last = node >> 1, last >> 1
    one = other = path[0]
    for sibling in path[1:]:
        if last == 0:
            raise RefusedError("the proof is too long")
        if node & 1 or node == last:
            one, other = join(sibling, one), join(sibling, other)
            while node and not node & 1:
                node, last = node >> 1, last >> 1
        else:
            other = join(other, sibling)
        node, last = node >> 1, last >> 1
    if last != 0:
        raise RefusedError("the proof is too short")
    return one, other


def join(left: bytes, right: bytes) -> bytes:
    """Hash two subtrees into their parent."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def sign(state: State, text: str, head: tuple[str, int, bytes], at: int) -> list[str]:
    """Write the cosignature lines: that this is the largest tree seen until this second."""
    name, (origin, size, root) = state["name"], head
    key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(state["ed25519"]))
    signed = [(ED25519, key.sign(f"cosignature/v1\ntime {at}\n{text}".encode()))]
    if HAS_ML_DSA:
        names = [bytes([len(one.encode())]) + one.encode() for one in (name, origin)]
        numbers = [number.to_bytes(8, "big") for number in (at, 0, size)]
        message = b"subtree/v1\n\0" + names[0] + numbers[0] + names[1] + numbers[1] + numbers[2] + root
        private = MLDSA44PrivateKey.from_seed_bytes(bytes.fromhex(state["ml_dsa_44"]))
        signed.append((ML_DSA_44, private.sign(message)))
    publics = dict(public_keys(state))
    return [
        f"{MARK}{name} {encode(key_id(name, kind, publics[kind]) + at.to_bytes(8, 'big') + signature)}\n"
        for kind, signature in signed
    ]


def public_keys(state: State) -> list[tuple[int, bytes]]:
    """Return the halves that may be shown."""
    key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(state["ed25519"]))
    keys = [(ED25519, key.public_key().public_bytes_raw())]
    if HAS_ML_DSA:
        private = MLDSA44PrivateKey.from_seed_bytes(bytes.fromhex(state["ml_dsa_44"]))
        keys.append((ML_DSA_44, private.public_key().public_bytes_raw()))
    return keys


def key_id(name: str, kind: int, public: bytes) -> bytes:
    """Compute the 4 bytes by which a signature names a key."""
    return hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:4]


def show(state: State) -> list[str]:
    """Return the public keys, a line each, and how far each tree was seen."""
    name = state["name"]
    keys = [
        f"{name}+{key_id(name, kind, public).hex()}+{encode(bytes([kind]) + public)}"
        for kind, public in public_keys(state)
    ]
    trees = [f"{origin} size {one['size']} root {one['root']}" for origin, one in state["trees"].items()]
    return [*keys, *trees]


def read_vkey(vkey: str) -> tuple[str, bytes]:
    """Return name and key of the log."""
    name, _, rest = vkey.strip().partition("+")
    hinted, _, encoded = rest.partition("+")
    typed = decode(encoded)
    if len(typed) != 33 or typed[0] != LOG or key_id(name, LOG, typed[1:]).hex() != hinted:
        raise RefusedError("this is not the public key of a log (name+keyid+base64)")
    return name, typed[1:]


def read_state(path: Path) -> State:
    """Read the memory; without it there is no witness."""
    state = json.loads(path.read_text("utf-8"))
    if not isinstance(state, dict) or set(state) != {"name", "log", "ed25519", "ml_dsa_44", "trees"}:
        raise RefusedError("this is not the memory of a witness")
    return state


def write_state(path: Path, state: State) -> None:
    """Replace the memory in one step, and have it on disk before anything is said."""
    half = path.with_name(f"{path.name}.new")
    handle = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(state, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)


@contextlib.contextmanager
def alone(path: Path) -> Iterator[None]:
    """Let nobody else change the memory meanwhile: two at once could cosign two histories of one size."""
    if flock is None:
        yield
        return
    handle = os.open(path.with_name(f"{path.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        flock(handle, LOCK_EX | LOCK_NB)
        yield
    except BlockingIOError:
        raise RefusedError("this witness is at work already") from None
    finally:
        os.close(handle)


def draw() -> str:
    """Draw the seed of a key."""
    return os.urandom(32).hex()


def decode(text: str) -> bytes:
    """Read base64 in its one canonical form."""
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        raise RefusedError("this is not base64") from None
    if encode(data) != text:
        raise RefusedError("this is not canonical base64")
    return data


def encode(data: bytes) -> str:
    """Write base64."""
    return base64.b64encode(data).decode()


def main(arguments: list[str] | None = None) -> int:
    """Do one act and return the exit code."""
    parser = argparse.ArgumentParser(description="Witness a log on a machine of your own.")
    acts = parser.add_subparsers(dest="act", required=True)
    for name in ("init", "cosign", "show"):
        acts.add_parser(name).add_argument("state", type=Path)
    acts.choices["init"].add_argument("--name", required=True, help="your name, like a web address")
    acts.choices["init"].add_argument("--log", required=True, help="public key of the log: name+keyid+base64")
    acts.choices["cosign"].add_argument("submission", type=Path)
    options = parser.parse_args(arguments)
    try:
        if options.act == "cosign":
            print(cosign(options.state, options.submission.read_text("utf-8")), end="")
        elif options.act == "init":
            print("\n".join(show(init(options.state, options.name, options.log))))
        else:
            print("\n".join(show(read_state(options.state))))
    except RefusedError as error:
        print(f"REFUSED {error}", file=sys.stderr)
        return 1
    except (OSError, ValueError) as error:
        print(f"NOTHING DONE {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
