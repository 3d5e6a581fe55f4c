from __future__ import annotations

import pytest

from keys.protocol import dleq, sodium, voprf
from keys.protocol.errors import ProofError

CONTEXT = b"test"
SECRET, PUBLIC = voprf.generate_key_pair()
INPUTS = [voprf.generate_key_pair()[1] for _ in range(3)]
OUTPUTS = [sodium.multiply(SECRET, element) for element in INPUTS]


def forged_base(secret: bytes, nonce: bytes, statement: dleq.Statement) -> tuple[bytes, bytes]:
    """Choose the base after the challenge, so that a false proof would verify if the base were not hashed."""
    composite = dleq._sum(statement.weights(), statement.inputs)
    commitment = sodium.random_scalar()
    challenge = statement.challenge(
        composite,
        sodium.multiply(secret, composite),
        sodium.multiply_base(commitment),
        sodium.multiply(nonce, composite),
    )
    response = sodium.subtract_scalars(nonce, sodium.multiply_scalars(challenge, secret))
    remainder = sodium.add(
        sodium.multiply_base(commitment),
        sodium.multiply(
            sodium.subtract_scalars(bytes(32), challenge),
            statement.public,
        ),
    )
    return sodium.multiply(sodium.invert_scalar(response), remainder), challenge + response


def test_a_true_statement_is_proved_over_any_base() -> None:
    for base in (sodium.GENERATOR, INPUTS[0]):
        public = sodium.multiply(SECRET, base)
        statement = dleq.Statement(public, INPUTS, OUTPUTS, CONTEXT, base)
        dleq.verify(dleq.prove(SECRET, statement), statement)


def test_a_base_chosen_after_the_challenge_proves_nothing() -> None:
    unrelated = voprf.generate_key_pair()[1]
    nonce = sodium.random_scalar()
    base, proof = forged_base(SECRET, nonce, dleq.Statement(unrelated, INPUTS, OUTPUTS, CONTEXT))
    with pytest.raises(ProofError):
        dleq.verify(proof, dleq.Statement(unrelated, INPUTS, OUTPUTS, CONTEXT, base))


def test_a_proof_says_nothing_in_another_context() -> None:
    proof = dleq.prove(SECRET, dleq.Statement(PUBLIC, INPUTS, OUTPUTS, CONTEXT))
    with pytest.raises(ProofError):
        dleq.verify(proof, dleq.Statement(PUBLIC, INPUTS, OUTPUTS, b"other"))


def test_two_lies_that_cancel_out_in_a_plain_sum_are_found() -> None:
    shift = INPUTS[0]
    negative = sodium.multiply((sodium.ORDER - 1).to_bytes(32, "little"), shift)
    shifted = [sodium.add(OUTPUTS[0], shift), sodium.add(OUTPUTS[1], negative), OUTPUTS[2]]
    statement = dleq.Statement(PUBLIC, INPUTS, shifted, CONTEXT)
    with pytest.raises(ProofError):
        dleq.verify(dleq.prove(SECRET, statement), statement)


@pytest.mark.parametrize("proof", [b"", bytes(63), bytes(64), bytes(65), b"\xff" * 64])
def test_what_is_no_proof_is_refused(proof: bytes) -> None:
    with pytest.raises(ProofError):
        dleq.verify(proof, dleq.Statement(PUBLIC, INPUTS, OUTPUTS, CONTEXT))


def test_nothing_is_proved_about_nothing_or_about_unequal_numbers() -> None:
    proof = dleq.prove(SECRET, dleq.Statement(PUBLIC, INPUTS, OUTPUTS, CONTEXT))
    for inputs, outputs in (([], []), (INPUTS, OUTPUTS[:2]), (INPUTS[:2], OUTPUTS)):
        with pytest.raises(ProofError):
            dleq.verify(proof, dleq.Statement(PUBLIC, inputs, outputs, CONTEXT))
