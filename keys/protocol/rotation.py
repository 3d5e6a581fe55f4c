"""Move stored pseudonyms to a new key without asking the partners anything."""

from __future__ import annotations

from collections.abc import Sequence

from keys.protocol import dleq, sodium
from keys.protocol.errors import ElementError, ProofError, RotationError, ScalarError
from keys.protocol.voprf import Blinding, Evaluation, batches, unblind

CONTEXT = b"dat-hub/rotation/v1"


def delta(old_secret: bytes, new_secret: bytes) -> bytes:
    """Compute the scalar that turns pseudonyms under the old key into pseudonyms under the new one.

    Whoever has it beside an old backup links old and new: destroy it with the old key.
    """
    sodium.require_scalar(new_secret)
    return sodium.multiply_scalars(new_secret, sodium.invert_scalar(old_secret))


def check_delta(scalar: bytes, old_public: bytes, new_public: bytes) -> None:
    """Refuse a scalar that does not lead from the old public key to the new one."""
    try:
        reached = sodium.multiply(scalar, old_public)
    except (ElementError, ScalarError):
        raise RotationError from None
    if reached != new_public:
        raise RotationError


def rotate(elements: Sequence[bytes], scalar: bytes) -> list[bytes]:
    """Move pseudonyms to the new key, in the order given."""
    return [sodium.multiply(scalar, element) for element in elements]


def blind_update(elements: Sequence[bytes]) -> list[Blinding]:
    """Hide stored pseudonyms behind a fresh scalar each, before they go to the holders.

    Source:
        protocol.md, 5: after a compromise of the key, the scalar between old and new must not reach the hub.
    """
    scalars = [sodium.random_scalar() for _ in elements]
    return [
        Blinding(scalar, sodium.multiply(scalar, element))
        for scalar, element in zip(scalars, elements, strict=True)
    ]


def evaluate_update(
    scalar: bytes, old_public: bytes, new_public: bytes, blinded: Sequence[bytes]
) -> Evaluation:
    """Move blinded pseudonyms to the new key and prove that the scalar is the one between the two keys.

    With shared keys the scalar is a share of it (`threshold.split`), and the new public key the scalar share
    times the old public key.
    """
    check_delta(scalar, old_public, new_public)
    elements = tuple(rotate(blinded, scalar))
    statements = _statements(old_public, new_public, blinded, elements)
    return Evaluation(elements, tuple(dleq.prove(scalar, statement) for statement in statements))


def verify_update(old_public: bytes, new_public: bytes, blinded: Sequence[bytes], update: Evaluation) -> None:
    """Refuse an update that was not made with the scalar between the two keys.

    Raises:
        ProofError: Whatever the reason.
    """
    if len(blinded) != len(update.elements):
        raise ProofError
    statements = _statements(old_public, new_public, blinded, update.elements)
    if len(statements) != len(update.proofs):
        raise ProofError
    for proof, statement in zip(update.proofs, statements, strict=True):
        dleq.verify(proof, statement)


def _statements(
    old_public: bytes, new_public: bytes, given: Sequence[bytes], made: Sequence[bytes]
) -> list[dleq.Statement]:
    """State the rotation in batches, with the old key as the base."""
    return [
        dleq.Statement(new_public, part, result, CONTEXT, old_public) for part, result in batches(given, made)
    ]


def finish_update(blindings: Sequence[Blinding], elements: Sequence[bytes]) -> list[bytes]:
    """Take the blinding off verified (and, with shared keys, combined) updates: the pseudonyms, moved."""
    return [unblind(blinding.scalar, element) for blinding, element in zip(blindings, elements, strict=True)]
