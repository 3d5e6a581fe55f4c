"""How long it took until somebody took a match up: counts by working day, about nobody.

Source: domain.md ROU-12, STA-07.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from hub.matches.models import FollowUpRow, MatchRow
from hub.notices.terms import is_working_day
from hub.partners.service import StaffRole, holds, require_role
from hub.teams.service import find_own_team_ids, get_teams
from service.clock import dutch_date
from service.work import Work

BACK = timedelta(days=90)
LONGEST = 6  # working days; what took longer is counted with it
WATCHERS = (StaffRole.PROCESS_DIRECTOR, StaffRole.MUNICIPAL_COORDINATOR)


def count_times(work: Work) -> dict[int, int]:
    """Count the matches of the last ninety days by the working days until somebody took them up.

    For a team lead those of the own teams, for who watches those of the own organisation; `LONGEST` stands
    for that and more, and -1 for what nobody took up yet.
    """
    staff = require_role(work, StaffRole.TEAM_LEAD, *WATCHERS)
    query = (
        select(MatchRow.team_id, FollowUpRow.opened_at, FollowUpRow.answered_at)
        .join(MatchRow, MatchRow.id == FollowUpRow.match_id)
        .where(FollowUpRow.opened_at >= work.now - BACK, MatchRow.team_id.is_not(None))
    )
    rows = work.session.execute(query).all()
    watches = holds(staff, WATCHERS, dutch_date(work.now))
    seen = {row.team_id for row in rows}
    teams = _of_organisation(work, seen, staff.organisation_id) if watches else find_own_team_ids(work)
    found = Counter(_days(row.opened_at, row.answered_at) for row in rows if row.team_id in teams)
    return {days: found[days] for days in (*range(LONGEST + 1), -1)}


def _of_organisation(work: Work, ids: Collection[UUID], organisation_id: UUID) -> set[UUID]:
    return {id_ for id_, team in get_teams(work, ids).items() if team.organisation_id == organisation_id}


def _days(opened_at: datetime, answered_at: datetime | None) -> int:
    if answered_at is None:
        return -1
    days = _days_between(dutch_date(opened_at), dutch_date(answered_at))
    return min(sum(map(is_working_day, days)), LONGEST)


def _days_between(first: date, last: date) -> Iterator[date]:
    """Give the days after the first, up to and including the last."""
    for number in range((last - first).days):
        yield first + timedelta(days=number + 1)
