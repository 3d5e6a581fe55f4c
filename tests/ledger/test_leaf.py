"""A leaf says codes only, is written in one way, and binds without telling."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import LeafError
from ledger.leaf import MAX_LEAF_BYTES, Leaf, canonical_json, commit, encode_leaf, leaf_hour

LEAF = Leaf(
    id="7f1697e316f5b3d7018312a9f1f062a2",
    h="2026-11-22T01",
    ev="signal.accepted",
    out="ok",
    org="0b6b6a42-13a4-4c3f-9a67-6f1f1a4a9f11",
    role="partner",
    pur="tell_casemanager",
    lb="JW_7_1_4_1",
    pol="0a" * 16,
    ac="0b" * 32,
    sc="0c" * 32,
    dc="0d" * 32,
)
WRITTEN = (
    b'{"ac":"' + b"0b" * 32 + b'","dc":"' + b"0d" * 32 + b'","ev":"signal.accepted","h":"2026-11-22T01",'
    b'"id":"7f1697e316f5b3d7018312a9f1f062a2","lb":"JW_7_1_4_1",'
    b'"org":"0b6b6a42-13a4-4c3f-9a67-6f1f1a4a9f11","out":"ok","pol":"' + b"0a" * 16 + b'",'
    b'"pur":"tell_casemanager","role":"partner","sc":"' + b"0c" * 32 + b'","v":1}'
)
OPENING, EVENT = bytes(range(32)), bytes(range(16))


def test_a_leaf_is_written_in_exactly_these_bytes() -> None:
    assert encode_leaf(LEAF) == WRITTEN
    assert b'"org":null' in encode_leaf(replace(LEAF, org=None))
    assert b'"n":40,"org"' in encode_leaf(replace(LEAF, n=40))


@pytest.mark.parametrize(
    "change",
    [
        {"id": "7F1697e316f5b3d7018312a9f1f062a2"},
        {"id": "7f16"},
        {"h": "2026-11-22T01:15"},
        {"h": "2026-11-22"},
        {"h": "٢026-11-22T01"},
        {"ev": ""},
        {"ev": "signal accepted"},
        {"ev": "signal.accepted\n"},
        {"out": "refused"},
        {"out": "okerror"},
        {"org": ""},
        {"org": "Politie Süd"},
        {"org": "a\x00b"},
        {"role": "j.jansen@example.nl"},
        {"pur": "tell the casemanager of Jan"},
        {"lb": 'a"b'},
        {"lb": "\\"},
        {"pol": "0a" * 32},
        {"ac": "0b" * 31},
        {"sc": "0C" * 32},
        {"dc": ""},
        {"dc": "0d" * 33},
        {"v": 2},
        {"n": 0},
    ],
)
def test_a_field_that_could_carry_more_than_its_code_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(LeafError) as refused:
        encode_leaf(replace(LEAF, **change))
    assert str(refused.value) == "a field of the leaf is not of its form"


def test_the_largest_leaf_holds_1024_bytes_and_not_one_more() -> None:
    room = MAX_LEAF_BYTES - len(encode_leaf(LEAF))
    largest = replace(LEAF, pur=LEAF.pur + "x" * room)
    assert len(encode_leaf(largest)) == MAX_LEAF_BYTES
    with pytest.raises(LeafError):
        encode_leaf(replace(largest, pur=largest.pur + "x"))


def test_the_hour_is_that_of_utc() -> None:
    amsterdam = timezone(timedelta(hours=1))
    assert leaf_hour(datetime(2026, 11, 22, 0, 59, tzinfo=amsterdam)) == "2026-11-21T23"
    assert leaf_hour(datetime(2026, 11, 22, 1, 59, tzinfo=UTC)) == "2026-11-22T01"
    with pytest.raises(LeafError):
        leaf_hour(datetime(2026, 11, 22, 1))  # noqa: DTZ001


def test_a_commitment_is_the_hmac_that_anybody_can_compute() -> None:
    # Computed by `openssl dgst -sha256 -mac HMAC -macopt key:dat-audit-commit-v1`.
    expected = "6616585305fbe0bd04ab92dbcaf9dcbd092838c34829c30ac34f37679acd3133"
    assert commit(OPENING, EVENT, "sc", b'{"subject":"x"}').hex() == expected


def test_a_commitment_changes_with_each_of_its_parts() -> None:
    parts = [
        (OPENING, EVENT, "sc", b"{}"),
        (OPENING[::-1], EVENT, "sc", b"{}"),
        (OPENING, EVENT[::-1], "sc", b"{}"),
        (OPENING, EVENT, "dc", b"{}"),
        (OPENING, EVENT, "sc", b'{"a":1}'),
    ]
    assert len({commit(*part) for part in parts}) == len(parts)


@pytest.mark.parametrize(
    "parts",
    [
        (OPENING[1:], EVENT, "sc", b"{}"),
        (OPENING, EVENT + b"s", "sc", b"{}"),
        (OPENING, EVENT, "org", b"{}"),
        (OPENING, EVENT, "sc", b"x"),
        (OPENING, EVENT, "sc", b""),
    ],
)
def test_parts_that_could_be_cut_in_two_ways_are_not_committed_to(
    parts: tuple[bytes, bytes, str, bytes],
) -> None:
    with pytest.raises(LeafError):
        commit(*parts)


def test_text_is_escaped_as_rfc_8785_prescribes() -> None:
    # The string of RFC 8785, 3.2.3 (sample and its canonical form), and its short escapes.
    assert canonical_json({"s": "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"\u002f"}) == (
        '{"s":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'.encode()
    )
    assert canonical_json({"s": "\b\t\n\f\r\x1f\x7f\u2028\U0001f600"}) == (
        '{"s":"\\b\\t\\n\\f\\r\\u001f\x7f\u2028\U0001f600"}'.encode()
    )
    assert canonical_json({"b": 1, "a": None, "B": -0, "": 2**53 - 1}) == (
        b'{"":9007199254740991,"B":0,"a":null,"b":1}'
    )


@pytest.mark.parametrize("item", [2**53, -(2**53), 1.0, math.nan, True, [1], {"a": 1}, b"x", "\ud800"])
def test_what_python_and_rfc_8785_write_differently_is_refused(item: object) -> None:
    with pytest.raises(LeafError):
        canonical_json({"a": item})  # type: ignore[dict-item]


def test_names_that_would_sort_differently_in_utf_16_are_refused() -> None:
    with pytest.raises(LeafError):
        canonical_json({"\ufb33": 1, "\U0001f600": 2})


@given(
    st.dictionaries(
        st.text(st.characters(max_codepoint=127)),
        st.text(st.characters(exclude_categories=["Cs"])) | st.integers(-(2**53) + 1, 2**53 - 1) | st.none(),
    )
)
def test_canonical_json_reads_back_and_is_written_in_one_way(value: dict[str, str | int | None]) -> None:
    written = canonical_json(value)
    assert json.loads(written) == value
    assert canonical_json(dict(reversed(value.items()))) == written
