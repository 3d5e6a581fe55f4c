"""What an owner does with a match: take it up, give it back, and say how it goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from hub.audit.service import record
from hub.matches import effects, events, owners
from hub.matches.errors import NotOwnerError, ProgressInvalidError
from hub.matches.gates import event_of, require_able, require_own
from hub.matches.models import AssignmentRow, FollowUpRow, MatchRow
from hub.matches.showing import decide_again
from hub.matches.states import Because, MatchEffect, RefusalReason
from hub.matches.viewers import SeenOn, note_viewer
from hub.notices import service as notices
from hub.notices.service import ALERTS, Notice, NoticeKind, NoticeState, close_for_matches
from hub.notices.terms import TERM_WORKING_DAYS
from hub.partners.service import require_role
from hub.teams.service import TEAM_ROLES, find_own_team_ids
from service.clock import dutch_date
from service.work import Work

Row = tuple[MatchRow, AssignmentRow, FollowUpRow]
LOOK_BACK = timedelta(days=31)  # as far as a signal itself may


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
    effect: MatchEffect | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """What an owner says of a match: facts that are coded or dates; None says nothing new.

    Source:
        domain.md ROU-08 (central point of contact, parties aligned), ROU-12 (first contact), ROU-19 (that and
        when enforcement or help was weighed together, never with what result), STA-03 (effect).
    """

    case_lead: UUID | None = None
    subject_leads: bool | None = None
    aligned_on: date | None = None
    contacted_on: date | None = None
    jointly_considered_on: date | None = None
    effect: MatchEffect | None = None


def list_owned(work: Work) -> list[Owned]:
    """List what the caller owns in the teams they work in today, longest waiting first."""
    return _show(work, _read_own(work))


def page_owned(work: Work, *, cursor: UUID | None, page_size: int) -> tuple[list[Owned], UUID | None]:
    """List a page of what the caller owns, as `list_owned` does, with the cursor of the next page."""
    found = _read_own(work, after=cursor, limit=page_size + 1)
    shown = _show(work, found[:page_size])
    return shown, shown[-1].match_id if len(found) > page_size else None


def find_owned(work: Work, match_id: UUID) -> Owned | None:
    """Show one match that the caller owns; None where they do not."""
    return next(iter(_show(work, _read_own(work, only=match_id))), None)


def _read_own(
    work: Work, *, only: UUID | None = None, after: UUID | None = None, limit: int | None = None
) -> list[Row]:
    staff, teams = require_role(work, *TEAM_ROLES), find_own_team_ids(work)
    return owners.list_owned(work.session, staff.id, teams=teams, only=only, after=after, limit=limit)


def _show(work: Work, found: Sequence[Row]) -> list[Owned]:
    staff = require_role(work, *TEAM_ROLES)
    record(work, events.OwnListed(organisation_id=staff.organisation_id, detail={"count": len(found)}))
    note_viewer(work, staff, {match.id for match, *_ in found}, SeenOn.OWN)
    return [_owned(*one) for one in found]


def acknowledge(work: Work, notice_id: UUID, *, outcome: NoticeState) -> Notice:
    """Answer a notice; of a match, the recipient takes it up or says that there was contact already.

    Source: ROU-13 (acceptance is explicit), MAT-15.
    """
    decide_again(work, notice_id)
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
    staff, match, _ = require_own(work, match_id)
    effects.give_to_team(work, [match], working_days=working_days, because=Because.REFUSED)
    record(work, event_of(events.MatchRefused, staff, match_id, reason=reason.value))


def record_progress(work: Work, match_id: UUID, progress: Progress) -> Owned:
    """Write what an owner says of a match.

    Raises:
        ProgressInvalidError: A day lies in the future, or further before the match than a contact may.

    Source:
        ROU-08, ROU-12, ROU-19.
    """
    staff, match, owner = require_own(work, match_id)
    if owner.accepted_at is None:
        raise NotOwnerError
    if progress.case_lead is not None:
        require_able(work, match, progress.case_lead)
    row = owners.find_follow_up(work.session, match_id)
    _require_dates(progress, since=dutch_date(row.opened_at) - LOOK_BACK, until=dutch_date(work.now))
    said = {name: getattr(progress, name) for name in Progress.__slots__}
    said = {name: value for name, value in said.items() if value is not None}
    for name, value in said.items():
        setattr(row, name, value)
    work.session.flush()
    record(work, event_of(events.FollowUpRecorded, staff, match_id, **{k: str(v) for k, v in said.items()}))
    return _owned(match, owner, row)


def _require_dates(progress: Progress, *, since: date, until: date) -> None:
    """Require days on which it can have been: a day of any century is room for a message."""
    said = (getattr(progress, name) for name in Progress.__slots__ if name.endswith("_on"))
    if any(not since <= day <= until for day in said if day is not None):
        raise ProgressInvalidError


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
        effect=MatchEffect(row.effect) if row.effect else None,
    )
