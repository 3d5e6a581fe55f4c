"""From when something is an alarm: counts in, a limit out.

Source: audit-and-reliability 3.4, 1 and 2.
"""

from __future__ import annotations

from datetime import timedelta

LEAST = 20  # persons an hour that are evaluated and not posted, whatever the volume
SHARE = 5  # one part of so many
CASELOADS_A_YEAR = 2
POSTS_AN_HOUR = 50  # of one reporter
PROBES = 3  # posts that one reporter took back within a day, in thirty days
IDLE = 3  # cases of one casemanager that nothing followed on, in thirty days
UNVERIFIED = timedelta(hours=48)  # since the log was last recomputed, which is done every day
TAKEN_BACK_WITHIN = timedelta(hours=24)
PATTERN = timedelta(days=30)
READINGS_ABOUT_A_DAY = 20  # of the log, for a purpose that is about somebody, by one reader
READINGS_A_DAY = 100  # of the log for any other purpose: an officer's day turns many pages
LOOKS_A_DAY = 60  # at contacts and decisions, by one employee
BEYOND_USUAL = 3
NEVER_BEYOND = 5  # times the least: who does more of it every day is noticed all the same


def allowed_unposted(posted: int, *, persons: int) -> int:
    """Return how many elements may be evaluated in an hour without being posted: max(20 persons, 20 %).

    Args:
        posted: elements that were posted in that hour. persons: the registrations they were in.
    """
    per_person = max(1, round(posted / persons)) if persons else 8
    return max(LEAST * per_person, posted // SHARE)


def allowed_a_day(usual: int, *, least: int) -> int:
    """Return how often somebody may read or look in a day: thrice their own usual, and never few.

    Args:
        usual: how often on a day on which they do, in the thirty days before. least: allowed to everybody.
    """
    return min(max(least, BEYOND_USUAL * usual), NEVER_BEYOND * least)


def allowed_registrations(caseload: int) -> int:
    """Return how many persons an organisation of this caseload registers a year at most."""
    return CASELOADS_A_YEAR * caseload
