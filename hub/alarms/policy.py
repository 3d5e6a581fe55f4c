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
TAKEN_BACK_WITHIN = timedelta(hours=24)
PATTERN = timedelta(days=30)
READINGS_A_DAY = 20  # of the log, by one reader
LOOKS_A_DAY = 60  # at contacts and decisions, by one employee


def allowed_unposted(posted: int, *, persons: int) -> int:
    """Return how many elements may be evaluated in an hour without being posted: max(20 persons, 20 %).

    Args:
        posted: elements that were posted in that hour. persons: the registrations they were in.
    """
    per_person = max(1, round(posted / persons)) if persons else 8
    return max(LEAST * per_person, posted // SHARE)


def allowed_registrations(caseload: int) -> int:
    """Return how many persons an organisation of this caseload registers a year at most."""
    return CASELOADS_A_YEAR * caseload
