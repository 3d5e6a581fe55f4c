"""Speak the protocol with an implementation that is not ours, in both directions."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from keys.protocol import sodium, threshold, voprf
from keys.protocol.errors import ProofError
from keys.protocol.voprf import Evaluation

HERE = Path(__file__).parent
INPUTS = [b"person %d" % number for number in range(35)]
COUNTS = pytest.mark.parametrize("count", [1, 2, 32, 35])


class Peer:
    """The other implementation, as a process that answers one line for each line."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def __call__(self, act: str, **given: Any) -> dict[str, Any]:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps({"act": act, **given}) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer


def find_node() -> str | None:
    beside = Path(sys.executable).parent / "node"
    return str(beside) if beside.exists() else shutil.which("node")


@pytest.fixture(scope="module")
def peer() -> Iterator[Peer]:
    node = find_node()
    if node is None or not (HERE / "node_modules" / "@noble" / "curves").exists():
        pytest.fail("the JavaScript peers are not installed; run: make .venv/node", pytrace=False)
    with subprocess.Popen(
        [node, str(HERE / "peer.mjs")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield Peer(process)
        assert process.stdin
        process.stdin.close()
        assert process.wait(timeout=20) == 0


def hexes(parts: list[bytes] | tuple[bytes, ...]) -> list[str]:
    return [part.hex() for part in parts]


def parsed(parts: list[str]) -> list[bytes]:
    return [bytes.fromhex(part) for part in parts]


@COUNTS
def test_blinded_there_evaluated_here_verified_and_unblinded_there(peer: Peer, count: int) -> None:
    secret, public = voprf.generate_key_pair()
    inputs = INPUTS[:count]
    there = peer("blind", inputs=hexes(inputs))
    evaluation = voprf.evaluate(secret, public, parsed(there["blinded"]))
    finished = peer(
        "finish",
        public=public.hex(),
        inputs=hexes(inputs),
        elements=hexes(evaluation.elements),
        proofs=hexes(evaluation.proofs),
        **there,
    )
    expected = [pseudonym(secret, x) for x in inputs]
    assert parsed(finished["pseudonyms"]) == expected
    blindings = zip(inputs, parsed(there["scalars"]), evaluation.elements, strict=True)
    assert parsed(finished["outputs"]) == [voprf.finalize(*blinding) for blinding in blindings]


@COUNTS
def test_blinded_here_evaluated_there_verified_and_unblinded_here(peer: Peer, count: int) -> None:
    secret, public = voprf.generate_key_pair()
    blindings = [voprf.blind(x) for x in INPUTS[:count]]
    blinded = [blinding.element for blinding in blindings]
    there = peer("evaluate", secret=secret.hex(), public=public.hex(), blinded=hexes(blinded))
    evaluation = Evaluation(tuple(parsed(there["elements"])), tuple(parsed(there["proofs"])))
    voprf.verify(public, blinded, evaluation)
    found = [
        voprf.unblind(blinding.scalar, element)
        for blinding, element in zip(blindings, evaluation.elements, strict=True)
    ]
    assert found == [pseudonym(secret, x) for x in INPUTS[:count]]


def pseudonym(secret: bytes, x: bytes) -> bytes:
    blinding = voprf.blind(x)
    return voprf.unblind(blinding.scalar, sodium.multiply(secret, blinding.element))


def test_two_of_three_holders_of_which_one_is_the_other_implementation(peer: Peer) -> None:
    secret, _ = voprf.generate_key_pair()
    here, there, _ = threshold.split(secret, threshold=2, shares=3)
    blinding = voprf.blind(b"one")
    answer = peer(
        "evaluate", secret=there.secret.hex(), public=there.public.hex(), blinded=[blinding.element.hex()]
    )
    evaluations = {
        here.index: voprf.evaluate(here.secret, here.public, [blinding.element]),
        there.index: Evaluation(tuple(parsed(answer["elements"])), tuple(parsed(answer["proofs"]))),
    }
    publics = {share.index: share.public for share in (here, there)}
    assert threshold.find_liars(publics, [blinding.element], evaluations) == ()
    combined = threshold.combine({index: found.elements[0] for index, found in evaluations.items()})
    assert voprf.unblind(blinding.scalar, combined) == pseudonym(secret, b"one")


def test_both_derive_the_same_keys(peer: Peer) -> None:
    secret, public = voprf.derive_key_pair(bytes(range(32)), b"label")
    assert peer("derive", seed=bytes(range(32)).hex(), info=b"label".hex()) == {
        "secret": secret.hex(),
        "public": public.hex(),
    }


def test_each_refuses_the_other_s_false_proof(peer: Peer) -> None:
    secret, public = voprf.generate_key_pair()
    there = peer("blind", inputs=hexes(INPUTS[:1]))
    evaluation = voprf.evaluate(secret, public, parsed(there["blinded"]))
    other = voprf.generate_key_pair()[1]
    given = {"inputs": hexes(INPUTS[:1]), "proofs": hexes(evaluation.proofs), **there}
    assert "refused" in peer("finish", public=other.hex(), elements=hexes(evaluation.elements), **given)
    answer = peer("evaluate", secret=secret.hex(), public=public.hex(), blinded=there["blinded"])
    false = Evaluation(tuple(parsed(answer["elements"])), tuple(parsed(answer["proofs"])))
    with pytest.raises(ProofError):
        voprf.verify(other, parsed(there["blinded"]), false)


def test_both_refuse_bit_255_and_the_identity(peer: Peer) -> None:
    secret, public = voprf.generate_key_pair()
    element = voprf.blind(b"one").element
    for wrong in (element[:31] + bytes([element[31] | 0x80]), bytes(32)):
        assert not voprf.is_element(wrong)
        answer = peer("evaluate", secret=secret.hex(), public=public.hex(), blinded=[wrong.hex()])
        assert "refused" in answer
