"""Count terms in Dutch working days.

Source: Algemene termijnenwet 3 (its list of holidays, Good Friday and Liberation Day included); ROU-12.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from holidays import country_holidays

from service.clock import AMSTERDAM, dutch_date

TERM_WORKING_DAYS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Within how many working days who does what with a match; an arrangement may say otherwise.

    Attributes:
        remind: after these, whoever is to take it up is reminded.
        acknowledge: after these, it returns to the team.
        coordinate: after these, the team's leads and its organisation's coordinator hear that it stalls.
        municipal: after these, the municipal contact person hears of it.
        contact: within these, somebody spoke with the person.
        meeting: how long anything waits for a team meeting, in days of the calendar.

    Source:
        domain.md ROU-12 and ROU-05: no law has such terms; these are defaults.
    """

    remind: int = 3
    acknowledge: int = TERM_WORKING_DAYS
    coordinate: int = 5
    municipal: int = 10
    contact: int = 10
    meeting: timedelta = timedelta(days=7)


DEFAULT = Terms()


@lru_cache(maxsize=64)
def holidays(year: int) -> frozenset[date]:
    """Return the days of a year on which no term ends."""
    return frozenset(country_holidays("NL", years=year, categories=("public", "optional")))


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


def began_before(moment: datetime, *, working_days: int) -> datetime:
    """Return before which moment a term began that is over now; the other way round than `due_at`."""
    return _began_before(dutch_date(moment), working_days)


@lru_cache(maxsize=256)
def _began_before(today: date, working_days: int) -> datetime:
    day = today - timedelta(days=1)
    while working_days:
        working_days -= is_working_day(day)
        day -= timedelta(days=1)
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=AMSTERDAM)
