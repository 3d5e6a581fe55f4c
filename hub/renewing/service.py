"""Ask again for consents that ended with an age: open tasks, list them, have them answered.

Until the person consents anew, nobody is told: the task opens nothing. What they said is never written in it,
for a no has no effect that anybody sees.

Source: CON-09, CON-16.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, delete, or_, select

from hub.audit.service import record, record_many
from hub.cases.service import get_cases
from hub.consent.consenting import Lapsed, lapse_due
from hub.consent.facts import Fact
from hub.consent.remembering import covers_still, has_stop, list_decisions
from hub.matches.erasing import list_keys, list_lately
from hub.partners.service import Staff, StaffRole, find_staff, holds, require_role
from hub.renewing import events
from hub.renewing.errors import ConsentTaskAnsweredError, ConsentTaskMissingError
from hub.renewing.models import ConsentTaskRow
from hub.signals.service import SignalState, get_signals
from hub.subjects.service import RegistrationKind, Verdict, find_ever_agreeing
from hub.teams.service import TEAM_ROLES
from service.clock import dutch_date
from service.work import Work

# The signal ends with the same quarter, and whoever looks first has the match decided anew: which of these
# came first must not matter.
JUST_NOW = timedelta(days=2)
OVERSEEING = (StaffRole.DESK, StaffRole.PARTNER_COORDINATOR)
ASKING = tuple(dict.fromkeys((*OVERSEEING, StaffRole.REPORTER, *TEAM_ROLES)))
PAGE = 200


class About(StrEnum):
    """What a task names."""

    CONSENT = "consent"
    MATCH = "match"


class TaskAnswer(StrEnum):
    """What becomes of a task; whether the person said yes stands in a consent, and a no stands nowhere."""

    ASKED = "asked"
    NOT_NEEDED = "not_needed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentTask:
    """Ask this consent again (opnieuw toestemming vragen)."""

    id: UUID
    about_kind: About
    about_id: UUID
    ended_bracket: str
    opened_at: datetime
    answer: TaskAnswer | None


def lapse_and_ask(work: Work, *, limit: int) -> int:
    """End consents that are over, and ask again for those that ended with an age; counts what ended."""
    return lapse_due(work, limit=limit, ask_again=open_tasks)


def open_tasks(work: Work, lapsed: Sequence[Lapsed]) -> None:
    """Give who recorded each of these consents, and who heard on it, the task to ask again.

    Nobody is asked where the person consented anew meanwhile.
    """
    rows = [row for one in lapsed if not covers_still(work, one.id) for row in _tasks(work, one)]
    work.session.add_all(rows)
    work.session.flush()
    record_many(work, [_opened(row) for row in rows])


def list_tasks(work: Work, *, limit: int = PAGE) -> list[ConsentTask]:
    """List what the caller is to ask again, and for a desk or coordinator what their organisation is to."""
    staff = require_role(work, *ASKING)
    open_ = _mine(work, staff) & ConsentTaskRow.answered_at.is_(None)
    query = select(ConsentTaskRow).where(open_).order_by(ConsentTaskRow.opened_at, ConsentTaskRow.id)
    rows = list(work.session.scalars(query.limit(limit)))
    if rows:
        listed = events.ConsentTasksListed(organisation_id=staff.organisation_id, detail={"count": len(rows)})
        record(work, listed)
    return [_task(row) for row in rows]


def answer_task(work: Work, task_id: UUID, answer: TaskAnswer) -> ConsentTask:
    """Say that the person was asked, or that it is not needed; twice the same is once.

    Raises:
        ConsentTaskMissingError: It is not the caller's.
        ConsentTaskAnsweredError: It was answered otherwise.
    """
    staff = require_role(work, *ASKING)
    query = select(ConsentTaskRow).where(ConsentTaskRow.id == task_id, _mine(work, staff))
    row = work.session.scalars(query.with_for_update()).one_or_none()
    if row is None:
        raise ConsentTaskMissingError
    if row.answered_at is None:
        row.answer, row.answered_by, row.answered_at = answer.value, staff.id, work.now
        work.session.flush()
        record(work, _answered(row, answer))
    elif row.answer != answer:
        raise ConsentTaskAnsweredError
    return _task(row)


def erase_tasks(work: Work, ids: Collection[UUID]) -> None:
    """Delete tasks about consents and matches that are erased."""
    named = or_(ConsentTaskRow.consent_id.in_(ids), ConsentTaskRow.about_id.in_(ids))
    work.session.execute(delete(ConsentTaskRow).where(named))


def _tasks(work: Work, one: Lapsed) -> Iterator[ConsentTaskRow]:
    home, recorder = one.organisation_id, one.recorded_by
    yield _row(work, one, About.CONSENT, one.id, organisation_id=home, staff_id=recorder)
    for match_id, staff in _heard_on(work, one):
        yield _row(work, one, About.MATCH, match_id, organisation_id=staff.organisation_id, staff_id=staff.id)


def _heard_on(work: Work, one: Lapsed) -> list[tuple[UUID, Staff]]:
    """Find who took up a match that was told on the strength of this consent, and had it until now.

    Only they: to anybody else a task would say that there is somebody. And nobody while an objection or a
    restriction stands, or where the match ended otherwise: with its signal or its case.
    """
    agreements = find_ever_agreeing(work, [one.id], kinds=(RegistrationKind.SIGNAL,))
    signals = {each.right for each in agreements if each.verdict is Verdict.SAME}
    if has_stop(work, one.id):
        return []
    rested = {
        (each.signal_id, each.other_id)
        for each in list_decisions(work, signals)
        if each.allowed and Fact.CONSENT_COVERS in {fact for _, fact in each.reasons}
    }
    over = _over(work, {id_ for key in rested for id_ in key})
    matches = [id_ for id_, key in list_keys(work, signals).items() if key in rested and not over & {*key}]
    named = list_lately(work, matches, since=work.now - JUST_NOW)
    staff = find_staff(work, set(named.values()))
    return [(id_, staff[staff_id]) for id_, staff_id in sorted(named.items()) if staff_id in staff]


def _over(work: Work, ids: Collection[UUID]) -> set[UUID]:
    """Name the signals that were withdrawn and the cases that were closed."""
    signals, cases = get_signals(work, ids), get_cases(work, ids)
    withdrawn = {id_ for id_, one in signals.items() if one.state is SignalState.WITHDRAWN}
    return withdrawn | {id_ for id_, one in cases.items() if one.closed_at is not None}


def _row(
    work: Work, one: Lapsed, kind: About, id_: UUID, *, organisation_id: UUID, staff_id: UUID
) -> ConsentTaskRow:
    return ConsentTaskRow(
        id=uuid4(),
        consent_id=one.id,
        organisation_id=organisation_id,
        staff_id=staff_id,
        about_kind=kind.value,
        about_id=id_,
        ended_bracket=one.bracket,
        opened_at=work.now,
    )


def _mine(work: Work, staff: Staff) -> ColumnElement[bool]:
    """Select the caller's own; whoever recorded one may be gone, so a desk and a coordinator see them all."""
    own: ColumnElement[bool] = ConsentTaskRow.staff_id == staff.id
    if not holds(staff, OVERSEEING, dutch_date(work.now)):
        return own
    same = ConsentTaskRow.organisation_id == staff.organisation_id
    return own | (same & (ConsentTaskRow.about_kind == About.CONSENT.value))


def _task(row: ConsentTaskRow) -> ConsentTask:
    return ConsentTask(
        id=row.id,
        about_kind=About(row.about_kind),
        about_id=row.about_id,
        ended_bracket=row.ended_bracket,
        opened_at=row.opened_at,
        answer=TaskAnswer(row.answer) if row.answer else None,
    )


def _opened(row: ConsentTaskRow) -> events.ConsentTaskOpened:
    return events.ConsentTaskOpened(organisation_id=row.organisation_id, subject=_subject(row))


def _answered(row: ConsentTaskRow, answer: TaskAnswer) -> events.ConsentTaskAnswered:
    detail = {"answer": answer.value}
    return events.ConsentTaskAnswered(
        organisation_id=row.organisation_id, subject=_subject(row), detail=detail
    )


def _subject(row: ConsentTaskRow) -> dict[str, str]:
    return {row.about_kind: str(row.about_id), "task": str(row.id)}
