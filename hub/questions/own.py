"""What is kept about one member of staff, for themselves: their data, and what the log holds of their acts.

Professionals are data subjects too. They ask for themselves, by their own key or login, and for nobody else;
what a privacy officer asks about them is another question, with another purpose.

Source: TRA-14; AVG 15; LDV (no users in the log of processing).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select

from hub.audit.reading import ReadingPurpose, record_reading
from hub.logins.models import LoginSessionRow
from hub.partners.errors import RoleNotAllowedError
from hub.partners.models import CredentialRow
from hub.partners.service import find_partners, find_staff
from hub.partners.values import HeldRole, Staff
from hub.questions.errors import QuestionIncompleteError
from hub.questions.persons import done_by
from hub.questions.values import EARLIEST, Ask, Facts, Question, QuestionId, is_period, merged
from hub.teams.models import AbsenceRow, LocationCoordinatorRow, PostRow, SchoolContactRow
from service.clock import dutch_date
from service.work import Work

DAYS = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Period:
    """Where somebody worked, or was away: `until_on` is the first day on which that is over."""

    what: str
    since_on: date
    until_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnRecord:
    """All that is kept about a member of staff.

    Attributes:
        keys: under which they call, with since when, and until when.
        logins: on which days they logged in to the pages.
        acts: what the log holds: the act, its outcome, the number of what it was about, per day.
    """

    staff: Staff
    organisation: str
    roles: tuple[HeldRole, ...]
    keys: tuple[Period, ...]
    posts: tuple[Period, ...]
    absences: tuple[Period, ...]
    logins: tuple[date, ...]
    since: date
    until: date
    acts: Sequence[Facts]


def read_own(work: Work, *, since: date | None = None, until: date | None = None) -> OwnRecord:
    """Return what is kept about the caller, and what they did in the last thirty days or another period.

    Raises:
        RoleNotAllowedError: The caller is no member of staff: a key of an organisation is nobody.
        QuestionIncompleteError: The period is longer than a year, or no period.
    """
    staff = find_staff(work, [id_]).get(id_) if (id_ := work.caller.staff_id) else None
    if staff is None:
        raise RoleNotAllowedError
    last = until or dutch_date(work.now)
    first = since or max(last, EARLIEST) - DAYS
    if not is_period(first, last):
        raise QuestionIncompleteError(places=("/untilDate",))
    record_reading(
        work, ReadingPurpose.RIGHTS_REQUEST, what="own_record", organisation_id=staff.organisation_id
    )
    return OwnRecord(
        staff=staff,
        organisation=find_partners(work, [staff.organisation_id])[staff.organisation_id].name,
        roles=staff.roles,
        keys=_keys(work, staff.id),
        posts=_posts(work, staff.id),
        absences=_absences(work, staff.id),
        logins=_logins(work, staff.id),
        since=first,
        until=last,
        acts=_acts(work, staff.id, first, last),
    )


def _acts(work: Work, staff_id: UUID, since: date, until: date) -> Sequence[Facts]:
    purpose = ReadingPurpose.RIGHTS_REQUEST
    question = Question(id=QuestionId.AUD_04, purpose=purpose, since=since, until=until)
    return merged(done_by(Ask(work, question, None), staff_id))


def _keys(work: Work, staff_id: UUID) -> tuple[Period, ...]:
    query = select(CredentialRow).where(CredentialRow.staff_id == staff_id)
    return tuple(
        Period(
            row.client_id,
            dutch_date(row.registered_at),
            dutch_date(row.disabled_at) if row.disabled_at else None,
        )
        for row in work.session.scalars(query.order_by(CredentialRow.registered_at))
    )


def _posts(work: Work, staff_id: UUID) -> tuple[Period, ...]:
    query = select(PostRow).where(PostRow.staff_id == staff_id).order_by(PostRow.since_on)
    found = [Period(str(row.team_id), row.since_on, row.until_on) for row in work.session.scalars(query)]
    faces = work.session.scalars(select(SchoolContactRow).where(SchoolContactRow.staff_id == staff_id))
    found += [Period("school_contact", row.since_on, row.until_on) for row in faces]
    coordinates = LocationCoordinatorRow.staff_id == staff_id
    places = work.session.scalars(select(LocationCoordinatorRow).where(coordinates))
    found += [Period("location_coordinator", row.since_on, row.until_on) for row in places]
    return tuple(sorted(found, key=lambda one: (one.since_on, one.what)))


def _absences(work: Work, staff_id: UUID) -> tuple[Period, ...]:
    query = select(AbsenceRow).where(AbsenceRow.staff_id == staff_id).order_by(AbsenceRow.since_on)
    return tuple(Period("absent", row.since_on, row.until_on) for row in work.session.scalars(query))


def _logins(work: Work, staff_id: UUID) -> tuple[date, ...]:
    query = select(LoginSessionRow.started_at).where(LoginSessionRow.staff_id == staff_id)
    return tuple(sorted({dutch_date(at) for at in work.session.scalars(query)}))
