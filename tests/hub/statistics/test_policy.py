"""STA-01, STA-04: what the rules of showing promise, for any counts."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hub.statistics.policy import add_up, hidden_cells, protect, share_of
from hub.statistics.values import Cells, Counted, Protection

RULES = Protection()
NAMES = ("a", "b", "c", "d", "e")
COUNTS = st.lists(st.one_of(st.integers(0, 30), st.integers(0, 2000)), min_size=2, max_size=5).map(
    lambda numbers: dict(zip(NAMES, numbers, strict=False))
)


@given(COUNTS)
def test_sta_04_no_cell_under_ten_is_ever_shown_and_what_is_shown_is_rounded(counts: dict[str, int]) -> None:
    shown = protect(Counted(counts, counts, sum(counts.values())), protection=RULES)
    for name, number in shown.cells.items():
        assert number is None or (counts[name] >= 10 and number % 5 == 0 and abs(number - counts[name]) <= 2)
    assert (shown.total is None) == (sum(counts.values()) < 10)


@given(COUNTS)
def test_sta_04_who_guesses_which_cells_are_small_and_knows_the_total_still_learns_nothing(
    counts: dict[str, int],
) -> None:
    """The strongest one: every number but those that are hidden, and which of these are the small ones."""
    hidden = hidden_cells(counts, counts, threshold=10)
    if hidden in (frozenset(), frozenset(counts)):
        return
    small = {name for name in hidden if counts[name] < 10}
    spare = sum(counts[name] - 10 for name in hidden - small)
    for name in small:
        # Down to nothing, because others may have more; up to nine, because others have that much to spare.
        assert counts[name] + spare >= 9


@given(COUNTS)
def test_sta_04_a_hidden_cell_is_never_alone(counts: dict[str, int]) -> None:
    assert len(hidden_cells(counts, counts, threshold=10)) != 1


def test_sta_04_which_others_go_along_follows_the_table_and_not_their_size() -> None:
    for counts in ({"a": 500, "b": 3, "c": 20}, {"a": 20, "b": 3, "c": 500}):
        assert hidden_cells(counts, counts, threshold=10) == {"a", "b"}


def test_sta_04_where_the_others_cannot_hide_it_nothing_is_shown() -> None:
    counts = {"a": 12, "b": 3, "c": 13}
    assert hidden_cells(counts, counts, threshold=10) == {"a", "b", "c"}


def test_sta_04_ten_signals_of_one_person_are_one_person() -> None:
    counted = Counted({"a": 40, "b": 10, "c": 60}, {"a": 30, "b": 1, "c": 40}, 71)
    assert protect(counted, protection=RULES) == Cells(110, {"a": None, "b": None, "c": 60})
    alone = Counted({"a": 60, "b": 50}, {"a": 5, "b": 6}, 8)
    assert protect(alone, protection=RULES) == Cells(None, {"a": None, "b": None})


def test_sta_02_a_year_is_made_of_what_was_shown_and_says_when_it_is_at_least() -> None:
    one, other = Cells(40, {"a": 30, "b": 10}), Cells(30, {"a": None, "b": None})
    assert add_up([one, one], "ab") == (Cells(80, {"a": 60, "b": 20}), True)
    assert add_up([one, other], "ab") == (Cells(70, {"a": 30, "b": 10}), False)
    assert add_up([], "ab") == (Cells(None, {"a": None, "b": None}), False)


def test_sta_03_a_share_is_made_of_what_is_shown() -> None:
    shown = Cells(100, {"in_term": 50, "late": 10, "not": 40})
    assert share_of(shown, ("in_term", "late")) == 60
    assert share_of(Cells(100, {"in_term": None, "late": 10}), ("in_term", "late")) is None
    assert share_of(shown, ()) is None
