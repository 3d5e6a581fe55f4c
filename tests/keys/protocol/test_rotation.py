from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keys.protocol import rotation, sodium, threshold, voprf
from keys.protocol.errors import ElementError, ProofError, RotationError
from keys.protocol.voprf import Evaluation

LAWS = settings(deadline=None, max_examples=20)
OLD, OLD_PUBLIC = voprf.generate_key_pair()
NEW, NEW_PUBLIC = voprf.generate_key_pair()
DELTA = rotation.delta(OLD, NEW)


def pseudonym(secret: bytes, x: bytes) -> bytes:
    blinding = voprf.blind(x)
    return voprf.unblind(blinding.scalar, sodium.multiply(secret, blinding.element))


def stored(count: int) -> list[bytes]:
    return [pseudonym(OLD, b"person %d" % number) for number in range(count)]


@LAWS
@given(st.lists(st.binary(max_size=16), min_size=1, max_size=4))
def test_rotating_what_was_stored_is_evaluating_again_under_the_new_key(inputs: list[bytes]) -> None:
    rotation.check_delta(DELTA, OLD_PUBLIC, NEW_PUBLIC)
    moved = rotation.rotate([pseudonym(OLD, x) for x in inputs], DELTA)
    assert moved == [pseudonym(NEW, x) for x in inputs]


def test_rotating_twice_is_rotating_once_by_the_product_and_back_again() -> None:
    third, _ = voprf.generate_key_pair()
    elements = stored(3)
    twice = rotation.rotate(rotation.rotate(elements, DELTA), rotation.delta(NEW, third))
    assert twice == rotation.rotate(elements, rotation.delta(OLD, third))
    assert rotation.rotate(twice, rotation.delta(third, OLD)) == elements


def test_a_wrong_step_between_keys_is_refused() -> None:
    other, other_public = voprf.generate_key_pair()
    for scalar, old, new in (
        (DELTA, NEW_PUBLIC, OLD_PUBLIC),
        (DELTA, OLD_PUBLIC, other_public),
        (other, OLD_PUBLIC, NEW_PUBLIC),
        (bytes(32), OLD_PUBLIC, NEW_PUBLIC),
        (DELTA, bytes(32), NEW_PUBLIC),
    ):
        with pytest.raises(RotationError):
            rotation.check_delta(scalar, old, new)


def test_the_blinded_update_gives_the_same_as_rotation_and_shows_the_holder_nothing_stored() -> None:
    elements = stored(34)
    blindings = rotation.blind_update(elements)
    blinded = [blinding.element for blinding in blindings]
    assert not set(blinded) & set(elements)
    update = rotation.evaluate_update(DELTA, OLD_PUBLIC, NEW_PUBLIC, blinded)
    assert len(update.proofs) == 2
    rotation.verify_update(OLD_PUBLIC, NEW_PUBLIC, blinded, update)
    assert rotation.finish_update(blindings, update.elements) == rotation.rotate(elements, DELTA)


def test_the_same_pseudonym_twice_is_blinded_differently() -> None:
    (element,) = stored(1)
    first, second = rotation.blind_update([element, element])
    assert first.element != second.element


def test_a_blinded_update_by_two_of_three_holders_gives_the_same_as_rotation() -> None:
    elements = stored(3)
    blindings = rotation.blind_update(elements)
    blinded = [blinding.element for blinding in blindings]
    shares = threshold.split(DELTA, threshold=2, shares=3)
    steps = {share.index: sodium.multiply(share.secret, OLD_PUBLIC) for share in shares}
    threshold.check_shares(NEW_PUBLIC, steps, 2)
    updates = {
        share.index: rotation.evaluate_update(share.secret, OLD_PUBLIC, steps[share.index], blinded)
        for share in shares[1:]
    }
    for index, update in updates.items():
        rotation.verify_update(OLD_PUBLIC, steps[index], blinded, update)
    combined = [
        threshold.combine({index: update.elements[at] for index, update in updates.items()})
        for at in range(len(elements))
    ]
    assert rotation.finish_update(blindings, combined) == rotation.rotate(elements, DELTA)


@LAWS
@given(st.integers(0, 255), st.integers(0, 511))
def test_a_changed_update_never_verifies(element_bit: int, proof_bit: int) -> None:
    blinded = [blinding.element for blinding in rotation.blind_update(stored(2))]
    update = rotation.evaluate_update(DELTA, OLD_PUBLIC, NEW_PUBLIC, blinded)
    element, proof = bytearray(update.elements[0]), bytearray(update.proofs[0])
    element[element_bit // 8] ^= 1 << element_bit % 8
    proof[proof_bit // 8] ^= 1 << proof_bit % 8
    for old, new, asked, answer in (
        (NEW_PUBLIC, NEW_PUBLIC, blinded, update),
        (OLD_PUBLIC, OLD_PUBLIC, blinded, update),
        (OLD_PUBLIC, NEW_PUBLIC, blinded[::-1], update),
        (OLD_PUBLIC, NEW_PUBLIC, blinded[:1], update),
        (OLD_PUBLIC, NEW_PUBLIC, blinded, Evaluation(update.elements, ())),
        (OLD_PUBLIC, NEW_PUBLIC, blinded, Evaluation((bytes(element), update.elements[1]), update.proofs)),
        (OLD_PUBLIC, NEW_PUBLIC, blinded, Evaluation(update.elements, (bytes(proof),))),
    ):
        with pytest.raises(ProofError):
            rotation.verify_update(old, new, asked, answer)


def test_an_answer_beyond_the_last_proof_does_not_verify() -> None:
    blinded = [blinding.element for blinding in rotation.blind_update(stored(32))]
    update = rotation.evaluate_update(DELTA, OLD_PUBLIC, NEW_PUBLIC, blinded)
    longer = Evaluation((*update.elements, update.elements[0]), update.proofs)
    with pytest.raises(ProofError):
        rotation.verify_update(OLD_PUBLIC, NEW_PUBLIC, blinded, longer)


def test_proofs_of_the_same_update_share_nothing() -> None:
    # Two proofs with one nonce give away the scalar.
    blinded = [blinding.element for blinding in rotation.blind_update(stored(1))]
    first, second = (
        rotation.evaluate_update(DELTA, OLD_PUBLIC, NEW_PUBLIC, blinded).proofs[0] for _ in range(2)
    )
    assert first[:32] != second[:32]
    assert first[32:] != second[32:]


def test_a_holder_does_not_update_with_a_scalar_that_is_not_the_step() -> None:
    blinded = [blinding.element for blinding in rotation.blind_update(stored(1))]
    with pytest.raises(RotationError):
        rotation.evaluate_update(OLD, OLD_PUBLIC, NEW_PUBLIC, blinded)


def test_an_evaluation_s_proof_is_no_proof_of_an_update() -> None:
    blinded = [blinding.element for blinding in rotation.blind_update(stored(1))]
    evaluation = voprf.evaluate(OLD, OLD_PUBLIC, blinded)
    with pytest.raises(ProofError):
        rotation.verify_update(sodium.GENERATOR, OLD_PUBLIC, blinded, evaluation)


def test_a_row_that_is_no_element_is_refused() -> None:
    with pytest.raises(ElementError):
        rotation.rotate([*stored(1), bytes(32)], DELTA)
