"""Prove that one secret turned a base into a public key and every input into its output.

Source: RFC 9497 2.2.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from hashlib import sha512

from keys.protocol import sodium
from keys.protocol.encoding import lp
from keys.protocol.errors import ElementError, ProofError, ScalarError
from keys.protocol.hashing import hash_to_scalar

PROOF_BYTES = 64


@dataclass(frozen=True, slots=True)
class Statement:
    """What is proved: one secret makes `public` of `base`, and each output of its input."""

    public: bytes
    inputs: Sequence[bytes]
    outputs: Sequence[bytes]
    context: bytes
    base: bytes = sodium.GENERATOR

    @property
    def tag(self) -> bytes:
        """The context, with any base but the generator: the RFC's transcript leaves the base out.

        Whoever may choose the base after the challenge proves what is not so.
        """
        return self.context if self.base == sodium.GENERATOR else self.context + self.base

    def weights(self) -> list[bytes]:
        """Compute the weight of every pair in the composites."""
        seed = lp(sha512(lp(self.public, b"Seed-" + self.tag)).digest())
        return [
            hash_to_scalar(seed + index.to_bytes(2, "big") + lp(given, made) + b"Composite", context=self.tag)
            for index, (given, made) in enumerate(zip(self.inputs, self.outputs, strict=True))
        ]

    def times_base(self, scalar: bytes) -> bytes:
        """Multiply the base; the generator has a faster way."""
        if self.base == sodium.GENERATOR:
            return sodium.multiply_base(scalar)
        return sodium.multiply(scalar, self.base)

    def challenge(self, *elements: bytes) -> bytes:
        """Hash the composites and commitments to the challenge."""
        return hash_to_scalar(lp(self.public, *elements) + b"Challenge", context=self.tag)


def _sum(weights: Sequence[bytes], elements: Sequence[bytes]) -> bytes:
    return reduce(sodium.add, map(sodium.multiply, weights, elements))


def prove(secret: bytes, statement: Statement) -> bytes:
    """Prove the statement with a fresh nonce.

    Returns:
        64 bytes: challenge, then response. Shows nothing of the secret.
    """
    return _prove(secret, sodium.random_scalar(), statement)


def _prove(secret: bytes, nonce: bytes, statement: Statement) -> bytes:
    composite = _sum(statement.weights(), statement.inputs)
    challenge = statement.challenge(
        composite,
        sodium.multiply(secret, composite),
        statement.times_base(nonce),
        sodium.multiply(nonce, composite),
    )
    return challenge + sodium.subtract_scalars(nonce, sodium.multiply_scalars(challenge, secret))


def verify(proof: bytes, statement: Statement) -> None:
    """Refuse a proof, or elements, that the secret behind the public key did not make.

    Raises:
        ProofError: Whatever the reason.
    """
    if len(proof) != PROOF_BYTES or not statement.inputs or len(statement.inputs) != len(statement.outputs):
        raise ProofError
    try:
        expected = _expected_challenge(proof[:32], proof[32:], statement)
    except (ElementError, ScalarError):
        raise ProofError from None
    if expected != proof[:32]:
        raise ProofError


def _expected_challenge(challenge: bytes, response: bytes, statement: Statement) -> bytes:
    weights = statement.weights()
    given, made = _sum(weights, statement.inputs), _sum(weights, statement.outputs)
    commitment = sodium.add(statement.times_base(response), sodium.multiply(challenge, statement.public))
    second = sodium.add(sodium.multiply(response, given), sodium.multiply(challenge, made))
    return statement.challenge(given, made, commitment, second)
