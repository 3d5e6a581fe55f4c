"""The figures that a privacy officer begins the day with: counts and dates, about nobody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, true

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

DAYS = 30
SOON = timedelta(days=7)
MOST = 500


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
        days: the last thirty, oldest first.
        requests: those that are not decided, the first due on top.
        braked: rules of keeping whose last run was stopped.
        kept_at: when a rule of keeping ran last.
        verified: when somebody last recomputed the log, and whether that found nothing.
    """

    days: Sequence[Day]
    overrides: int
    requests: Sequence[Clock]
    braked: Sequence[str]
    kept_at: datetime | None
    head: Head | None
    verified: tuple[datetime, bool] | None
    today: date

    @property
    def late(self) -> int:
        """Return how many requests should have been decided."""
        return sum(one.due_on < self.today for one in self.requests)

    @property
    def soon(self) -> int:
        """Return how many have to be decided within a week."""
        return sum(self.today <= one.due_on <= self.today + SOON for one in self.requests)


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
    return Overview(
        days=_count_days(work, scope, today),
        overrides=_count_overrides(work, today),
        requests=_list_clocks(work, scope),
        braked=sorted(rule for rule, _, braked in runs if braked),
        kept_at=max((ran_at for _, ran_at, _ in runs), default=None),
        head=_find_head(work),
        verified=_find_verified(work),
        today=today,
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
    query = select(row).where(row.decided_at.is_(None), _ours(work, row.organisation_id, scope))
    return [
        Clock(
            id=one.id,
            kind=one.kind,
            state=one.state,
            received_on=dutch_date(one.received_at),
            due_on=one.due_on,
            extended=one.extension is not None,
        )
        for one in work.session.scalars(query.order_by(row.due_on, row.id).limit(MOST))
    ]


def _count_days(work: Work, scope: frozenset[UUID] | None, today: date) -> list[Day]:
    found = _by_day(work, scope, today)
    days = (today - timedelta(days=back) for back in reversed(range(DAYS)))
    return [Day(on, found[on, True], found[on, False]) for on in days]


def _by_day(work: Work, scope: frozenset[UUID] | None, today: date) -> Counter[tuple[date, bool]]:
    """Count by day, and by whether something was shown or refused."""
    line, shown = AuditLineRow, set(SHOWN)
    begins = datetime.combine(today - timedelta(days=DAYS - 1), time(), AMSTERDAM).astimezone(UTC)
    query = (
        select(line.hour, line.code, func.sum(line.count))
        .where(
            line.code.in_((*SHOWN, *REFUSED)), line.hour >= begins, _ours(work, line.organisation_id, scope)
        )
        .group_by(line.hour, line.code)
    )
    found: Counter[tuple[date, bool]] = Counter()
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
