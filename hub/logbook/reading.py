"""Read lines by trace, activity or subject, for a purpose and on the record.

Source: Logboek Dataverwerkingen, extension "lezen" 0.9.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select, true

from hub.audit.models import LOG, AuditLineRow, AuditSubjectRow
from hub.audit.reading import ReadingPurpose, record_reading
from hub.logbook.lines import LogbookLine, SubjectCodes, write_lines
from hub.questions.errors import PurposeNotAllowedError, QuestionIncompleteError
from hub.questions.scope import require_reader
from hub.signals.models import SignalRow
from service.work import Work

MOST = 200  # events a page
PERSON = frozenset({ReadingPurpose.RIGHTS_REQUEST, ReadingPurpose.COMPLAINT})


@dataclass(frozen=True, slots=True, kw_only=True)
class LogbookQuery:
    """What is asked: at least one of trace, activity and subject, and a period where one is named."""

    trace_id: str | None = None
    processing_activity_id: str | None = None
    data_subject_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None


def read_lines(
    work: Work, query: LogbookQuery, *, purpose: ReadingPurpose, register: str
) -> Sequence[LogbookLine]:
    """Return the oldest lines that meet all that is asked, of the caller's municipality.

    Raises:
        QuestionIncompleteError: None of the three was given: nobody reads everything.
        PurposeNotAllowedError: Lines about one person are read for their request or complaint only.
    """
    scope = require_reader(work)
    named = (query.trace_id, query.processing_activity_id, query.data_subject_id)
    if not any(named):
        raise QuestionIncompleteError(places=("traceId", "processingActivityId", "dataSubjectId"))
    if query.data_subject_id and purpose not in PERSON:
        raise PurposeNotAllowedError(places=("purpose",))
    _record(work, query, purpose)
    line = AuditLineRow
    ours = true() if scope is None else line.organisation_id.in_(sorted(scope))
    rows = work.session.scalars(
        select(line)
        .where(ours, *_conditions(work, query, register))
        .order_by(line.hour, line.idx)
        .limit(MOST)
    ).all()
    lines = write_lines(work, rows, register=register)
    wanted = query.data_subject_id
    return [one for one in lines if wanted is None or one.data_subject_id == wanted]


def _conditions(work: Work, query: LogbookQuery, register: str) -> list[ColumnElement[bool]]:
    line, found = AuditLineRow, list[ColumnElement[bool]]()
    if query.trace_id:
        found.append(line.event_id == bytes.fromhex(query.trace_id))
    if query.processing_activity_id:
        found.append(line.purpose == query.processing_activity_id.removeprefix(f"{register}/"))
    if query.data_subject_id:
        found.append(_about(work, query.data_subject_id))
    if query.since or query.until:
        begins, ends = query.since, query.until
        moment = line.recorded_at
        found.append(and_(moment >= begins if begins else true(), moment < ends if ends else true()))
        # By the index: the exact moment has none.
        found.append(line.hour >= begins - timedelta(hours=1) if begins else true())
    return found


def _about(work: Work, code: str) -> ColumnElement[bool]:
    thing = SubjectCodes(work.data_keys).read(code)
    named = select(AuditSubjectRow.event_id).where(AuditSubjectRow.thing_id == thing)
    receipt = select(SignalRow.leaf_hash).where(SignalRow.id == thing)
    taken = select(LOG.leaf.c.event_id).where(LOG.leaf.c.leaf_hash.in_(receipt))
    return or_(AuditLineRow.event_id.in_(named), AuditLineRow.event_id.in_(taken))


def _record(work: Work, query: LogbookQuery, purpose: ReadingPurpose) -> None:
    about = {"subject": query.data_subject_id} if query.data_subject_id else {}
    record_reading(work, purpose, what="logbook", organisation_id=work.caller.organisation_id, about=about)
