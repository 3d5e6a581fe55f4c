from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keys.protocol import rotation, sodium, threshold, voprf
from keys.protocol.errors import ElementError, ProofError, ScalarError
from keys.protocol.hashing import hash_to_group

LAWS = settings(deadline=None, max_examples=100)
FIELD = 2**255 - 19
ROOT = Path(__file__).parents[3]

# RFC 9496 A.3: every reason for which an encoding is no element.
BAD_ENCODINGS = [
    "00ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "f3ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "01ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "ed57ffd8c914fb201471d1c3d245ce3c746fcbe63a3679d51b6a516ebebe0e20",
    "c34c4e1826e5d403b78e246e88aa051c36ccf0aafebffe137d148a2bf9104562",
    "c940e5a4404157cfb1628b108db051a8d439e1a421394ec4ebccb9ec92a8ac78",
    "47cfc5497c53dc8e61c91d17fd626ffb1c49e2bca94eed052281b510b1117a24",
    "f1c6165d33367351b0da8f6e4511010c68174a03b6581212c71c0e1d026c3c72",
    "87260f7a2f12495118360f02c26a470f450dadf34a413d21042b43b9d93e1309",
    "26948d35ca62e643e26a83177332e6b6afeb9d08e4268b650f1f5bbd8d81d371",
    "4eac077a713c57b4f4397629a4145982c661f48044dd3f96427d40b147d9742f",
    "de6a7b00deadc788eb6b6c8d20c0ae96c2f2019078fa604fee5b87d6e989ad7c",
    "bcab477be20861e01e4a0e295284146a510150d9817763caf1a6f4b422d67042",
    "2a292df7e32cababbd9de088d1d1abec9fc0440f637ed2fba145094dc14bea08",
    "f4a9e534fc0d216c44b218fa0c42d99635a0127ee2e53c712f70609649fdff22",
    "8268436f8c4126196cf64b3c7ddbda90746a378625f9813dd9b8457077256731",
    "2810e5cbc2cc4d4eece54f61c6f69758e289aa7ab440b3cbeaa21995c2f4232b",
    "3eb858e78f5a7254d8c9731174a94f76755fd3941c0ac93735c07ba14579630e",
    "a45fdc55c76448c049a1ab33f17023edfb2be3581e9c7aade8a6125215e04220",
    "d483fe813c6ba647ebbfd3ec41adca1c6130c2beeee9d9bf065c8d151c5f396e",
    "8a2e1d30050198c65a54483123960ccc38aef6848e1ec8f5f780e8523769ba32",
    "32888462f8b486c68ad7dd9610be5192bbeaf3b443951ac1a8118419d9fa097b",
    "227142501b9d4355ccba290404bde41575b037693cef1f438c47f8fbf35d1165",
    "5c37cc491da847cfeb9281d407efc41e15144c876e0170b499a96a22ed31e01e",
    "445425117cb8c90edcbc7c1cc0e74f747f2c1efa5630a967c64f287792a48a4b",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
]

SCALAR = (7).to_bytes(32, "little")
OTHER = sodium.multiply_base(SCALAR)

# Everything that takes an element from outside.
TAKES_AN_ELEMENT: list[Callable[[bytes], object]] = [
    sodium.require_element,
    lambda element: sodium.multiply(SCALAR, element),
    lambda element: sodium.add(element, OTHER),
    lambda element: sodium.add(OTHER, element),
    lambda element: voprf.evaluate(SCALAR, OTHER, [element]),
    lambda element: voprf.unblind(SCALAR, element),
    lambda element: threshold.combine({1: element}),
    lambda element: threshold.combine({1: element, 2: OTHER}),
    lambda element: rotation.rotate([element], SCALAR),
    lambda element: rotation.blind_update([element]),
]


def refused_everywhere(encoded: bytes) -> None:
    assert not sodium.is_element(encoded)
    for takes in TAKES_AN_ELEMENT:
        with pytest.raises(ElementError):
            takes(encoded)
    evaluation = voprf.evaluate(SCALAR, OTHER, [OTHER])
    for given_, found in (
        ([encoded], evaluation),
        ([OTHER], voprf.Evaluation((encoded,), evaluation.proofs)),
    ):
        with pytest.raises(ProofError):
            voprf.verify(OTHER, given_, found)


@st.composite
def elements(draw: st.DrawFn) -> bytes:
    return hash_to_group(draw(st.binary(max_size=8)), context=b"test")


@pytest.mark.parametrize("encoded", BAD_ENCODINGS)
def test_every_bad_encoding_of_the_rfc_is_refused_everywhere(encoded: str) -> None:
    refused_everywhere(bytes.fromhex(encoded))


def test_the_identity_is_refused_everywhere() -> None:
    refused_everywhere(bytes(32))


