"""Raise an alarm once, tell every privacy officer it is for, and keep what became of it.

The mail says nothing; the numbers are read with the privacy officer's own key.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from typing import Any, cast
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Table, func, or_, select, true

from hub.alarms.errors import AlarmClosedError, AlarmMissingError
from hub.alarms.events import AlarmClosed, AlarmRaised, AlarmsListed, CaseloadDeclared
from hub.alarms.finding import find_all
from hub.alarms.honey import find_met
from hub.alarms.models import AlarmRow, DeclaredCaseloadRow
from hub.alarms.values import Alarm, AlarmCode, AlarmState, ClosedBecause, Found
from hub.audit.service import record, record_many
from hub.notices.service import mail_at_once
from hub.partners.models import OrganisationRow, RightsDeskRow
from hub.partners.service import StaffRole, get_partner, list_staff
from hub.questions.scope import require_reader
from service.bulk import insert_free, is_one_of
from service.errors import RefusedError
from service.work import Role, Work

PAGE = 200
_TABLE = cast("Table", AlarmRow.__table__)
_COLUMNS = (
    "key", "id", "code", "organisation_id", "staff_id", "measured", "allowed", "raised_at", "state",
)  # fmt: skip


def raise_due(work: Work) -> int:
    """Look for all that is unusual now, and tell of what was not told before; returns how many."""
    return raise_alarms(work, [*find_all(work), *find_met(work)])


def raise_alarms(work: Work, found: Sequence[Found]) -> int:
    """Keep what is new and have a mail wait for every privacy officer it is for."""
    rows = {_key(one): one for one in found}
    values = [
        (key, uuid4(), one.code.value, one.organisation_id, one.staff_id, one.measured, one.allowed, work.now,
         AlarmState.OPEN.value)
        for key, one in rows.items()
    ]  # fmt: skip
    new = [rows[key] for key in insert_free(work.session, _TABLE, _COLUMNS, values)]
    if new:
        record_many(work, [_raised(one) for one in new])
        mail_at_once(work, {id_ for one in new for id_ in _officers(work, one.organisation_id)})
    return len(new)


def list_alarms(work: Work, *, state: AlarmState | None = None) -> list[Alarm]:
    """Return the alarms of the caller's municipality; from then on they were seen.

    What nobody closed comes first, then the newest: a busy year must not push it off the page.
    """
    scope = require_reader(work)
    closed = AlarmRow.state == AlarmState.CLOSED
    query = select(AlarmRow).where(_ours(work, scope), AlarmRow.state == state if state else true())
    rows = work.session.scalars(
        query.order_by(closed, AlarmRow.raised_at.desc(), AlarmRow.id).limit(PAGE)
    ).all()
    record(work, AlarmsListed(organisation_id=work.caller.organisation_id, detail={"count": len(rows)}))
    if work.caller.staff_id is not None:
        for row in rows:
            if row.state == AlarmState.OPEN:
                row.state, row.seen_by, row.seen_at = AlarmState.SEEN, work.caller.staff_id, work.now
        work.session.flush()
    return [_alarm(row) for row in rows]


def count_open(work: Work) -> dict[AlarmCode, int]:
    """Count by code the alarms of the caller's municipality that nobody closed."""
    scope = require_reader(work)
    query = select(AlarmRow.code, func.count()).where(AlarmRow.state != AlarmState.CLOSED, _ours(work, scope))
    return {AlarmCode(code): count for code, count in work.session.execute(query.group_by(AlarmRow.code))}


def close_alarm(work: Work, alarm_id: UUID, reason: ClosedBecause) -> Alarm:
    """Close an alarm for a coded reason, once.

    Raises:
        AlarmMissingError: There is none for the caller's municipality.
        AlarmClosedError: It was closed before.
    """
    scope = require_reader(work)
    query = select(AlarmRow).where(AlarmRow.id == alarm_id, _ours(work, scope)).with_for_update()
    row = work.session.scalars(query).one_or_none()
    if row is None:
        raise AlarmMissingError
    if row.state == AlarmState.CLOSED:
        raise AlarmClosedError
    row.state, row.closed_because = AlarmState.CLOSED, reason
    row.closed_by, row.closed_at = work.caller.staff_id, work.now
    work.session.flush()
    detail = {"alarm": str(row.id), "code": row.code, "reason": reason.value}
    record(work, AlarmClosed(organisation_id=row.organisation_id, detail=detail))
    return _alarm(row)


def declare_caseload(work: Work, organisation_id: UUID, persons: int) -> None:
    """Record how many persons an organisation works with: its volume is measured by that."""
    if work.caller.role is not Role.OPERATOR:
        raise RefusedError
    get_partner(work, organisation_id)
    work.session.merge(
        DeclaredCaseloadRow(organisation_id=organisation_id, persons=persons, declared_at=work.now)
    )
    work.session.flush()
    record(work, CaseloadDeclared(organisation_id=organisation_id, detail={"persons": persons}))


def _key(one: Found) -> bytes:
    parts = (one.code.value, str(one.organisation_id), str(one.staff_id), one.slot)
    return hashlib.sha256("|".join(parts).encode()).digest()[:16]


def _raised(one: Found) -> AlarmRaised:
    return AlarmRaised(
        organisation_id=one.organisation_id,
        subject={"staff": str(one.staff_id)} if one.staff_id else {},
        detail={"code": one.code.value, "measured": one.measured, "allowed": one.allowed},
    )


def _officers(work: Work, organisation_id: UUID | None) -> set[UUID]:
    """Return who hears of it: the privacy officers of the municipality that answers, else of every one."""
    municipal = select(OrganisationRow.id).where(
        OrganisationRow.may_receive | (OrganisationRow.kind == "rights_desk")
    )
    every = {id_: _officers_of(work, [id_]) for id_ in work.session.scalars(municipal)}
    desk = select(RightsDeskRow.desk_id).where(RightsDeskRow.organisation_id == organisation_id)
    answering = {organisation_id, *work.session.scalars(desk)}
    own = {id_ for one in answering for id_ in (every.get(one, set()) if one else ())}
    # An alarm that nobody hears is worse than one that too many hear: it says nothing of a person.
    return own or {id_ for ids in every.values() for id_ in ids}


def _officers_of(work: Work, organisation_ids: Collection[UUID]) -> set[UUID]:
    return {
        staff.id for id_ in organisation_ids for staff in list_staff(work, id_, StaffRole.PRIVACY_OFFICER)
    }


def _ours(work: Work, scope: frozenset[UUID] | None) -> ColumnElement[bool]:
    if scope is None:
        return true()
    ours: Any = is_one_of(work.session, AlarmRow.organisation_id, sorted(scope))
    return or_(ours, AlarmRow.organisation_id.is_(None))


def _alarm(row: AlarmRow) -> Alarm:
    return Alarm(
        id=row.id,
        code=AlarmCode(row.code),
        organisation_id=row.organisation_id,
        staff_id=row.staff_id,
        measured=row.measured,
        allowed=row.allowed,
        raised_at=row.raised_at,
        state=AlarmState(row.state),
        closed_because=ClosedBecause(row.closed_because) if row.closed_because else None,
        closed_at=row.closed_at,
    )
