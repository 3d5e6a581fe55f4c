"""The measurement of the matching rule: every pair is judged once, and the shares add up."""

from __future__ import annotations

from bench.linkage import Files, judge_all, measure_linkage
from hub.subjects.policy import Token, Verdict


def person(**keys: str) -> frozenset[Token]:
    return frozenset(Token(name, 1, f"{name}{value}".encode()) for name, value in keys.items())


def test_pairs_with_anything_in_common_are_judged_by_the_hubs_own_rule() -> None:
    left = [person(A="jansen", F="anna"), person(A="smit", B="x")]
    right = [person(A="jansen", F="anna"), person(A="smit", B="y")]
    assert list(judge_all(Files(left, right))) == [(0, 0, Verdict.SAME), (1, 1, Verdict.POSSIBLE)]


def test_the_shares_add_up_and_a_number_on_both_sides_decides() -> None:
    figures = measure_linkage(1_500, seed=3)
    for name in ("no_bsn", "bsn_on_one_side", "bsn_on_both_sides"):
        found = figures[name]
        total = sum(found[share] for share in ("recall", "possible", "missed", "refused"))
        assert abs(total - 1) < 0.001
    assert figures["bsn_on_both_sides"]["recall"] == 1
    assert figures["bsn_on_both_sides"]["wrong_pairs"] == 0
    assert 0.6 < figures["no_bsn"]["recall"] < 0.9
