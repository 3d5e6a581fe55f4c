"""Give a match to a colleague: ask them to take it over, answer that, or have somebody by name take it up."""

from __future__ import annotations

from uuid import UUID

from hub.audit.service import record
from hub.matches import effects, events, owners
from hub.matches.advising import leave_panel
from hub.matches.asking import ask_colleague
from hub.matches.errors import NotEligibleError, NotOwnerError
from hub.matches.gates import event_of, find_open, require_able, require_own
from hub.matches.intake import reveal
from hub.matches.showing import look_again
from hub.matches.states import Because, HandOverState
from hub.matches.viewing import View
from hub.notices import service as notices
from hub.notices.service import NoticeKind, close_for_matches
from hub.notices.terms import TERM_WORKING_DAYS
from hub.partners.service import StaffRole, holds, require_role
from hub.teams.service import TEAM_ROLES, find_own_team_ids, get_team
from service.clock import dutch_date
from service.work import Work


def hand_over(work: Work, match_id: UUID, colleague: UUID, *, working_days: int = TERM_WORKING_DAYS) -> None:
    """Ask a named colleague of the team to take a match over; the caller stays owner until they accept.

    Raises:
        NotEligibleError: The colleague may not carry a match of this team today.
    """
    staff, match, _ = require_own(work, match_id)
    if colleague == staff.id:
        raise NotEligibleError
    wall = require_able(work, match, colleague)
    owners.offer(work.session, match_id, giver=staff.id, colleague=colleague, now=work.now)
    ask_colleague(work, match, colleague, NoticeKind.HAND_OVER, wall=wall, working_days=working_days)
    record(work, event_of(events.HandOverOffered, staff, match_id, colleague=str(colleague)))


def answer_hand_over(
    work: Work, match_id: UUID, answer: HandOverState, *, working_days: int = TERM_WORKING_DAYS
) -> View | None:
    """Accept or return what a colleague asked the caller to take over; accepted, it is the caller's.

    Returns:
        What the new owner sees; None where it was returned, or may not be told any more.

    Raises:
        NotOwnerError: Nobody asks the caller, or does no longer.
    """
    staff = require_role(work, *TEAM_ROLES)
    if answer is HandOverState.ACCEPTED and not look_again(work, [match_id], working_days=working_days):
        return None
    match = find_open(work, match_id)
    asked = owners.find_offer(work.session, match_id, colleague=staff.id)
    if asked is None or match is None:
        raise NotOwnerError
    close_for_matches(work, [match_id], kinds=(NoticeKind.HAND_OVER,))
    asked.state = answer
    work.session.flush()
    record(work, event_of(events.HandOverAnswered, staff, match_id, answer=answer.value))
    if answer is not HandOverState.ACCEPTED:
        return None
    require_able(work, match, staff.id)
    notices.leave(work, [match_id])
    effects.take_over(work, match, staff.id, because=Because.HANDED_OVER)
    return View(match_id, match.case_id, reveal(work, staff, match))


def assign_to(work: Work, match_id: UUID, staff_id: UUID, *, working_days: int = TERM_WORKING_DAYS) -> None:
    """Have somebody by name take a match up: by their lead, or by who watches over the follow-up.

    Raises:
        NotOwnerError: The match is not of the caller's team or organisation.

    Source:
        domain.md 5.5 (team lead assigns; process director and municipal coordinator re-assign).
    """
    watchers = (StaffRole.PROCESS_DIRECTOR, StaffRole.MUNICIPAL_COORDINATOR)
    staff = require_role(work, StaffRole.TEAM_LEAD, *watchers)
    match = find_open(work, match_id)
    if match is None or match.team_id is None:
        raise NotOwnerError
    watches = holds(staff, watchers, dutch_date(work.now))
    own = watches and get_team(work, match.team_id).organisation_id == staff.organisation_id
    if not own and match.team_id not in find_own_team_ids(work):
        raise NotOwnerError
    leave_panel(work, match, staff_id, adviser=staff.id)
    require_able(work, match, staff_id)
    effects.give_to_team(
        work, [match], working_days=working_days, because=Because.REASSIGNED, to={match_id: staff_id}
    )
    record(work, event_of(events.MatchReassigned, staff, match_id, to=str(staff_id)))
