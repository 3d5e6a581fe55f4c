"""Our log, judged by software that is not ours: npm's @sigstore/verify and PyPI's pymerkle."""

from __future__ import annotations

import json
import subprocess
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
from pymerkle import InmemoryTree

from tests.interop.test_noble import find_node
from tests.ledger.logs import SIGNER, WITNESS, MemoryLog, numbered

HERE = Path(__file__).parent


def entry(log: MemoryLog, number: int, **changes: Any) -> dict[str, Any]:
    """A proof as Sigstore's log gives it."""
    proof, head = log.proof(number, witness=WITNESS), log.checkpoint()
    return {
        "key": SIGNER.verifier.to_text(),
        "name": SIGNER.name,
        "leaf": b64encode(log.leaves[number]).decode(),
        "index": str(number),
        "size": str(head.size),
        "root": b64encode(head.root).decode(),
        "hashes": [b64encode(one).decode() for one in proof.hashes],
        "checkpoint": proof.checkpoint,
    } | changes


def judge(cases: list[dict[str, Any]]) -> list[str]:
    """Ask @sigstore/verify."""
    node = find_node()
    if node is None or not (HERE / "node_modules" / "@sigstore" / "verify").exists():
        pytest.fail("the JavaScript peers are not installed; run: make .venv/node", pytrace=False)
    done = subprocess.run(
        [node, str(HERE / "rekor.mjs")], input=json.dumps(cases), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    verdicts: list[str] = json.loads(done.stdout)
    return verdicts


@pytest.mark.parametrize("size", [1, 2, 7, 8, 300])
def test_sigstore_accepts_every_proof_of_our_log(size: int) -> None:
    log = numbered(size)
    step = max(1, size // 40)
    assert set(judge([entry(log, index) for index in range(0, size, step)])) == {"OK"}


def test_sigstore_refuses_what_was_changed() -> None:
    log, other = numbered(13), numbered(12)
    head = log.note(witness=WITNESS)
    changed = [
        entry(log, 5, leaf=b64encode(b"x").decode()),
        entry(log, 5, index="6"),
        entry(log, 5, hashes=entry(log, 6)["hashes"]),
        entry(log, 5, checkpoint=other.note()),
        entry(log, 5, checkpoint=head.replace("\n13\n", "\n14\n")),
        entry(log, 5, checkpoint=head.replace("2026h2\n13", "2026h1\n13")),
        entry(log, 5, key=WITNESS.keys[0].to_text()),
    ]
    verdicts = judge([entry(log, 5), *changed])
    assert verdicts[0] == "OK"
    assert "OK" not in verdicts[1:]


@pytest.mark.parametrize("size", [1, 2, 3, 255, 256, 257, 1_000])
def test_pymerkle_computes_the_same_roots(size: int) -> None:
    log, tree = numbered(size), InmemoryTree(algorithm="sha256")
    for leaf in log.leaves:
        tree.append_entry(leaf)
    for earlier in {1, size // 3 + 1, size}:
        assert tree.get_root(earlier) == log.checkpoint(earlier).root
