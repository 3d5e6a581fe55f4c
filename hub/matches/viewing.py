"""Look at a match: its owner, and a colleague of any team whom the owner lets look for some days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from hub.audit.service import record
from hub.matches import events, owners, store
from hub.matches.asking import ask_colleague
from hub.matches.errors import NotEligibleError, NotOwnerError
from hub.matches.gates import event_of, require_own
from hub.matches.intake import Handle, reveal
from hub.matches.models import ConsultRow, MatchRow
from hub.matches.showing import look_again
from hub.matches.states import MatchState
from hub.notices.service import NoticeKind
from hub.notices.terms import TERM_WORKING_DAYS
from hub.partners.service import Staff, find_staff, require_role
from hub.teams.service import TEAM_ROLES, find_own_team_ids, get_team, list_posts_of, may_hear
from service.work import Work

LONGEST_CONSULT = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class View:
    """What an owner, or a colleague who was asked, sees of a match at the level allowed today."""

    match_id: UUID
    case_id: UUID | None
    handles: tuple[Handle, ...]


def consult(
    work: Work, match_id: UUID, colleague: UUID, *, lasts: timedelta, working_days: int = TERM_WORKING_DAYS
) -> datetime:
    """Let one named colleague look at a match for some days; returns until when.

    Raises:
        NotEligibleError: They work in no team of the organisation today, are away, or are employed by whom
            may not hear of a match of this team; or it would last too long.

    Source:
        domain.md row 5 (b): view for one named colleague, logged, time-boxed.
    """
    staff, match, owner = require_own(work, match_id)
    wall = _find_wall(work, match, colleague, staff)
    if wall is None or owner.accepted_at is None or not timedelta() < lasts <= LONGEST_CONSULT:
        raise NotEligibleError
    until = work.now + lasts
    row = ConsultRow(
        id=uuid4(),
        match_id=match_id,
        asked_by=staff.id,
        colleague=colleague,
        asked_at=work.now,
        until_at=until,
    )
    work.session.add(row)
    work.session.flush()
    ask_colleague(work, match, colleague, NoticeKind.CONSULT, wall=wall, working_days=working_days)
    record(work, event_of(events.ConsultAsked, staff, match_id, colleague=str(colleague)))
    return until


def view(work: Work, match_id: UUID, *, working_days: int = TERM_WORKING_DAYS) -> View | None:
    """Show a match to its owner, or to a colleague who is asked now; decided anew, each look recorded.

    Returns:
        None where it may not be told any more.

    Raises:
        NotOwnerError: The caller is neither, or the time is over.
    """
    staff = require_role(work, *TEAM_ROLES)
    if not _may_view(work, match_id, staff):
        raise NotOwnerError
    match = look_again(work, [match_id], working_days=working_days).get(match_id)
    if match is None:
        return None
    owners.mark_viewed(work.session, match_id, staff_id=staff.id, now=work.now)
    return View(match_id, match.case_id, reveal(work, staff, match))


def _may_view(work: Work, match_id: UUID, staff: Staff) -> bool:
    match = store.find_matches(work.session, [match_id]).get(match_id)
    owner = owners.find_current(work.session, [match_id]).get(match_id)
    if match is None or match.state != MatchState.OPEN or owner is None:
        return False
    if owner.staff_id == staff.id and owner.accepted_at is not None:
        return match.team_id in find_own_team_ids(work)
    asked = owners.find_consult(work.session, match_id, colleague=staff.id, now=work.now)
    return asked is not None and _wall_of(work, match, staff) is not None


def _find_wall(work: Work, match: MatchRow, colleague: UUID, owner: Staff) -> UUID | None:
    """Name the team as whose member a colleague of the owner may hear of a match; None where they may not."""
    found = find_staff(work, [colleague]).get(colleague)
    if found is None or found.organisation_id != owner.organisation_id or found.id == owner.id:
        return None
    return _wall_of(work, match, found)


def _wall_of(work: Work, match: MatchRow, staff: Staff) -> UUID | None:
    """Name a team in which somebody is at work today, if they may hear of a match of another."""
    assert match.team_id is not None, "a match that is told has a team"
    team = get_team(work, match.team_id)
    hears = (one for one in list_posts_of(work, staff) if not one.absent and may_hear(one, team))
    return next((one.team_id for one in hears), None)
