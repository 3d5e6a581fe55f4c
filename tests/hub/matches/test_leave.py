"""Who is away for a little keeps what is in hand, unless it would be late when they are back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.matches.leave import InHand, Leave, find_leave, stays
from hub.notices.terms import DEFAULT, due_at, is_working_day
from hub.teams.values import Absence

MONDAY = date(2026, 11, 16)
BEGAN = datetime(2026, 11, 16, 9, tzinfo=UTC)
TAKEN = InHand(uuid4(), BEGAN, is_taken=True, spoken=False)
SPOKEN = replace(TAKEN, spoken=True, opened_at=BEGAN - timedelta(days=90))


def away(days: int, *, since: date = MONDAY) -> Absence:
    return Absence(id=uuid4(), staff_id=uuid4(), since=since, until=since + timedelta(days=days), cover=None)


def leave(*absences: Absence, on: date = MONDAY) -> Leave:
    return find_leave(absences, on=on)


@pytest.mark.parametrize("spoken", [False, True])
def test_rou_13_what_nobody_took_up_waits_for_nobody(spoken: bool) -> None:
    asked = replace(TAKEN, is_taken=False, spoken=spoken)
    assert not stays(asked, leave(away(1)), DEFAULT)


def test_rou_13_a_week_is_a_short_absence_and_more_is_not() -> None:
    # Away on Monday 16 November; the fifth working day after it is Monday 23.
    assert stays(SPOKEN, leave(away(7)), DEFAULT)
    assert not stays(SPOKEN, leave(away(8)), DEFAULT)
    assert stays(SPOKEN, leave(away(8)), replace(DEFAULT, acknowledge=6))


def test_rou_12_what_would_be_late_for_a_first_contact_is_given_on() -> None:
    due = due_at(TAKEN.opened_at, working_days=DEFAULT.contact)  # the end of Monday 30 November
    later = away(2, since=date(2026, 11, 26))  # Thursday and Friday: back on the last day of the term
    assert due.date() == date(2026, 12, 1)
    assert stays(TAKEN, leave(later, on=later.since), DEFAULT)
    longer = away(5, since=date(2026, 11, 26))  # back on Tuesday
    assert not stays(TAKEN, leave(longer, on=longer.since), DEFAULT)
    assert stays(SPOKEN, leave(longer, on=longer.since), DEFAULT)


def test_rou_11_a_clock_of_an_inquiry_that_ends_meanwhile_goes_to_somebody_at_work() -> None:
    runs = replace(SPOKEN, clock_at=BEGAN + timedelta(hours=24))
    assert not stays(runs, leave(away(1)), DEFAULT)
    assert stays(replace(runs, clock_at=BEGAN + timedelta(days=14)), leave(away(1)), DEFAULT)


def test_rou_10_week_by_week_nobody_is_away_for_long() -> None:
    weeks = [away(5, since=MONDAY + timedelta(days=7 * number)) for number in range(3)]
    assert leave(*weeks[:1]) == Leave(MONDAY, date(2026, 11, 23))
    assert stays(SPOKEN, leave(weeks[0]), DEFAULT)
    for known in (weeks[:2], weeks):
        last = known[-1].since
        assert not stays(SPOKEN, leave(*known, on=last), DEFAULT)
        assert not stays(SPOKEN, leave(*known), DEFAULT)


def test_rou_10_a_leave_without_end_is_long_by_any_term_and_is_not_counted_out() -> None:
    terms = replace(DEFAULT, acknowledge=60)
    for endless in (
        replace(away(1), until=date.max),
        replace(away(1), since=date.min),
        replace(away(1), since=date.min, until=date.max),
    ):
        found = leave(endless)
        assert not stays(SPOKEN, found, terms)
        assert found.back_on - found.since <= timedelta(days=240)


@given(
    since=st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    days=st.integers(1, 40),
    began=st.integers(0, 40),
    spoken=st.booleans(),
)
def test_rou_12_nothing_that_stays_is_late_on_the_day_of_return(
    since: date, days: int, began: int, spoken: bool
) -> None:
    found = leave(away(days, since=since), on=since)
    opened = datetime(since.year, since.month, since.day, 9, tzinfo=UTC) - timedelta(days=began)
    match = InHand(uuid4(), opened, is_taken=True, spoken=spoken)
    assert is_working_day(found.back_on)
    if stays(match, found, DEFAULT):
        back = datetime(found.back_on.year, found.back_on.month, found.back_on.day, 17, tzinfo=UTC)
        assert spoken or back < due_at(opened, working_days=DEFAULT.contact)
        begins = datetime(found.since.year, found.since.month, found.since.day, 9, tzinfo=UTC)
        assert back < due_at(begins, working_days=DEFAULT.acknowledge)