@pytest.mark.parametrize("length", [0, 1, 31, 33, 64])
def test_a_wrong_length_is_refused_everywhere(length: int) -> None:
    refused_everywhere((OTHER * 2)[:length])


@LAWS
@given(elements())
def test_an_element_has_no_second_encoding_with_bit_255(element: bytes) -> None:
    refused_everywhere(element[:31] + bytes([element[31] | 0x80]))


@LAWS
@given(elements())
def test_an_element_has_no_second_encoding_beyond_the_field_or_with_the_other_sign(element: bytes) -> None:
    number = int.from_bytes(element, "little")
    refused_everywhere((number + FIELD).to_bytes(32, "little"))
    refused_everywhere((FIELD - number).to_bytes(32, "little"))


@LAWS
@given(elements(), elements())
def test_what_is_computed_is_an_element(left: bytes, right: bytes) -> None:
    assert sodium.is_element(left)
    assert sodium.is_element(sodium.multiply(SCALAR, left))
    if left != right:
        assert sodium.is_element(sodium.add(left, right))


def test_a_sum_that_is_the_identity_is_refused() -> None:
    negative = sodium.multiply_base((sodium.ORDER - 7).to_bytes(32, "little"))
    with pytest.raises(ElementError):
        sodium.add(OTHER, negative)


@pytest.mark.parametrize(
    "scalar",
    [
        bytes(32),
        sodium.ORDER.to_bytes(32, "little"),
        (sodium.ORDER + 1).to_bytes(32, "little"),
        SCALAR[:31] + b"\x80",
        b"\xff" * 32,
        SCALAR[:31],
        SCALAR + b"\0",
        b"",
    ],
)
def test_a_scalar_that_is_zero_not_reduced_or_of_wrong_length_is_refused(scalar: bytes) -> None:
    for takes in (
        sodium.require_scalar,
        sodium.multiply_base,
        sodium.invert_scalar,
        lambda wrong: sodium.multiply(wrong, OTHER),
        lambda wrong: voprf.unblind(wrong, OTHER),
        lambda wrong: threshold.split(wrong, threshold=1, shares=1),
        lambda wrong: rotation.delta(wrong, SCALAR),
        lambda wrong: rotation.delta(SCALAR, wrong),
    ):
        with pytest.raises(ScalarError):
            takes(scalar)


@LAWS
@given(st.integers(1, sodium.ORDER - 1), st.integers(1, sodium.ORDER - 1))
def test_scalars_calculate_modulo_the_group_order(left: int, right: int) -> None:
    first, second = left.to_bytes(32, "little"), right.to_bytes(32, "little")
    expected = {
        sodium.add_scalars: left + right,
        sodium.subtract_scalars: left - right,
        sodium.multiply_scalars: left * right,
    }
    for function, number in expected.items():
        assert function(first, second) == (number % sodium.ORDER).to_bytes(32, "little")
    assert sodium.multiply_scalars(first, sodium.invert_scalar(first)) == (1).to_bytes(32, "little")


def test_the_generator_is_the_base_of_multiply_base() -> None:
    assert sodium.multiply_base((1).to_bytes(32, "little")) == sodium.GENERATOR
    assert sodium.multiply(SCALAR, sodium.GENERATOR) == OTHER


def imported(prelude: str, tmp_path: Path) -> str:
    """Import the module in a fresh process whose temporary folder is ours."""
    script = f"{prelude}\nimport sys\nfrom keys.protocol import sodium\nprint('rbcl' in sys.modules)"
    environment = {**os.environ, "TMPDIR": str(tmp_path), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=False
    )
    return done.stdout.strip() or done.stderr.strip().rsplit("\n", 1)[-1]


def test_loading_the_library_leaves_nothing_in_the_temporary_folder(tmp_path: Path) -> None:
    assert imported("", tmp_path) == "False"
    assert list(tmp_path.iterdir()) == []


def test_without_memory_files_the_system_library_is_used_or_its_absence_is_said(tmp_path: Path) -> None:
    answer = imported("import os; del os.memfd_create", tmp_path)
    assert answer in {
        "False",
        "keys.protocol.errors.LibraryError: libsodium is missing or does not work",
    }


@LAWS
@given(st.lists(st.integers(1, sodium.ORDER - 1), max_size=40))
def test_many_scalars_are_inverted_as_one_by_one(numbers: list[int]) -> None:
    scalars = [number.to_bytes(32, "little") for number in numbers]
    assert sodium.invert_scalars(scalars) == [sodium.invert_scalar(scalar) for scalar in scalars]


@pytest.mark.parametrize("wrong", [bytes(32), b"\xff" * 32, b"\1"])
def test_one_wrong_scalar_among_many_is_refused(wrong: bytes) -> None:
    with pytest.raises(ScalarError):
        sodium.invert_scalars([SCALAR, wrong, SCALAR])
