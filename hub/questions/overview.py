"""The figures that a privacy officer begins the day with: counts and dates, about nobody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy import ColumnElement, Engine, func, select, true

from hub.audit.models import LOG, AuditCosignedRow, AuditLineRow
from hub.audit.reading import ReadingPurpose, record_reading
from hub.audit.service import record
from hub.informing.override_store import list_unreviewed
from hub.partners.desks import supervised_by
from hub.questions.events import OverviewShown
from hub.questions.log import REFUSED, SHOWN
from hub.questions.scope import require_reader
from hub.retention.models import RetentionRunRow
from hub.rights.models import RightsRequestRow
from service.bulk import is_one_of
from service.clock import AMSTERDAM, dutch_date
from service.work import Work

DAYS, DAY = 30, timedelta(days=1)
SOON = timedelta(days=7)
MOST = 500
COUNTS_LAST = timedelta(minutes=5)
ByDay = Counter[tuple[date, bool]]
NEVER = datetime.min.replace(tzinfo=UTC) + DAY
# Of days that are over, by store and municipality; a handful.
_counted: WeakKeyDictionary[Engine, dict[frozenset[UUID] | None, tuple[datetime, ByDay]]] = (
    WeakKeyDictionary()
)


@dataclass(frozen=True, slots=True)
class Day:
    """How often something was shown, and refused, on a day."""

    on: date
    shown: int
    refused: int


@dataclass(frozen=True, slots=True)
class Head:
    """How far the newest tree of the log is signed, and cosigned by whom; "" where nobody did."""

    tree: str
    size: int
    signed_at: datetime
    witness: str
    cosigned: int
    cosigned_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """A citizen's request that is not decided, and the day on which it has to be."""

    id: UUID
    kind: str
    state: str
    received_on: date
    due_on: date
    extended: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """What matters today.

    Attributes:
        days: the last thirty, oldest first; those before today as they were a few minutes ago.
        late: citizens' requests that should have been decided.
        soon: those that have to be within a week.
        braked: rules of keeping whose last run was stopped.
        kept_at: when a rule of keeping ran last.
        verified: when somebody last recomputed the log, and whether that found nothing.
    """

    days: Sequence[Day]
    overrides: int
    late: int
    soon: int
    braked: Sequence[str]
    kept_at: datetime | None
    head: Head | None
    verified: tuple[datetime, bool] | None


def read_overview(work: Work) -> Overview:
    """Count what matters, of the organisations for which the caller answers; that is recorded as supervision.

    Raises:
        RoleNotAllowedError: Only a privacy officer reads.
    """
    scope = require_reader(work)
    own = work.caller.organisation_id
    record(work, OverviewShown(organisation_id=own))
    today = dutch_date(work.now)
    runs = _last_runs(work)
    late, soon = count_clocks(work, scope, today)
    return Overview(
        days=_count_days(work, scope, today),
        overrides=_count_overrides(work, today),
        late=late,
        soon=soon,
        braked=sorted(rule for rule, _, braked in runs if braked),
        kept_at=max((ran_at for _, ran_at, _ in runs), default=None),
        head=_find_head(work),
        verified=_find_verified(work),
    )


def _count_overrides(work: Work, today: date) -> int:
    own = work.caller.organisation_id
    mine = supervised_by(work, own) if own else frozenset()
    return len(list_unreviewed(work.session, mine, on=today, limit=MOST))


def list_clocks(work: Work, purpose: ReadingPurpose) -> list[Clock]:
    """List the citizens' requests that are not decided, the first due on top; that is recorded."""
    scope = require_reader(work)
    record_reading(work, purpose, what="clocks", organisation_id=work.caller.organisation_id)
    return _list_clocks(work, scope)


