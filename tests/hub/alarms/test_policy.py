"""From when something is an alarm."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.alarms import policy


@pytest.mark.parametrize(
    ("posted", "persons", "allowed"), [(0, 0, 160), (100, 100, 20), (800, 100, 160), (8000, 1000, 1600)]
)
def test_twenty_persons_an_hour_or_a_fifth_of_what_was_posted(
    posted: int, persons: int, allowed: int
) -> None:
    assert policy.allowed_unposted(posted, persons=persons) == allowed


@pytest.mark.parametrize(
    ("usual", "allowed"), [(0, 20), (6, 20), (7, 21), (15, 45), (33, 99), (34, 100), (500, 100)]
)
def test_who_always_reads_much_may_do_so_up_to_a_bound(usual: int, allowed: int) -> None:
    assert policy.allowed_a_day(usual, least=20) == allowed


@given(st.integers(0, 10**6), st.integers(0, 10**5))
def test_whoever_posts_more_is_never_allowed_less_than_twenty(posted: int, persons: int) -> None:
    assert policy.allowed_unposted(posted, persons=persons) >= 20
