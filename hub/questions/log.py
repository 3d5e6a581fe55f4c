"""Read the log itself, line by line, newest first, with filters: for a purpose, and on the record."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, false, select, tuple_

from hub.audit.models import AuditLineRow
from hub.audit.private import list_actor_keys
from hub.audit.reading import ABOUT_EMPLOYEE, ReadingPurpose, record_reading
from hub.partners.service import find_partners, find_staff
from hub.questions.errors import NotInMunicipalityError, PurposeNotAllowedError
from hub.questions.scope import require_reader
from hub.questions.texts import list_codes
from service.bulk import is_one_of
from service.clock import AMSTERDAM
from service.work import Work


class Acts(StrEnum):
    """A kind of acts that is looked for together."""

    SHOWN = "shown"
    REFUSED = "refused"
    OVERRIDE = "override"
    RIGHTS = "rights"
    ACCESS = "access"
    LOG = "log"


SHOWN = ("notice.shown", "intake.accepted", "match.contact_revealed", "archive.shown", "feedback.shown")
REFUSED = ("authz.denied", "auth.fail", "message.malformed")
CODES: Mapping[Acts, Collection[str]] = {Acts.SHOWN: SHOWN, Acts.REFUSED: REFUSED}
PREFIXES: Mapping[Acts, tuple[str, ...]] = {
    Acts.OVERRIDE: ("override.",),
    Acts.RIGHTS: ("rights.", "objection."),
    Acts.ACCESS: ("role.", "staff.", "credential.", "login."),
    Acts.LOG: ("log.", "shard.", "checkpoint.", "key."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which lines of the log are wanted.

    Attributes:
        since, until: days, both inclusive.
        before: the tree and number of the last line that was shown before.
    """

    since: date
    until: date
    acts: Acts | None = None
    organisation_id: UUID | None = None
    staff_id: UUID | None = None
    before: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the log, as coded facts; it names an organisation and a role, never a person.

    Attributes:
        count: how many acts the line stands for.
    """

    shard: str
    idx: int
    hour: datetime
    code: str
    outcome: str
    organisation: str
    role: str
    purpose: str
    rule: str
    count: int = 1


def read_log(work: Work, wanted: Filter, purpose: ReadingPurpose, *, page_size: int = 50) -> list[Line]:
    """Return lines of the log, newest first, one more than the page where there are more; that is recorded.

    Open the unit of work with the gate of disclosures.

    Raises:
        RoleNotAllowedError: Only a privacy officer reads, or the operator at the machine.
        PurposeNotAllowedError: What one employee did is not read for that purpose, as in AUD-04.
        NotInMunicipalityError: The employee is not of an organisation for which the caller answers.
    """
    scope = require_reader(work)
    if wanted.staff_id is not None and purpose not in ABOUT_EMPLOYEE:
        raise PurposeNotAllowedError(places=("/purpose",))
    _require_own(work, wanted.staff_id, scope)
    record_reading(
        work,
        purpose,
        what="log",
        organisation_id=work.caller.organisation_id,
        about={"staff": str(wanted.staff_id)} if wanted.staff_id else {},
        facts={
            "since": wanted.since.isoformat(),
            "until": wanted.until.isoformat(),
            "acts": wanted.acts or "all",
        },
    )
    rows = work.session.execute(_query(work, wanted, scope).limit(page_size + 1)).scalars().all()
    names = find_partners(work, {row.organisation_id for row in rows if row.organisation_id})
    return [_line(row, names) for row in rows]


def _require_own(work: Work, staff_id: UUID | None, scope: frozenset[UUID] | None) -> None:
    if staff_id is None:
        return
    staff = find_staff(work, [staff_id]).get(staff_id)
    if staff is None or (scope is not None and staff.organisation_id not in scope):
        raise NotInMunicipalityError(places=("/staffId",))


def _query(work: Work, wanted: Filter, scope: frozenset[UUID] | None) -> Select[Any]:
    line = AuditLineRow
    begins = datetime.combine(wanted.since, time(), AMSTERDAM).astimezone(UTC)
    ends = datetime.combine(wanted.until + timedelta(days=1), time(), AMSTERDAM).astimezone(UTC)
    query = select(line).where(line.hour >= begins, line.hour < ends)
    if scope is not None:
        query = query.where(is_one_of(work.session, line.organisation_id, sorted(scope)))
    if wanted.organisation_id is not None:
        query = query.where(line.organisation_id == wanted.organisation_id)
    if wanted.staff_id is not None:
        keys = list_actor_keys(work, str(wanted.staff_id))
        query = query.where(is_one_of(work.session, line.actor_key, keys))
    if wanted.acts is not None:
        query = query.where(_acted(wanted.acts))
    if wanted.before is not None:
        query = query.where(_earlier(work, *wanted.before))
    # By the hour first: an index has that order, also for one organisation, one employee or one code.
    return query.order_by(line.hour.desc(), line.shard.desc(), line.idx.desc())


def _earlier(work: Work, shard: str, idx: int) -> ColumnElement[bool]:
    line = AuditLineRow
    hour = work.session.scalar(select(line.hour).where(line.shard == shard, line.idx == idx))
    return tuple_(line.hour, line.shard, line.idx) < (hour, shard, idx) if hour else false()


def _acted(acts: Acts) -> ColumnElement[bool]:
    return AuditLineRow.code.in_(CODES[acts] if acts in CODES else list_codes(PREFIXES[acts]))


def _line(row: Any, names: Mapping[UUID, Any]) -> Line:
    partner = names.get(row.organisation_id)
    return Line(
        shard=row.shard,
        idx=row.idx,
        hour=row.hour,
        code=row.code,
        outcome=row.outcome,
        organisation=partner.name if partner else "",
        role=row.role,
        purpose=row.purpose,
        rule=row.legal_basis,
        count=row.count,
    )
