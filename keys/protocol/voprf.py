"""Turn an identity into a pseudonym that nobody can compute alone: RFC 9497, VOPRF, ristretto255-SHA512.

The blinding scalar never leaves the party that drew it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha512

from keys.protocol import dleq, sodium
from keys.protocol.encoding import lp
from keys.protocol.errors import ProofError, ScalarError
from keys.protocol.hashing import hash_to_group, hash_to_scalar

PROOF_BATCH = 32
"""The composite weights of RFC 9497 depend on single elements only: a malicious holder's search for a
forgery gets easier with the batch, so the batch is capped."""

is_element = sodium.is_element

CONTEXT = b"OPRFV1-\x01-ristretto255-SHA512"


@dataclass(frozen=True, slots=True)
class Blinding:
    """A blinded input and the scalar that unblinds its evaluation; the scalar stays where it was drawn."""

    scalar: bytes = field(repr=False)
    element: bytes


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What a key holder answers: one element for each blinded one, one proof for each 32 of them."""

    elements: tuple[bytes, ...]
    proofs: tuple[bytes, ...]


def generate_key_pair() -> tuple[bytes, bytes]:
    """Draw a secret and compute its public key, 32 bytes each."""
    secret = sodium.random_scalar()
    return secret, sodium.multiply_base(secret)


def derive_key_pair(seed: bytes, info: bytes) -> tuple[bytes, bytes]:
    """Derive secret and public key from 32 secret bytes and a public label.

    Source:
        RFC 9497 3.2.1.
    """
    if len(seed) != 32:
        raise ScalarError
    for counter in range(256):
        message = seed + lp(info) + counter.to_bytes(1, "big")
        secret = hash_to_scalar(message, context=CONTEXT, prefix=b"DeriveKeyPair")
        if any(secret):
            return secret, sodium.multiply_base(secret)
    raise ScalarError


def blind(x: bytes) -> Blinding:
    """Hash an input to the group and hide it behind a fresh scalar."""
    return _blind(x, sodium.random_scalar())


def _blind(x: bytes, scalar: bytes) -> Blinding:
    return Blinding(scalar, sodium.multiply(scalar, hash_to_group(x, context=CONTEXT)))


def evaluate(secret: bytes, public: bytes, blinded: Sequence[bytes]) -> Evaluation:
    """Multiply every blinded element by the secret and prove it.

    Raises:
        ElementError: An element is not canonical, or is the identity.
    """
    return _evaluate(secret, public, blinded, nonce=None)


def _evaluate(secret: bytes, public: bytes, blinded: Sequence[bytes], *, nonce: bytes | None) -> Evaluation:
    elements = tuple(sodium.multiply(secret, element) for element in blinded)
    proofs = tuple(
        dleq._prove(
            secret,
            nonce or sodium.random_scalar(),
            dleq.Statement(public, given, made, CONTEXT),
        )
        for given, made in batches(blinded, elements)
    )
    return Evaluation(elements, proofs)


def verify(public: bytes, blinded: Sequence[bytes], evaluation: Evaluation) -> None:
    """Refuse an evaluation that the holder of the pinned key did not make of exactly these elements.

    Raises:
        ProofError: Whatever the reason.
    """
    pieces = list(batches(blinded, evaluation.elements))
    if len(blinded) != len(evaluation.elements) or len(pieces) != len(evaluation.proofs):
        raise ProofError
    for proof, (given, made) in zip(evaluation.proofs, pieces, strict=True):
        dleq.verify(proof, dleq.Statement(public, given, made, CONTEXT))


def batches(
    given: Sequence[bytes], made: Sequence[bytes]
) -> Iterator[tuple[Sequence[bytes], Sequence[bytes]]]:
    """Cut inputs and outputs into the pieces that carry one proof each."""
    for start in range(0, len(given), PROOF_BATCH):
        yield given[start : start + PROOF_BATCH], made[start : start + PROOF_BATCH]


def unblind(scalar: bytes, evaluated: bytes) -> bytes:
    """Take the blinding off a verified evaluation: the pseudonym `N`, 32 bytes."""
    return take_off(sodium.invert_scalar(scalar), evaluated)


def invert_blindings(blindings: Sequence[Blinding]) -> list[bytes]:
    """Return what takes each blinding off; as secret as its scalar, and for many cheaper than one by one."""
    return sodium.invert_scalars([blinding.scalar for blinding in blindings])


def take_off(inverse: bytes, evaluated: bytes) -> bytes:
    """Take the blinding of this inverse off a verified evaluation: the pseudonym `N`, 32 bytes."""
    return sodium.multiply(inverse, evaluated)


def finalize(x: bytes, scalar: bytes, evaluated: bytes) -> bytes:
    """Hash input and pseudonym to the 64-byte output of RFC 9497, which the hub does not use."""
    return sha512(lp(x, unblind(scalar, evaluated)) + b"Finalize").digest()
