from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dat_client.identity.age import bracket, bracket_ends
from dat_client.identity.person import RefusalReason, RefusedPersonError

ON = date(2026, 11, 18)


@pytest.mark.parametrize(
    ("birth_date", "expected", "ends"),
    [
        (date(2026, 11, 18), "0-11", "2038-Q4"),
        (date(2014, 11, 19), "0-11", "2026-Q4"),
        (date(2014, 11, 18), "12-15", "2030-Q4"),
        (date(2010, 3, 31), "16-17", "2028-Q1"),
        (date(2008, 4, 1), "18-22", "2031-Q2"),
        (date(2003, 11, 19), "18-22", "2026-Q4"),
        (date(2003, 11, 18), "23+", None),
        (date(1899, 7, 4), "23+", None),
    ],
)
def test_the_bracket_changes_on_the_birthday(birth_date: date, expected: str, ends: str | None) -> None:
    assert bracket(birth_date, ON) == expected
    assert bracket_ends(birth_date, ON) == ends


def test_who_is_born_on_29_february_comes_of_age_on_1_march() -> None:
    assert bracket(date(2008, 2, 29), date(2026, 2, 28)) == "16-17"
    assert bracket(date(2008, 2, 29), date(2026, 3, 1)) == "18-22"


def test_nobody_is_younger_than_born() -> None:
    with pytest.raises(RefusedPersonError) as refused:
        bracket(ON + timedelta(days=1), ON)
    assert refused.value.reason is RefusalReason.FUTURE_BIRTH_DATE


@given(st.dates(date(1990, 1, 1), ON))
def test_in_the_quarter_in_which_it_ends_the_bracket_does_end(birth_date: date) -> None:
    ends = bracket_ends(birth_date, ON)
    if ends is None:
        return
    year, quarter = int(ends[:4]), int(ends[-1])
    first_day = date(year, 3 * quarter - 2, 1)
    after = date(year + quarter // 4, 3 * quarter % 12 + 1, 1)
    assert bracket(birth_date, after) != bracket(birth_date, ON)
    assert first_day <= ON or bracket(birth_date, first_day - timedelta(days=1)) == bracket(birth_date, ON)
