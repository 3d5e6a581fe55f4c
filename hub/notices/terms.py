"""Count terms in Dutch working days.

Source: Algemene termijnenwet 3 (its list of holidays, Good Friday included); ROU-12.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from service.clock import AMSTERDAM, dutch_date

TERM_WORKING_DAYS = 5


def easter(year: int) -> date:
    """Return Easter Sunday in the Gregorian calendar (anonymous computus, Meeus/Jones/Butcher)."""
    golden, century, in_century = year % 19, year // 100, year % 100
    shift = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - century // 4 - shift + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (in_century // 4) - epact - in_century % 4) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def holidays(year: int) -> frozenset[date]:
    """Return the days of a year on which no term ends."""
    sunday = easter(year)
    kings_day = date(year, 4, 27)
    moving = (-2, 1, 39, 50)  # Good Friday, Easter Monday, Ascension Day, Whit Monday
    return frozenset(
        {
            date(year, 1, 1),
            kings_day - timedelta(days=kings_day.weekday() == 6),
            date(year, 5, 5),
            date(year, 12, 25),
            date(year, 12, 26),
            *(sunday + timedelta(days=days) for days in moving),
        }
    )


def is_working_day(day: date) -> bool:
    """Tell whether offices are open."""
    return day.weekday() < 5 and day not in holidays(day.year)


def due_at(moment: datetime, *, working_days: int) -> datetime:
    """Return the end of the last working day of a term; the day on which it begins does not count."""
    day = dutch_date(moment)
    while working_days:
        day += timedelta(days=1)
        working_days -= is_working_day(day)
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=AMSTERDAM)
