"""The test vectors of RFC 9497 A.1 for ristretto255-SHA512: all modes, batches included.

The product uses mode 1 only; modes 0 and 2 are written out here over the same group, hashes and proofs.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha512
from pathlib import Path
from typing import Any

import pytest

from keys.protocol import dleq, sodium, voprf
from keys.protocol.encoding import lp
from keys.protocol.hashing import hash_to_group, hash_to_scalar

# As published with the RFC, by the working group.
PATH = Path(__file__).with_name("rfc9497-ristretto255-sha512.json")
OPRF, VOPRF, POPRF = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Vector:
    mode: int
    context: bytes
    seed: bytes
    key_info: bytes
    secret: bytes
    public: bytes
    inputs: list[bytes]
    blinds: list[bytes]
    blinded: list[bytes]
    evaluated: list[bytes]
    outputs: list[bytes]
    info: bytes
    proof: bytes
    nonce: bytes


def several(joined: str) -> list[bytes]:
    return [bytes.fromhex(part) for part in joined.split(",")]


def vector(group: dict[str, Any], found: dict[str, Any]) -> Vector:
    proof = found.get("Proof", {"proof": "", "r": ""})
    return Vector(
        mode=group["mode"],
        context=bytes.fromhex(group["groupDST"]).removeprefix(b"HashToGroup-"),
        seed=bytes.fromhex(group["seed"]),
        key_info=bytes.fromhex(group["keyInfo"]),
        secret=bytes.fromhex(group["skSm"]),
        public=bytes.fromhex(group.get("pkSm", "")),
        inputs=several(found["Input"]),
        blinds=several(found["Blind"]),
        blinded=several(found["BlindedElement"]),
        evaluated=several(found["EvaluationElement"]),
        outputs=several(found["Output"]),
        info=bytes.fromhex(found.get("Info", "")),
        proof=bytes.fromhex(proof["proof"]),
        nonce=bytes.fromhex(proof["r"]),
    )


def vectors() -> Iterator[Vector]:
    for group in json.loads(PATH.read_text()):
        for found in group["vectors"]:
            yield vector(group, found)


ALL = list(vectors())
EVERY = pytest.mark.parametrize(
    "case", ALL, ids=[f"mode{case.mode}-batch{len(case.inputs)}-{number}" for number, case in enumerate(ALL)]
)
VERIFIABLE = pytest.mark.parametrize("case", [case for case in ALL if case.mode == VOPRF])


def test_all_eight_vectors_are_there() -> None:
    assert [(case.mode, len(case.inputs)) for case in ALL] == [
        (OPRF, 1),
        (OPRF, 1),
        (VOPRF, 1),
        (VOPRF, 1),
        (VOPRF, 2),
        (POPRF, 1),
        (POPRF, 1),
        (POPRF, 2),
    ]


@VERIFIABLE
def test_a_verifiable_vector_comes_out_byte_for_byte(case: Vector) -> None:
    assert case.context == voprf.CONTEXT
    assert voprf.derive_key_pair(case.seed, case.key_info) == (case.secret, case.public)
    blindings = [voprf._blind(x, scalar) for x, scalar in zip(case.inputs, case.blinds, strict=True)]
    assert [blinding.element for blinding in blindings] == case.blinded
    evaluation = voprf._evaluate(case.secret, case.public, case.blinded, nonce=case.nonce)
    assert evaluation == voprf.Evaluation(tuple(case.evaluated), (case.proof,))
    voprf.verify(case.public, case.blinded, evaluation)
    assert [
        voprf.finalize(x, scalar, element)
        for x, scalar, element in zip(case.inputs, case.blinds, case.evaluated, strict=True)
    ] == case.outputs


def tweak(case: Vector) -> bytes:
    return hash_to_scalar(b"Info" + lp(case.info), context=case.context)


def multiplier(case: Vector) -> bytes:
    """What the server multiplies with: its key, or in mode 2 the inverse of its tweaked key."""
    if case.mode != POPRF:
        return case.secret
    return sodium.invert_scalar(sodium.add_scalars(case.secret, tweak(case)))


def output(case: Vector, x: bytes, pseudonym: bytes) -> bytes:
    info = [case.info] if case.mode == POPRF else []
    return sha512(lp(x, *info, pseudonym) + b"Finalize").digest()


@EVERY
def test_every_mode_s_elements_and_outputs_come_out(case: Vector) -> None:
    derived = hash_to_scalar(
        case.seed + lp(case.key_info) + b"\0", context=case.context, prefix=b"DeriveKeyPair"
    )
    assert derived == case.secret
    for number, (x, scalar) in enumerate(zip(case.inputs, case.blinds, strict=True)):
        blinded = sodium.multiply(scalar, hash_to_group(x, context=case.context))
        assert blinded == case.blinded[number]
        assert sodium.multiply(multiplier(case), blinded) == case.evaluated[number]
        pseudonym = voprf.unblind(scalar, case.evaluated[number])
        assert output(case, x, pseudonym) == case.outputs[number]


@pytest.mark.parametrize("case", [case for case in ALL if case.mode == POPRF])
def test_a_proof_over_a_tweaked_key_comes_out(case: Vector) -> None:
    tweaked = sodium.add(sodium.multiply_base(tweak(case)), case.public)
    secret = sodium.add_scalars(case.secret, tweak(case))
    statement = dleq.Statement(tweaked, case.evaluated, case.blinded, case.context)
    assert dleq._prove(secret, case.nonce, statement) == case.proof
    dleq.verify(case.proof, statement)
