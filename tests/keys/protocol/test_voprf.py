from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keys.protocol import voprf
from keys.protocol.errors import ElementError, ProofError, ScalarError
from keys.protocol.voprf import PROOF_BATCH, Evaluation

LAWS = settings(deadline=None, max_examples=30)
SECRET, PUBLIC = voprf.generate_key_pair()
INPUTS = st.lists(st.binary(max_size=64), min_size=1, max_size=4)


def evaluated(*inputs: bytes) -> tuple[list[bytes], Evaluation]:
    blinded = [voprf.blind(x).element for x in inputs]
    return blinded, voprf.evaluate(SECRET, PUBLIC, blinded)


def flipped(data: bytes, bit: int) -> bytes:
    bit %= len(data) * 8
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


@LAWS
@given(st.binary(max_size=512))
def test_one_input_gives_one_pseudonym_however_it_was_blinded(x: bytes) -> None:
    first, second = voprf.blind(x), voprf.blind(x)
    assert first.element != second.element
    evaluation = voprf.evaluate(SECRET, PUBLIC, [first.element, second.element])
    voprf.verify(PUBLIC, [first.element, second.element], evaluation)
    pseudonyms = {
        voprf.unblind(blinding.scalar, element)
        for blinding, element in zip((first, second), evaluation.elements, strict=True)
    }
    assert len(pseudonyms) == 1
    assert voprf.is_element(*pseudonyms)


def test_another_input_or_another_key_gives_another_pseudonym() -> None:
    other_secret, other_public = voprf.generate_key_pair()
    pseudonyms = set()
    for secret, public in ((SECRET, PUBLIC), (other_secret, other_public)):
        for x in (b"one", b"two"):
            blinding = voprf.blind(x)
            evaluation = voprf.evaluate(secret, public, [blinding.element])
            pseudonyms.add(voprf.unblind(blinding.scalar, evaluation.elements[0]))
    assert len(pseudonyms) == 4


@LAWS
@given(INPUTS, st.integers(0), st.data())
def test_a_flipped_bit_anywhere_never_verifies(inputs: list[bytes], bit: int, data: st.DataObject) -> None:
    blinded, evaluation = evaluated(*inputs)
    voprf.verify(PUBLIC, blinded, evaluation)
    at = data.draw(st.integers(0, len(inputs) - 1))
    elements = list(evaluation.elements)
    elements[at] = flipped(elements[at], bit)
    given_ = [*blinded]
    given_[at] = flipped(given_[at], bit)
    for public, asked, answer in (
        (flipped(PUBLIC, bit), blinded, evaluation),
        (PUBLIC, given_, evaluation),
        (PUBLIC, blinded, Evaluation(tuple(elements), evaluation.proofs)),
        (PUBLIC, blinded, Evaluation(evaluation.elements, (flipped(evaluation.proofs[0], bit),))),
    ):
        with pytest.raises(ProofError):
            voprf.verify(public, asked, answer)


def test_answers_in_another_order_do_not_verify() -> None:
    blinded, evaluation = evaluated(b"one", b"two")
    with pytest.raises(ProofError):
        voprf.verify(PUBLIC, blinded, Evaluation(evaluation.elements[::-1], evaluation.proofs))
    with pytest.raises(ProofError):
        voprf.verify(PUBLIC, blinded[::-1], evaluation)


def test_an_evaluation_with_another_key_does_not_verify() -> None:
    other_secret, other_public = voprf.generate_key_pair()
    blinded, _ = evaluated(b"one")
    for claimed in (PUBLIC, other_public):
        with pytest.raises(ProofError):
            voprf.verify(PUBLIC, blinded, voprf.evaluate(other_secret, claimed, blinded))


@pytest.mark.parametrize(("count", "proofs"), [(1, 1), (32, 1), (33, 2), (64, 2), (65, 3)])
def test_there_is_one_proof_for_every_32_elements(count: int, proofs: int) -> None:
    blinded, evaluation = evaluated(*(number.to_bytes(2, "big") for number in range(count)))
    assert len(evaluation.proofs) == proofs
    assert all(len(proof) == 64 for proof in evaluation.proofs)
    voprf.verify(PUBLIC, blinded, evaluation)
    for wrong in (evaluation.proofs[:-1], (*evaluation.proofs, evaluation.proofs[0])):
        with pytest.raises(ProofError):
            voprf.verify(PUBLIC, blinded, Evaluation(evaluation.elements, wrong))


def test_too_few_or_too_many_answers_do_not_verify() -> None:
    blinded, evaluation = evaluated(b"one", b"two")
    for elements in (evaluation.elements[:1], (*evaluation.elements, evaluation.elements[0]), ()):
        with pytest.raises(ProofError):
            voprf.verify(PUBLIC, blinded, Evaluation(elements, evaluation.proofs))


def test_an_answer_beyond_the_last_proof_does_not_verify() -> None:
    blinded, evaluation = evaluated(*(number.to_bytes(2, "big") for number in range(PROOF_BATCH)))
    elements = (*evaluation.elements, evaluation.elements[0])
    with pytest.raises(ProofError):
        voprf.verify(PUBLIC, blinded, Evaluation(elements, evaluation.proofs))


def test_one_lie_in_the_second_batch_is_found() -> None:
    blinded, evaluation = evaluated(*(number.to_bytes(2, "big") for number in range(PROOF_BATCH + 2)))
    elements = (*evaluation.elements[:-1], evaluation.elements[0])
    with pytest.raises(ProofError):
        voprf.verify(PUBLIC, blinded, Evaluation(elements, evaluation.proofs))


def test_proofs_over_the_same_elements_share_nothing() -> None:
    blinded, evaluation = evaluated(b"one")
    again = voprf.evaluate(SECRET, PUBLIC, blinded)
    assert again.elements == evaluation.elements
    assert again.proofs[0][:32] != evaluation.proofs[0][:32]
    assert again.proofs[0][32:] != evaluation.proofs[0][32:]


def test_an_element_in_a_batch_that_is_none_refuses_the_batch() -> None:
    blinded, _ = evaluated(b"one")
    with pytest.raises(ElementError):
        voprf.evaluate(SECRET, PUBLIC, [*blinded, bytes(32)])


def test_a_seed_of_another_length_is_refused() -> None:
    with pytest.raises(ScalarError):
        voprf.derive_key_pair(bytes(31), b"")


def test_secrets_do_not_show_when_printed() -> None:
    blinding = voprf.blind(b"one")
    assert "scalar" not in repr(blinding)
    assert repr(blinding.scalar) not in repr(blinding)
