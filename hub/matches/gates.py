"""Who may do something with a match today: its owner, and whoever may carry it."""

from __future__ import annotations

from uuid import UUID

from hub.matches import owners, store
from hub.matches.errors import NotEligibleError, NotOwnerError
from hub.matches.events import OfMatch
from hub.matches.models import AssignmentRow, MatchRow
from hub.matches.states import MatchState
from hub.partners.service import Staff, require_role
from hub.teams.roster import read_roster
from hub.teams.service import TEAM_ROLES, find_own_team_ids
from service.work import Work


def find_open(work: Work, match_id: UUID) -> MatchRow | None:
    """Read an open match as it is now, and hold it."""
    found = store.lock_matches(work.session, [match_id])
    return next((row for row in found if row.state == MatchState.OPEN), None)


def require_own(work: Work, match_id: UUID) -> tuple[Staff, MatchRow, AssignmentRow]:
    """Require that the caller owns an open match in a team where they work today, and hold it.

    Raises:
        NotOwnerError: They do not; whether there is such a match is not told.
    """
    staff = require_role(work, *TEAM_ROLES)
    match = find_open(work, match_id)
    owner = owners.lock_current(work.session, match_id)
    if match is None or owner is None or owner.staff_id != staff.id:
        raise NotOwnerError
    if match.team_id not in find_own_team_ids(work):
        raise NotOwnerError
    return staff, match, owner


def require_taken(work: Work, match_id: UUID) -> None:
    """Require that the caller took a match up in a team where they work today; holds nothing yet.

    Asked before anything is decided anew: nobody else lets the hub do that.
    """
    staff = require_role(work, *TEAM_ROLES)
    owner = owners.find_current(work.session, [match_id]).get(match_id)
    if owner is None or owner.staff_id != staff.id or owner.accepted_at is None:
        raise NotOwnerError
    if owner.team_id not in find_own_team_ids(work):
        raise NotOwnerError


def require_able(work: Work, match: MatchRow, staff_id: UUID) -> UUID:
    """Require that somebody works in the match's team today, is there, and may carry a match of it.

    Returns:
        That team.
    """
    team_id = match.team_id
    if team_id is None or not read_roster(work, [team_id]).is_able(team_id, staff_id):
        raise NotEligibleError
    return team_id


def event_of(kind: type[OfMatch], staff: Staff, match_id: UUID, **detail: str) -> OfMatch:
    """Write down what somebody did with a match, by its number."""
    return kind(
        organisation_id=staff.organisation_id,
        subject={"match": str(match_id)},
        detail={"staff": str(staff.id), **detail},
    )
