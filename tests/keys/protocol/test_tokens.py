from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from keys.protocol.errors import EncodingError
from keys.protocol.tokens import INPUT_LIMIT, SCHEMES, TYPE_BY_CODE, TokenType, token_input

FIELD = st.text(st.characters(codec="utf-8"), max_size=20)
FIELDS = st.lists(FIELD, min_size=1, max_size=4)
WHOLE = st.tuples(FIELD, st.sampled_from(TokenType), FIELD, FIELDS)


def written(whole: tuple[str, TokenType, str, list[str]]) -> bytes:
    hub_id, token_type, normalisation, fields = whole
    return token_input(hub_id, token_type, normalisation=normalisation, fields=fields)


def test_the_input_is_laid_out_as_the_protocol_says() -> None:
    assert token_input("hub", TokenType.BSN, normalisation="nl1", fields=["999990019"]) == (
        b"\0\x0adat-hub/v1\0\3hub\0\3bsn\0\3bsn\0\3nl1\0\x09999990019"
    )


def test_codes_and_schemes_never_change() -> None:
    assert {kind.value: (kind.code, kind.scheme) for kind in TokenType} == {
        "bsn": (1, "bsn"),
        "A": (2, "demographic"),
        "B": (3, "demographic"),
        "C": (4, "demographic"),
        "D": (5, "demographic"),
        "E": (6, "demographic"),
        "F": (7, "demographic"),
        "G": (8, "demographic"),
        "H": (9, "demographic"),
        "household": (10, "household"),
        "parent": (11, "household"),
    }
    assert {kind.scheme for kind in TokenType} == set(SCHEMES)
    assert all(TYPE_BY_CODE[kind.code] is kind for kind in TokenType)
    assert 0 not in TYPE_BY_CODE


@given(WHOLE, WHOLE)
def test_no_two_meanings_share_an_input(
    left: tuple[str, TokenType, str, list[str]], right: tuple[str, TokenType, str, list[str]]
) -> None:
    assert (written(left) == written(right)) == (left == right)


@given(WHOLE, st.data())
def test_moving_a_letter_between_fields_is_another_input(
    whole: tuple[str, TokenType, str, list[str]], data: st.DataObject
) -> None:
    hub_id, token_type, normalisation, fields = whole
    text = "".join(fields)
    cut = data.draw(st.integers(0, len(text)))
    moved = [text[:cut], text[cut:]]
    assume(moved != fields)
    assert written((hub_id, token_type, normalisation, moved)) != written(whole)


def test_no_fields_too_much_text_and_half_characters_are_refused() -> None:
    room = INPUT_LIMIT - len(token_input("hub", TokenType.A, normalisation="nl1", fields=[""]))
    assert len(written(("hub", TokenType.A, "nl1", ["x" * room]))) == INPUT_LIMIT
    for fields in ([], ["x" * (room + 1)], ["\ud800"]):
        with pytest.raises(EncodingError):
            written(("hub", TokenType.A, "nl1", fields))
