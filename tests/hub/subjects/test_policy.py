"""The matching rule, without anything around it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.subjects.policy import Token, Verdict, bsn_differs, judge, list_agreed

ORDER = [Verdict.DIFFERENT, Verdict.POSSIBLE, Verdict.SAME]
TYPES = ["bsn", "A", "B", "C", "D", "E", "F", "G", "H", "household", "parent"]
tokens = st.frozensets(
    st.builds(Token, st.sampled_from(TYPES), st.sampled_from([1, 2]), st.sampled_from([b"x", b"y", b"z"])),
    max_size=8,
)


def verdict(left: frozenset[Token], right: frozenset[Token]) -> Verdict:
    return judge(list_agreed(left, right), veto=bsn_differs(left, right))


@pytest.mark.parametrize(
    ("agreed", "expected"),
    [
        ({"bsn"}, Verdict.SAME),
        ({"A", "F"}, Verdict.SAME),
        ({"C", "H"}, Verdict.SAME),
        ({"F", "H"}, Verdict.SAME),
        ({"F"}, Verdict.POSSIBLE),
        ({"A", "C", "D"}, Verdict.POSSIBLE),
        ({"A", "B", "C", "D", "E", "G"}, Verdict.POSSIBLE),
        ({"F", "household"}, Verdict.POSSIBLE),
        ({"household", "parent"}, Verdict.DIFFERENT),
        (set(), Verdict.DIFFERENT),
    ],
)
def test_two_keys_of_which_one_carries_the_full_first_name_are_needed(
    agreed: set[str], expected: Verdict
) -> None:
    assert judge(frozenset(agreed), veto=False) is expected


def test_different_service_numbers_veto_every_agreement() -> None:
    assert judge(frozenset("ABCDEFGH"), veto=True) is Verdict.DIFFERENT


def test_service_numbers_of_different_epochs_cannot_veto() -> None:
    left = [Token("bsn", 1, b"x")]
    assert not bsn_differs(left, [Token("bsn", 2, b"y")])
    assert bsn_differs(left, [Token("bsn", 1, b"y")])
    assert not bsn_differs(left, [])


@given(tokens, tokens)
def test_matching_is_symmetric(left: frozenset[Token], right: frozenset[Token]) -> None:
    assert verdict(left, right) is verdict(right, left)


@given(tokens, tokens, st.data())
def test_fewer_match_keys_never_yield_more(
    left: frozenset[Token], right: frozenset[Token], data: st.DataObject
) -> None:
    keys = sorted((token for token in left if token.token_type != "bsn"), key=repr)
    dropped = data.draw(st.frozensets(st.sampled_from(keys)) if keys else st.just(frozenset()))
    assert ORDER.index(verdict(left - dropped, right)) <= ORDER.index(verdict(left, right))


@given(st.frozensets(st.sampled_from(TYPES)), st.frozensets(st.sampled_from(TYPES)), st.booleans())
def test_a_wider_agreement_never_yields_less(
    agreed: frozenset[str], more: frozenset[str], veto: bool
) -> None:
    assert ORDER.index(judge(agreed, veto=veto)) <= ORDER.index(judge(agreed | more, veto=veto))