def _list_clocks(work: Work, scope: frozenset[UUID] | None) -> list[Clock]:
    row = RightsRequestRow
    query = (
        select(row.id, row.kind, row.state, row.received_at, row.due_on, row.extension)
        .where(row.decided_at.is_(None), _ours(work, row.organisation_id, scope))
        .order_by(row.due_on, row.id)
        .limit(MOST)
    )
    return [
        Clock(
            id=one.id,
            kind=one.kind,
            state=one.state,
            received_on=dutch_date(one.received_at),
            due_on=one.due_on,
            extended=one.extension is not None,
        )
        for one in work.session.execute(query)
    ]


def count_clocks(work: Work, scope: frozenset[UUID] | None, today: date) -> tuple[int, int]:
    """Count the requests that are not decided: those too late, and those of the coming week."""
    row = RightsRequestRow
    late, soon = row.due_on < today, row.due_on.between(today, today + SOON)
    query = select(func.count().filter(late), func.count().filter(soon))
    counted = query.where(row.decided_at.is_(None), _ours(work, row.organisation_id, scope))
    first, second = work.session.execute(counted).one()
    return first, second


def _count_days(work: Work, scope: frozenset[UUID] | None, today: date) -> list[Day]:
    found = _before(work, scope, today) + _by_day(work, scope, today, today + DAY)
    days = (today - timedelta(days=back) for back in reversed(range(DAYS)))
    return [Day(on, found[on, True], found[on, False]) for on in days]


def _before(work: Work, scope: frozenset[UUID] | None, today: date) -> ByDay:
    """Count the days before today, or give what was counted a few minutes ago: they hardly change."""
    counted = _counted.setdefault(work.session.get_bind().engine, {})
    at, found = counted.get(scope, (NEVER, Counter()))
    if work.now - at > COUNTS_LAST or dutch_date(at) != today:
        found = _by_day(work, scope, today - timedelta(days=DAYS - 1), today)
        counted[scope] = work.now, found
    return found


def _by_day(work: Work, scope: frozenset[UUID] | None, first: date, end: date) -> ByDay:
    """Count from one day until another, by day and by whether something was shown or refused."""
    line, shown = AuditLineRow, set(SHOWN)
    begins, ends = (datetime.combine(on, time(), AMSTERDAM).astimezone(UTC) for on in (first, end))
    query = (
        select(line.hour, line.code, func.sum(line.count))
        .where(line.code.in_((*SHOWN, *REFUSED)), line.hour >= begins, line.hour < ends)
        .where(_ours(work, line.organisation_id, scope))
        .group_by(line.hour, line.code)
    )
    found: ByDay = Counter()
    for hour, code, count in work.session.execute(query):
        found[dutch_date(hour), code in shown] += count
    return found


def _last_runs(work: Work) -> list[tuple[str, datetime, str | None]]:
    run = RetentionRunRow
    last = select(run.rule, func.max(run.ran_at).label("at")).group_by(run.rule).subquery()
    query = select(run.rule, run.ran_at, run.braked).join(
        last, (last.c.rule == run.rule) & (last.c.at == run.ran_at)
    )
    return [(rule, at, braked) for rule, at, braked in work.session.execute(query)]


def _find_head(work: Work) -> Head | None:
    head, cosigned = LOG.head.c, AuditCosignedRow
    query = (
        select(
            head.shard,
            head.size,
            head.signed_at,
            func.coalesce(cosigned.witness, ""),
            func.coalesce(cosigned.size, 0),
            cosigned.cosigned_at,
        )
        .outerjoin(cosigned, cosigned.shard == head.shard)
        .where(head.note != "")
        .order_by(head.shard.desc(), cosigned.size.desc())
        .limit(1)
    )
    row = work.session.execute(query).one_or_none()
    return Head(*row) if row else None


def _find_verified(work: Work) -> tuple[datetime, bool] | None:
    line = AuditLineRow
    query = select(line.hour, line.outcome).where(line.code == "log.verified")
    row = work.session.execute(query.order_by(line.hour.desc(), line.idx.desc()).limit(1)).one_or_none()
    return (row.hour, row.outcome == "ok") if row else None


def _ours(work: Work, organisation: object, scope: frozenset[UUID] | None) -> ColumnElement[bool]:
    return true() if scope is None else is_one_of(work.session, organisation, sorted(scope))
