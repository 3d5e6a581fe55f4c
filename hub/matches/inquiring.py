"""An inquiry into one signal: its clocks, and what is kept of it: dates and codes, never what was found.

It is a match of one signal with itself: the same owner, queue, gates and ladder, and clocks of its own.

Source: domain.md row 10 (zorgmeldplicht).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from hub.arrangements.values import ClockCode
from hub.audit.service import record
from hub.matches import events, inquiries, owners
from hub.matches.errors import InquiryIncompleteError, NotOwnerError, ProgressInvalidError
from hub.matches.gates import event_of, require_own, require_taken
from hub.matches.models import InquiryRow
from hub.matches.showing import look_again, still_told
from hub.matches.viewers import SeenOn, note_viewer
from hub.partners.service import require_role
from hub.teams.service import TEAM_ROLES, find_own_team_ids
from service.clock import dutch_date
from service.work import Work


class NotHeard(StrEnum):
    """Why a child was not heard."""

    TOO_YOUNG = "too_young"
    UNSAFE = "unsafe"
    REFUSED = "refused"
    NOT_REACHED = "not_reached"


class NotInvolved(StrEnum):
    """Why parents were not involved."""

    UNSAFE = "unsafe"
    REFUSED = "refused"
    NOT_REACHED = "not_reached"


@dataclass(frozen=True, slots=True, kw_only=True)
class InquiryStep:
    """What the owner of an inquiry says of it; None says nothing new."""

    done: frozenset[ClockCode] = frozenset()
    child_heard_on: date | None = None
    child_not_heard: NotHeard | None = None
    parents_involved_on: date | None = None
    parents_not_involved: NotInvolved | None = None


@dataclass(frozen=True, slots=True)
class RunningClock:
    """By when something is done, and when it was."""

    code: ClockCode
    due_at: datetime
    met_at: datetime | None
    missed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenInquiry:
    """An inquiry as its owner sees it, without a word about whom it concerns."""

    match_id: UUID
    opened_at: datetime
    clocks: tuple[RunningClock, ...]
    child_heard_on: date | None
    child_not_heard: NotHeard | None
    parents_involved_on: date | None
    parents_not_involved: NotInvolved | None


def list_inquiries(work: Work) -> list[OpenInquiry]:
    """List the inquiries that the caller owns in the teams they work in today, oldest first.

    Each is decided anew, as any match that is shown again. Source: CON-04, CON-12.
    """
    staff, teams = require_role(work, *TEAM_ROLES), find_own_team_ids(work)
    own = {match.id for match, *_ in owners.list_owned(work.session, staff.id, teams=teams)}
    opened = {row.match_id for row in inquiries.list_inquiries(work.session, own)}
    rows = inquiries.list_inquiries(work.session, still_told(work, opened).keys())
    record(work, events.OwnListed(organisation_id=staff.organisation_id, detail={"count": len(rows)}))
    note_viewer(work, staff, {row.match_id for row in rows}, SeenOn.OWN)
    return _read(work, rows)


def record_inquiry(work: Work, match_id: UUID, step: InquiryStep) -> OpenInquiry | None:
    """Write what was done in an inquiry, and when child and parents were heard, or why not.

    Returns:
        None where it may not be told any more: then nothing is written but that. Commit it, it is a decision.

    Raises:
        NotOwnerError: It is no inquiry of the caller's, or was not taken up.
        ProgressInvalidError: A day lies in the future or before the inquiry, or says both that and why not.
        InquiryIncompleteError: It would be closed without a word of the child or the parents.
    """
    require_taken(work, match_id)
    if not look_again(work, [match_id]):
        return None
    staff, *_ = require_own(work, match_id)
    row = inquiries.lock_inquiry(work.session, match_id)
    if row is None:
        raise NotOwnerError
    _require_sound(step, since=dutch_date(row.opened_at), until=dutch_date(work.now))
    said = {
        name: value for name in InquiryStep.__slots__ if (value := getattr(step, name)) and name != "done"
    }
    for name, value in said.items():
        setattr(row, name, value)
        setattr(row, _OTHERWISE[name], None)
    if ClockCode.COMPLETE in step.done:
        _require_heard(row)
    work.session.flush()
    inquiries.stop_clocks(work.session, match_id, step.done, now=work.now)
    detail = {"done": " ".join(sorted(step.done)), **{name: str(value) for name, value in said.items()}}
    record(work, event_of(events.InquiryRecorded, staff, match_id, **detail))
    return _read(work, [row])[0]


_OTHERWISE = {
    "child_heard_on": "child_not_heard",
    "child_not_heard": "child_heard_on",
    "parents_involved_on": "parents_not_involved",
    "parents_not_involved": "parents_involved_on",
}


def _require_sound(step: InquiryStep, *, since: date, until: date) -> None:
    days = [day for day in (step.child_heard_on, step.parents_involved_on) if day is not None]
    both = (step.child_heard_on and step.child_not_heard) or (
        step.parents_involved_on and step.parents_not_involved
    )
    if both or any(not since <= day <= until for day in days):
        raise ProgressInvalidError


def _require_heard(row: InquiryRow) -> None:
    child = row.child_heard_on or row.child_not_heard
    if not child or not (row.parents_involved_on or row.parents_not_involved):
        raise InquiryIncompleteError


def _read(work: Work, rows: Sequence[InquiryRow]) -> list[OpenInquiry]:
    clocks = inquiries.list_clocks(work.session, [row.match_id for row in rows])
    return [
        OpenInquiry(
            match_id=row.match_id,
            opened_at=row.opened_at,
            clocks=tuple(
                RunningClock(ClockCode(one.code), one.due_at, one.met_at, one.missed_at)
                for one in clocks
                if one.match_id == row.match_id
            ),
            child_heard_on=row.child_heard_on,
            child_not_heard=NotHeard(row.child_not_heard) if row.child_not_heard else None,
            parents_involved_on=row.parents_involved_on,
            parents_not_involved=NotInvolved(row.parents_not_involved) if row.parents_not_involved else None,
        )
        for row in rows
    ]
