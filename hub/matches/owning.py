"""What an owner does with a match: give it back, hand it over, ask a colleague, and say how it goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from hub.audit.service import record
from hub.matches import effects, events, owners, store
from hub.matches.advising import leave_panel
from hub.matches.errors import NotEligibleError, NotOwnerError
from hub.matches.intake import Handle, reveal
from hub.matches.models import AssignmentRow, ConsultRow, FollowUpRow, MatchRow
from hub.matches.showing import look_again
from hub.matches.states import Because, HandOverState, MatchState, RefusalReason
from hub.notices import service as notices
from hub.notices.service import ALERTS, NewNotice, Notice, NoticeKind, NoticeState, close_for_matches, queue
from hub.notices.terms import TERM_WORKING_DAYS
from hub.partners.service import Staff, StaffRole, find_staff, holds, require_role
from hub.teams.roster import read_roster
from hub.teams.service import TEAM_ROLES, find_own_team_ids
from service.clock import dutch_date
from service.work import Work

LONGEST_CONSULT = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Owned:
    """A match that the caller owns, without a word about whom it concerns."""

    match_id: UUID
    case_id: UUID | None
    since: datetime
    accepted: bool
    case_lead: UUID | None
    subject_leads: bool
    aligned_on: date | None
    contacted_on: date | None
    jointly_considered_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """What an owner says of a match: facts that are coded or dates; None says nothing new.

    Source:
        domain.md ROU-08 (central point of contact, parties aligned), ROU-12 (first contact), ROU-19 (that and
        when enforcement or help was weighed together, never with what result).
    """

    case_lead: UUID | None = None
    subject_leads: bool | None = None
    aligned_on: date | None = None
    contacted_on: date | None = None
    jointly_considered_on: date | None = None


@dataclass(frozen=True, slots=True)
class View:
    """What an owner, or a colleague who was asked, sees of a match at the level allowed today."""

    match_id: UUID
    case_id: UUID | None
    handles: tuple[Handle, ...]


def list_owned(work: Work) -> list[Owned]:
    """List what the caller owns in the teams they work in today, longest waiting first."""
    staff, teams = require_role(work, *TEAM_ROLES), find_own_team_ids(work)
    found = [one for one in owners.list_owned(work.session, staff.id) if one[0].team_id in teams]
    record(work, events.OwnListed(organisation_id=staff.organisation_id, detail={"count": len(found)}))
    return [_owned(*one) for one in found]


def acknowledge(work: Work, notice_id: UUID, *, outcome: NoticeState) -> Notice:
    """Answer a notice; of a match, the recipient takes it up or says that there was contact already.

    Source:
        ROU-13 (acceptance is explicit), MAT-15.
    """
    notice = notices.acknowledge(work, notice_id, outcome=outcome)
    if notice.kind == NoticeKind.MATCH and work.caller.staff_id is not None:
        close_for_matches(work, [notice.match_id], kinds=ALERTS)
        owners.accept(
            work.session, notice.match_id, staff_id=work.caller.staff_id, outcome=outcome.value, now=work.now
        )
    return notice


def refuse(
    work: Work, match_id: UUID, reason: RefusalReason, *, working_days: int = TERM_WORKING_DAYS
) -> None:
    """Give a match back to the queue of its team, with a reason from the list. Source: ROU-13."""
    staff, match, _ = _require_own(work, match_id)
    effects.give_to_team(work, [match], working_days=working_days, because=Because.REFUSED)
    record(work, _event(events.MatchRefused, staff, match_id, reason=reason.value))


def hand_over(work: Work, match_id: UUID, colleague: UUID, *, working_days: int = TERM_WORKING_DAYS) -> None:
    """Ask a named colleague of the team to take a match over; the caller stays owner until they accept.

    Raises:
        NotEligibleError: The colleague may not carry a match of this team today.
    """
    staff, match, _ = _require_own(work, match_id)
    _require_able(work, match, colleague, other_than=staff.id)
    owners.offer(work.session, match_id, giver=staff.id, colleague=colleague, now=work.now)
    _tell(work, match, colleague, NoticeKind.HAND_OVER, working_days=working_days)
    record(work, _event(events.HandOverOffered, staff, match_id, colleague=str(colleague)))


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
    match = _lock(work, match_id)
    asked = owners.find_offer(work.session, match_id, colleague=staff.id)
    if asked is None or match is None:
        raise NotOwnerError
    close_for_matches(work, [match_id], kinds=(NoticeKind.HAND_OVER,))
    asked.state = answer
    work.session.flush()
    record(work, _event(events.HandOverAnswered, staff, match_id, answer=answer.value))
    if answer is not HandOverState.ACCEPTED:
        return None
    _require_able(work, match, staff.id)
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
    match = _lock(work, match_id)
    if match is None or match.team_id is None:
        raise NotOwnerError
    roster = read_roster(work, [match.team_id])
    watches = holds(staff, watchers, dutch_date(work.now))
    own = watches and roster.organisation_of(match.team_id) == staff.organisation_id
    if not own and match.team_id not in find_own_team_ids(work):
        raise NotOwnerError
    leave_panel(work, match, staff_id, adviser=staff.id)
    _require_able(work, match, staff_id)
    effects.give_to_team(
        work, [match], working_days=working_days, because=Because.REASSIGNED, to={match_id: staff_id}
    )
    record(work, _event(events.MatchReassigned, staff, match_id, to=str(staff_id)))


def consult(
    work: Work, match_id: UUID, colleague: UUID, *, lasts: timedelta, working_days: int = TERM_WORKING_DAYS
) -> datetime:
    """Let one named colleague look at a match for some days; returns until when.

    Raises:
        NotEligibleError: They work in no team of the organisation today, or it would last too long.

    Source:
        domain.md row 5 (b): view for one named colleague, logged, time-boxed.
    """
    staff, match, owner = _require_own(work, match_id)
    found = find_staff(work, [colleague]).get(colleague)
    near = found is not None and found.organisation_id == staff.organisation_id and found.id != staff.id
    if found is None or not near or not holds(found, TEAM_ROLES, dutch_date(work.now)):
        raise NotEligibleError
    if owner.accepted_at is None or not timedelta() < lasts <= LONGEST_CONSULT:
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
    _tell(work, match, colleague, NoticeKind.CONSULT, working_days=working_days, team=None)
    record(work, _event(events.ConsultAsked, staff, match_id, colleague=str(colleague)))
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
    return View(match_id, match.case_id, reveal(work, staff, match))


def record_progress(work: Work, match_id: UUID, progress: Progress) -> Owned:
    """Write what an owner says of a match. Source: ROU-08, ROU-12, ROU-19."""
    staff, match, owner = _require_own(work, match_id)
    if owner.accepted_at is None:
        raise NotOwnerError
    if progress.case_lead is not None:
        _require_able(work, match, progress.case_lead)
    row = owners.find_follow_up(work.session, match_id)
    said = {name: getattr(progress, name) for name in Progress.__slots__}
    said = {name: value for name, value in said.items() if value is not None}
    for name, value in said.items():
        setattr(row, name, value)
    work.session.flush()
    record(work, _event(events.FollowUpRecorded, staff, match_id, **{k: str(v) for k, v in said.items()}))
    return _owned(match, owner, row)


def _may_view(work: Work, match_id: UUID, staff: Staff) -> bool:
    match = store.find_matches(work.session, [match_id]).get(match_id)
    owner = owners.find_current(work.session, [match_id]).get(match_id)
    if match is None or match.state != MatchState.OPEN or owner is None:
        return False
    if owner.staff_id == staff.id and owner.accepted_at is not None:
        return match.team_id in find_own_team_ids(work)
    return owners.find_consult(work.session, match_id, colleague=staff.id, now=work.now) is not None


def _lock(work: Work, match_id: UUID) -> MatchRow | None:
    found = store.lock_matches(work.session, [match_id])
    return next((row for row in found if row.state == MatchState.OPEN), None)


def _require_own(work: Work, match_id: UUID) -> tuple[Staff, MatchRow, AssignmentRow]:
    staff = require_role(work, *TEAM_ROLES)
    match = _lock(work, match_id)
    owner = owners.lock_current(work.session, match_id)
    if match is None or owner is None or owner.staff_id != staff.id:
        raise NotOwnerError
    if match.team_id not in find_own_team_ids(work):
        raise NotOwnerError
    return staff, match, owner


def _require_able(work: Work, match: MatchRow, staff_id: UUID, *, other_than: UUID | None = None) -> None:
    team_id = match.team_id
    if (
        team_id is None
        or staff_id == other_than
        or not read_roster(work, [team_id]).is_able(team_id, staff_id)
    ):
        raise NotEligibleError


def _tell(
    work: Work,
    match: MatchRow,
    recipient: UUID,
    kind: NoticeKind,
    *,
    working_days: int,
    team: Sequence[UUID] | None = (),
) -> None:
    """Put a line in somebody's inbox that says no more than that they are asked something."""
    assert match.team_id is not None, "a match that is told has a team"
    notice = NewNotice(
        match_id=match.id,
        recipient=recipient,
        kind=kind,
        organisation_id=read_roster(work, [match.team_id]).organisation_of(match.team_id),
        team_id=None if team is None else match.team_id,
    )
    queue(work, [notice], working_days=working_days)


def _owned(match: MatchRow, owner: AssignmentRow, row: FollowUpRow) -> Owned:
    return Owned(
        match_id=match.id,
        case_id=match.case_id,
        since=row.opened_at,
        accepted=owner.accepted_at is not None,
        case_lead=row.case_lead,
        subject_leads=row.subject_leads,
        aligned_on=row.aligned_on,
        contacted_on=row.contacted_on,
        jointly_considered_on=row.jointly_considered_on,
    )


def _event(kind: type[events.OfMatch], staff: Staff, match_id: UUID, **detail: str) -> events.OfMatch:
    return kind(
        organisation_id=staff.organisation_id,
        subject={"match": str(match_id)},
        detail={"staff": str(staff.id), **detail},
    )
