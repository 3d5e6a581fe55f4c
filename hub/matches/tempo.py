"""How long it took until somebody took a match up: counts by working day, about nobody.

Source: domain.md ROU-12, STA-07.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from sqlalchemy import select

from hub.matches.models import FollowUpRow, MatchRow
from hub.notices.terms import is_working_day
from hub.partners.service import StaffRole, holds, require_role
from hub.teams.service import find_own_team_ids, find_team_ids_of
from service.clock import dutch_date
from service.work import Work

BACK = timedelta(days=90)
MOST = 200  # of the last ninety days: enough to see how quick it goes
LONGEST = 6  # working days; what took longer is counted with it
WATCHERS = (StaffRole.PROCESS_DIRECTOR, StaffRole.MUNICIPAL_COORDINATOR)


def count_times(work: Work) -> dict[int, int]:
    """Count the last matches of ninety days, at most `MOST`, by the working days until they were taken up.

    For a team lead those of the own teams, for who watches those of the own organisation; `LONGEST` stands
    for that and more, and -1 for what nobody took up yet.
    """
    staff = require_role(work, StaffRole.TEAM_LEAD, *WATCHERS)
    watches = holds(staff, WATCHERS, dutch_date(work.now))
    teams = find_team_ids_of(work, staff.organisation_id) if watches else find_own_team_ids(work)
    query = (
        select(FollowUpRow.opened_at, FollowUpRow.answered_at)
        .join(MatchRow, MatchRow.id == FollowUpRow.match_id)
        .where(FollowUpRow.opened_at >= work.now - BACK, MatchRow.team_id.in_(teams))
        .order_by(FollowUpRow.opened_at.desc())
        .limit(MOST)
    )
    found = Counter(_days(*row) for row in work.session.execute(query))
    return {days: found[days] for days in (*range(LONGEST + 1), -1)}


def _days(opened_at: datetime, answered_at: datetime | None) -> int:
    if answered_at is None:
        return -1
    days = _days_between(dutch_date(opened_at), dutch_date(answered_at))
    return min(sum(map(is_working_day, days)), LONGEST)


def _days_between(first: date, last: date) -> Iterator[date]:
    """Give the days after the first, up to and including the last."""
    for number in range((last - first).days):
        yield first + timedelta(days=number + 1)
