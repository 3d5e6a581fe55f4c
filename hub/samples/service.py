"""Draw disclosures for review, and keep what a privacy officer found of each.

Drawn are the first twenty of each month, of the rest one in sixteen by the last digit of a random number, and
everything that was shown to an employee of whom a warning is open. So what was drawn stays drawn, whatever is
shown after it. Each is judged within thirty days; what was not stays on the list as late, until it is three
months old.

Source: audit-and-reliability.md 3.4 (5 % and all that is flagged, within 30 days); NEN 7513, 9.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from typing import cast as cast_to
from uuid import UUID

from sqlalchemy import ColumnElement, Select, String, Table, and_, cast, func, or_, select

from hub.alarms.models import AlarmRow
from hub.alarms.values import AlarmState
from hub.audit.reading import ReadingPurpose
from hub.audit.service import record
from hub.partners.service import StaffRole, require_role
from hub.questions.scope import require_reader
from hub.questions.telling import describe_disclosed, query_disclosed
from hub.questions.values import Ask, Facts, Question, QuestionId
from hub.samples.errors import SampleJudgedError, SampleMissingError
from hub.samples.events import SampleJudged, SampleShown
from hub.samples.models import SampleRow
from service.bulk import insert_free
from service.clock import dutch_date
from service.work import Work

_TABLE = cast_to("Table", SampleRow.__table__)
_COLUMNS = ("disclosure_id", "outcome", "reviewed_by", "reviewed_at")
WITHIN = timedelta(days=30)
SEEN = timedelta(days=92)  # after which nobody remembers why they looked
FEW = 20
DAY, LONGEST_MONTH = timedelta(days=1), timedelta(days=31)
MANY = 50
DIGIT = "0"  # one of the sixteen last digits of a random number


class Finding(StrEnum):
    """What a privacy officer found of a disclosure: a closed list."""

    IN_ORDER = "in_order"
    NO_REASON = "no_reason"
    TO_EXAMINE = "to_examine"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A disclosure that is to be judged, with the facts of AUD-02, and whether it should have been."""

    id: UUID
    facts: Facts
    late: bool


def list_drawn(work: Work, *, limit: int = 20) -> list[Drawn]:
    """List what is drawn and nobody judged; that it was looked at is recorded.

    Open the unit of work with the gate of disclosures.

    Raises:
        RoleNotAllowedError: Only a privacy officer judges.
    """
    require_role(work, StaffRole.PRIVACY_OFFICER)
    ask = _ask(work)
    late = work.now - WITHIN
    rows = _read(ask, limit, late)
    own = work.caller.organisation_id
    record(work, SampleShown(organisation_id=own, detail={"count": len(rows)}))
    described = zip(rows, describe_disclosed(ask, rows), strict=True)
    return [Drawn(row.id, one, late=row.at < late) for row, one in described]


def count_drawn(work: Work) -> int:
    """Count what is drawn and nobody judged, up to `MANY`."""
    some = _waiting(_ask(work)).limit(MANY).subquery()
    return int(work.session.execute(select(func.count()).select_from(some)).scalar_one())


def judge(work: Work, disclosure_id: UUID, finding: Finding) -> None:
    """Keep what was found of a disclosure, once.

    Raises:
        SampleMissingError: It was not drawn in the caller's municipality.
        SampleJudgedError: Somebody judged it before.
    """
    staff = require_role(work, StaffRole.PRIVACY_OFFICER)
    ask = _ask(work)
    drawn = query_disclosed(ask)
    columns = drawn.selected_columns
    own = drawn.where(columns.id == disclosure_id, _is_drawn(ask, columns))
    if work.session.execute(own.limit(1)).first() is None:
        raise SampleMissingError
    values = [(disclosure_id, finding.value, staff.id, work.now)]
    if not insert_free(work.session, _TABLE, _COLUMNS, values):
        raise SampleJudgedError
    detail = {"disclosure": str(disclosure_id), "finding": finding.value}
    record(work, SampleJudged(organisation_id=staff.organisation_id, detail=detail))


def _ask(work: Work) -> Ask:
    today = dutch_date(work.now)
    question = Question(
        id=QuestionId.AUD_02, purpose=ReadingPurpose.SUPERVISION, since=today - SEEN, until=today
    )
    return Ask(work, question, require_reader(work))


def _read(ask: Ask, limit: int, late: datetime) -> list[Any]:
    """Read what is late before what is not, oldest first."""
    waiting = _waiting(ask)
    at = waiting.selected_columns.at
    overdue = ask.work.session.execute(waiting.where(at < late).limit(limit)).all()
    rest = ask.work.session.execute(waiting.where(at >= late).limit(limit - len(overdue))).all()
    return sorted([*overdue, *rest], key=lambda row: (row.at, row.id))


def _waiting(ask: Ask) -> Select[Any]:
    # In no order: with one, every disclosure of the month would be read to show twenty.
    drawn = query_disclosed(ask).order_by(None)
    columns, judged = drawn.selected_columns, select(SampleRow.disclosure_id)
    return drawn.where(_is_drawn(ask, columns), columns.id.not_in(judged))


def _is_drawn(ask: Ask, columns: Any) -> ColumnElement[bool]:
    by_lot = cast(columns.id, String).like(f"%{DIGIT}")
    return or_(by_lot, *_first_ones(ask, columns.at), columns.staff_id.in_(_flagged(ask)))


def _first_ones(ask: Ask, at: Any) -> Iterator[ColumnElement[bool]]:
    """Select what was shown before the twenty-first of its month: no later one changes that."""
    month, last = ask.question.since.replace(day=1), ask.question.until
    months: list[Ask] = []
    while month <= last:
        following = (month + LONGEST_MONTH).replace(day=1)
        months.append(replace(ask, question=replace(ask.question, since=month, until=following - DAY)))
        month = following
    for asked, end in zip(months, _ends_of_first(months), strict=True):
        yield and_(at >= asked.begins, at < (end or asked.ends))


def _ends_of_first(months: Sequence[Ask]) -> Sequence[datetime | None]:
    """Read when the twenty-first of each month was shown, in one statement; None where there are fewer."""
    question = replace(months[0].question, until=months[-1].question.until)
    shown = query_disclosed(replace(months[0], question=question)).order_by(None)
    moment = shown.selected_columns.at
    ordered = shown.with_only_columns(moment).order_by(moment).offset(FEW).limit(1)
    ends = [ordered.where(one.within(moment)).scalar_subquery() for one in months]
    return months[0].work.session.execute(select(*ends)).one()


def _flagged(ask: Ask) -> Sequence[UUID]:
    open_ = (AlarmRow.state != AlarmState.CLOSED) & AlarmRow.staff_id.is_not(None)
    return [id_ for id_ in ask.work.session.scalars(select(AlarmRow.staff_id).where(open_)) if id_]
