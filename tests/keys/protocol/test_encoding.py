from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keys.protocol.encoding import b64u, canonical_json, lp, unb64u
from keys.protocol.errors import EncodingError

SAFE = st.integers(-(2**53) + 1, 2**53 - 1)
JSON = st.recursive(
    st.none() | st.booleans() | SAFE | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(st.lists(st.binary(max_size=40)), st.lists(st.binary(max_size=40)))
def test_different_parts_never_have_the_same_prefixed_form(left: list[bytes], right: list[bytes]) -> None:
    assert (lp(*left) == lp(*right)) == (left == right)


def test_a_part_has_two_length_bytes_and_fits_in_them() -> None:
    assert lp(b"", b"ab") == b"\0\0\0\2ab"
    assert lp(bytes(0xFFFF))[:2] == b"\xff\xff"
    with pytest.raises(EncodingError):
        lp(bytes(0x10000))


@given(JSON)
def test_canonical_json_is_the_same_value_and_canonical_again(value: object) -> None:
    written = canonical_json(value)
    assert json.loads(written) == value
    assert canonical_json(json.loads(written)) == written


@given(st.dictionaries(st.text(), SAFE))
def test_the_order_of_insertion_does_not_show(value: dict[str, int]) -> None:
    assert canonical_json(dict(reversed(value.items()))) == canonical_json(value)


def test_the_ordering_example_of_rfc_8785_comes_out_as_printed() -> None:
    # RFC 8785 3.2.3: by UTF-16 code units the smiley (a surrogate pair) comes before U+FB33.
    keys = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]
    ordered = ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]
    assert list(json.loads(canonical_json(dict.fromkeys(keys, 0)))) == ordered


def test_text_is_escaped_as_in_rfc_8785() -> None:
    given_ = '\u20ac$\u000f\u000aA\'B"\\\\"/\u007f'
    assert canonical_json(given_) == '"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/\u007f"'.encode()


@pytest.mark.parametrize(
    "value", [1.0, 2**53, -(2**53), float("nan"), {1: 2}, {"\ud800": 1}, ["\udc00"], b"bytes", {1, 2}]
)
def test_what_has_no_canonical_form_is_refused_without_repeating_it(value: object) -> None:
    with pytest.raises(EncodingError) as refused:
        canonical_json(value)
    assert str(refused.value) == EncodingError.message
    assert refused.value.__cause__ is None


@given(st.binary())
def test_base64url_reads_back(data: bytes) -> None:
    assert unb64u(b64u(data)) == data


@pytest.mark.parametrize(
    "text", ["QQ==", "QQ=", "QR", "Q", "Q Q", "QQ\n", "+/+/", "QUI*", "é", "QQ\0", "=", "A"]
)
def test_any_other_spelling_of_base64url_is_refused(text: str) -> None:
    with pytest.raises(EncodingError):
        unb64u(text)


@given(st.text(max_size=12))
def test_whatever_is_read_is_written_the_same(text: str) -> None:
    try:
        data = unb64u(text)
    except EncodingError:
        return
    assert b64u(data) == text
