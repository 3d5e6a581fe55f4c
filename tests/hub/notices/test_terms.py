"""Terms in Dutch working days."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from hub.notices.terms import began_before, due_at, holidays, is_working_day
from service.clock import AMSTERDAM


def test_the_holidays_of_a_year_are_those_of_the_law() -> None:
    assert sorted(day for day in holidays(2026) if day.weekday() < 6) == [
        date(2026, 1, 1),
        date(2026, 4, 3),
        date(2026, 4, 6),
        date(2026, 4, 27),
        date(2026, 5, 5),
        date(2026, 5, 14),
        date(2026, 5, 25),
        date(2026, 12, 25),
        date(2026, 12, 26),
    ]


def test_kings_day_moves_to_saturday_when_it_falls_on_a_sunday() -> None:
    assert date(2025, 4, 26) in holidays(2025)
    assert date(2025, 4, 27) not in holidays(2025)


def test_a_term_skips_weekend_and_holidays_and_ends_with_the_day() -> None:
    wednesday_before_easter = datetime(2026, 4, 1, 9, 0, tzinfo=UTC)
    # Thursday, then Tuesday to Friday after Easter Monday.
    assert due_at(wednesday_before_easter, working_days=5) == datetime(2026, 4, 11, tzinfo=AMSTERDAM)


def test_a_term_begins_on_the_dutch_day() -> None:
    late = datetime(2026, 11, 17, 23, 30, tzinfo=UTC)  # Wednesday in Amsterdam
    assert due_at(late, working_days=1) == datetime(2026, 11, 20, tzinfo=AMSTERDAM)


MOMENTS = st.integers(0, 40 * 365 * 24).map(
    lambda hours: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(hours=hours)
)


@given(begun=MOMENTS, days=st.integers(1, 20))
def test_a_longer_term_ends_later_and_always_on_a_working_day(begun: datetime, days: int) -> None:
    end = due_at(begun, working_days=days)
    assert begun < end < due_at(begun, working_days=days + 1)
    assert is_working_day((end - timedelta(days=1)).astimezone(AMSTERDAM).date())


@given(begun=MOMENTS, hours=st.integers(0, 24 * 40), days=st.integers(1, 20))
def test_what_began_before_is_what_is_due(begun: datetime, hours: int, days: int) -> None:
    now = begun + timedelta(hours=hours)
    assert (begun < began_before(now, working_days=days)) == (due_at(begun, working_days=days) <= now)
