from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keys.protocol import sodium, threshold, voprf
from keys.protocol.errors import ElementError, ThresholdError
from keys.protocol.voprf import Evaluation

LAWS = settings(deadline=None, max_examples=20)
SECRET, PUBLIC = voprf.generate_key_pair()
SIZES = st.integers(1, 6).flatmap(lambda shares: st.tuples(st.integers(1, shares), st.just(shares)))


@LAWS
@given(SIZES, st.binary(max_size=16))
def test_any_threshold_of_the_shares_give_the_element_of_the_whole_key(
    sizes: tuple[int, int], x: bytes
) -> None:
    needed, count = sizes
    blinding = voprf.blind(x)
    whole = voprf.evaluate(SECRET, PUBLIC, [blinding.element]).elements[0]
    shares = threshold.split(SECRET, threshold=needed, shares=count)
    threshold.check_shares(PUBLIC, {share.index: share.public for share in shares}, needed)
    parts = {share.index: sodium.multiply(share.secret, blinding.element) for share in shares}
    for chosen in combinations(parts, needed):
        assert threshold.combine({index: parts[index] for index in chosen}) == whole
    if needed > 1:
        for chosen in combinations(parts, needed - 1):
            assert threshold.combine({index: parts[index] for index in chosen}) != whole


def test_two_of_three_holders_make_a_pseudonym_end_to_end() -> None:
    shares = threshold.split(SECRET, threshold=2, shares=3)
    blindings = [voprf.blind(b"person %d" % number) for number in range(40)]
    blinded = [blinding.element for blinding in blindings]
    alone = voprf.evaluate(SECRET, PUBLIC, blinded).elements
    expected = [voprf.unblind(b.scalar, element) for b, element in zip(blindings, alone, strict=True)]
    for pair in combinations(shares, 2):
        answers = {share.index: voprf.evaluate(share.secret, share.public, blinded) for share in pair}
        for share in pair:
            voprf.verify(share.public, blinded, answers[share.index])
        pseudonyms = [
            voprf.unblind(
                blinding.scalar,
                threshold.combine({index: answer.elements[at] for index, answer in answers.items()}),
            )
            for at, blinding in enumerate(blindings)
        ]
        assert pseudonyms == expected


def test_one_of_one_is_the_key_itself() -> None:
    (share,) = threshold.split(SECRET, threshold=1, shares=1)
    assert (share.index, share.secret, share.public) == (1, SECRET, PUBLIC)
    assert threshold.lagrange([1]) == {1: (1).to_bytes(32, "little")}


@LAWS
@given(st.sets(st.integers(1, 255), min_size=1, max_size=8), st.lists(st.integers(), min_size=1, max_size=8))
def test_the_weights_read_a_polynomial_at_zero(indexes: set[int], coefficients: list[int]) -> None:
    coefficients = coefficients[: len(indexes)]
    total = sum(
        int.from_bytes(weight, "little") * sum(c * index**power for power, c in enumerate(coefficients))
        for index, weight in threshold.lagrange(indexes).items()
    )
    assert total % sodium.ORDER == coefficients[0] % sodium.ORDER


def test_a_lying_holder_is_named() -> None:
    shares = threshold.split(SECRET, threshold=2, shares=4)
    publics = {share.index: share.public for share in shares}
    blinded = [voprf.blind(b"one").element]
    answers = {share.index: voprf.evaluate(share.secret, share.public, blinded) for share in shares}
    assert threshold.find_liars(publics, blinded, answers) == ()
    swapped = {**answers, 2: answers[3], 4: Evaluation((bytes(32),), answers[4].proofs)}
    assert threshold.find_liars(publics, blinded, swapped) == (2, 4)
    assert threshold.find_liars(publics, blinded, {9: answers[1]}) == (9,)


@LAWS
@given(SIZES.filter(lambda sizes: sizes[0] < sizes[1]), st.data())
def test_one_share_of_another_dealing_is_found_wherever_it_lies(
    sizes: tuple[int, int], data: st.DataObject
) -> None:
    needed, count = sizes
    publics = {s.index: s.public for s in threshold.split(SECRET, threshold=needed, shares=count)}
    wrong = data.draw(st.integers(1, count))
    publics[wrong] = voprf.generate_key_pair()[1]
    with pytest.raises(ThresholdError):
        threshold.check_shares(PUBLIC, publics, needed)


def test_shares_of_two_dealings_of_one_key_are_found_mixed() -> None:
    first, second = (threshold.split(SECRET, threshold=2, shares=3) for _ in range(2))
    mixed = {1: first[0].public, 2: first[1].public, 3: second[2].public}
    with pytest.raises(ThresholdError):
        threshold.check_shares(PUBLIC, mixed, 2)


def test_a_dealing_needing_more_shares_than_said_or_of_another_key_is_refused() -> None:
    publics = {s.index: s.public for s in threshold.split(SECRET, threshold=3, shares=4)}
    threshold.check_shares(PUBLIC, publics, 3)
    for public, needed in ((PUBLIC, 2), (PUBLIC, 1), (voprf.generate_key_pair()[1], 3), (bytes(32), 3)):
        with pytest.raises(ThresholdError):
            threshold.check_shares(public, publics, needed)


@pytest.mark.parametrize(("needed", "count"), [(0, 1), (2, 1), (1, 256), (-1, 3), (1, 0)])
def test_impossible_sharings_are_refused(needed: int, count: int) -> None:
    with pytest.raises(ThresholdError):
        threshold.split(SECRET, threshold=needed, shares=count)


@pytest.mark.parametrize("indexes", [[], [0, 1], [1, 256], [1, 1], [-1]])
def test_impossible_numbers_of_holders_are_refused(indexes: list[int]) -> None:
    with pytest.raises(ThresholdError):
        threshold.lagrange(indexes)


@pytest.mark.parametrize("needed", [0, -1, 4])
def test_shares_that_cannot_reach_their_threshold_are_refused(needed: int) -> None:
    publics = {s.index: s.public for s in threshold.split(SECRET, threshold=1, shares=3)}
    with pytest.raises(ThresholdError):
        threshold.check_shares(PUBLIC, publics, needed)


def test_a_public_share_that_is_no_element_is_refused() -> None:
    for publics in ({1: bytes(32)}, {1: PUBLIC, 2: b"\xff" * 32}):
        with pytest.raises(ThresholdError):
            threshold.check_shares(PUBLIC, publics, len(publics))


def test_nothing_combines_to_nothing() -> None:
    with pytest.raises(ThresholdError):
        threshold.combine({})
    with pytest.raises(ElementError):
        threshold.combine({1: bytes(32)})


def test_a_share_s_secret_does_not_show_when_printed() -> None:
    (share,) = threshold.split(SECRET, threshold=1, shares=1)
    assert "secret" not in repr(share)
