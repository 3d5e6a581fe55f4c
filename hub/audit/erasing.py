"""Erase what lies beside the tree about registrations; the leaves, and every proof, stay as they are.

The ids to erase wait in a table, because only the worker may change what lies beside the tree. That a part
was erased is an event itself: an absence that no event explains is a finding of `verification`.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, literal, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from hub.audit.events import AuditEvent
from hub.audit.models import AuditPrivateRow, ErasureAskedRow
from hub.audit.service import record
from service.work import Work

OPENING = 32  # bytes in front of a part
BATCH = 50  # ids a turn: each is looked for in the whole table
NAMED = 20  # events a line


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateErased(AuditEvent):
    """The subject and detail beside these events were erased at a person's request."""

    code: ClassVar[str] = "audit.private_erased"
    purpose: str = "rights"


def ask_erasure(work: Work, references: Collection[UUID]) -> None:
    """Have the worker erase what lies beside the tree about these ids."""
    dialect = work.session.get_bind().dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    rows = [{"reference": id_, "asked_at": work.now} for id_ in sorted(references)]
    if rows:
        work.session.execute(insert(ErasureAskedRow).on_conflict_do_nothing(), rows)


def erase_private(work: Work, *, limit: int = BATCH) -> int:
    """Erase subject and detail of the events about ids that wait; returns how many ids that were.

    A line that names several persons' ids (a list that somebody saw) keeps them: those are random ids of rows
    that are gone, and the others' history is theirs.
    """
    query = select(ErasureAskedRow).order_by(ErasureAskedRow.asked_at).limit(limit)
    asked = list(work.session.scalars(query.with_for_update(skip_locked=True)))
    if not asked:
        return 0
    found = _find_about(work, [row.reference for row in asked])
    for event_ids in _chunks(sorted(found)):
        gone = update(AuditPrivateRow).where(AuditPrivateRow.event_id.in_(event_ids))
        work.session.execute(gone.values(subject=None, detail=None))
        record(work, PrivateErased(detail={"events": " ".join(id_.hex() for id_ in event_ids)}))
    work.session.execute(
        delete(ErasureAskedRow).where(ErasureAskedRow.reference.in_([row.reference for row in asked]))
    )
    return len(asked)


def _find_about(work: Work, references: Collection[UUID]) -> set[bytes]:
    texts = {str(reference) for reference in references}
    columns = (AuditPrivateRow.event_id, AuditPrivateRow.recorded_at, AuditPrivateRow.subject)
    holds = or_(*(_holds(work, text.encode()) for text in sorted(texts)))
    rows: Iterable[Any] = work.session.execute(select(*columns).where(holds))
    return {row.event_id for row in rows if texts & set(_single_values(row.subject))}


def _holds(work: Work, text: bytes) -> ColumnElement[bool]:
    column: Any = AuditPrivateRow.subject
    if work.session.get_bind().dialect.name == "postgresql":
        return func.position(literal(text).op("IN")(column)) > 0
    return func.instr(column, text) > 0


def _single_values(part: bytes | None) -> Iterator[str]:
    facts = json.loads(part[OPENING:]) if part else {}
    return (value for value in facts.values() if isinstance(value, str) and " " not in value)


def _chunks(ids: list[bytes]) -> Iterator[list[bytes]]:
    return (ids[start : start + NAMED] for start in range(0, len(ids), NAMED))
