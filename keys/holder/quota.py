"""Take evaluations from the quota, atomically, for a group of requests in one transaction.

The effective quota of t-of-n holders is n*q/t: every holder counts only what it is asked itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast
from uuid import UUID

from sqlalchemy import BindParameter, Table, bindparam, select, update

from keys.holder.errors import (
    EvaluationQuotaError,
    ReporterNotCallerError,
    SchemeNotPermittedError,
    UnknownReporterError,
)
from keys.holder.models import PermissionRow, ReporterRow, UsedRow
from service.bulk import insert_into
from service.clock import dutch_date
from service.errors import DatError
from service.work import Caller, Work

Counter = tuple[UUID, str]
_PERMISSION, _REPORTER, _USED = (row.__table__.c for row in (PermissionRow, ReporterRow, UsedRow))
_TABLE = cast("Table", UsedRow.__table__)


@dataclass(frozen=True, slots=True)
class Claim:
    """One request's wish: how many elements of which scheme, for which reporter."""

    caller: Caller
    scheme: str
    reporter: UUID
    count: int
    request_id: str
    purpose: str

    @property
    def organisation(self) -> UUID:
        """Return the organisation that asks."""
        if self.caller.organisation_id is None:
            raise SchemeNotPermittedError
        return self.caller.organisation_id

    @property
    def by_scheme(self) -> Counter:
        """Name the counter of the organisation for this scheme."""
        return self.organisation, self.scheme

    @property
    def by_reporter(self) -> Counter:
        """Name the counter of the reporter."""
        return self.organisation, self.reporter.hex


def take(work: Work, claims: Sequence[Claim]) -> list[DatError | None]:
    """Take what is claimed, in order; for each claim None, or why it was refused and nothing taken."""
    limits = _limits(work, claims)
    claimed = {counter for claim in claims for counter in (claim.by_scheme, claim.by_reporter)}
    used = _locked(work, sorted(claimed & limits.keys()), dutch_date(work.now))
    before = dict(used)
    refusals = [_take_one(claim, limits, used) for claim in claims]
    _write(work, {counter: total for counter, total in used.items() if total != before[counter]})
    return refusals


def _take_one(claim: Claim, limits: Mapping[Counter, int], used: dict[Counter, int]) -> DatError | None:
    # First of all, so that whatever else is refused names somebody who is on the list.
    if claim.by_reporter not in limits:
        return UnknownReporterError()
    if claim.by_scheme not in limits:
        return SchemeNotPermittedError()
    # One stolen key would otherwise spend the quotas of all colleagues.
    if claim.caller.staff_id not in (None, claim.reporter):
        return ReporterNotCallerError()
    counters = (claim.by_scheme, claim.by_reporter)
    if any(used[counter] + claim.count > limits[counter] for counter in counters):
        return EvaluationQuotaError(retry_after=3600)
    for counter in counters:
        used[counter] += claim.count
    return None


# Built once: to build a statement costs SQLAlchemy more than to run it.
_ONES: BindParameter[UUID] = bindparam("ones", expanding=True)
_NAMES: BindParameter[Any] = bindparam("names", expanding=True)
_PERMISSIONS = select(_PERMISSION.organisation_id, _PERMISSION.scheme, _PERMISSION.per_day).where(
    _PERMISSION.organisation_id.in_(_ONES)
)
_REPORTERS = select(_REPORTER.organisation_id, _REPORTER.reporter_id, _REPORTER.per_day).where(
    _REPORTER.organisation_id.in_(_ONES), _REPORTER.reporter_id.in_(_NAMES)
)


def _limits(work: Work, claims: Iterable[Claim]) -> dict[Counter, int]:
    ones = list({claim.organisation for claim in claims})
    names = list({claim.reporter for claim in claims})
    execute = work.session.connection().execute
    by_scheme = {(row[0], row[1]): row[2] for row in execute(_PERMISSIONS, {"ones": ones})}
    reporters = execute(_REPORTERS, {"ones": ones, "names": names})
    return by_scheme | {(row[0], row[1].hex): row[2] for row in reporters}


def _locked(work: Work, counters: Sequence[Counter], day: date) -> dict[Counter, int]:
    used = _lock(work, counters, day)
    if missing := [counter for counter in counters if counter not in used]:
        empty = [{"organisation_id": one, "counter": name, "day_on": day, "used": 0} for one, name in missing]
        work.session.execute(insert_into(work.session, _TABLE).on_conflict_do_nothing(), empty)
        used |= _lock(work, missing, day)
    return used


# In one order, whoever comes: two processes then wait for each other in turn and not in a ring.
_LOCK = (
    select(_USED.organisation_id, _USED.counter, _USED.used)
    .where(_USED.organisation_id.in_(_ONES), _USED.counter.in_(_NAMES), _USED.day_on == bindparam("day"))
    .order_by(_USED.organisation_id, _USED.counter)
    .with_for_update()
)


def _lock(work: Work, counters: Sequence[Counter], day: date) -> dict[Counter, int]:
    if not counters:
        return {}
    ones, names = list({one for one, _ in counters}), list({name for _, name in counters})
    rows = work.session.connection().execute(_LOCK, {"ones": ones, "names": names, "day": day})
    found = {(row[0], row[1]): row[2] for row in rows}
    return {counter: found[counter] for counter in counters if counter in found}


_WRITE = (
    update(_TABLE)
    .where(
        _USED.organisation_id == bindparam("one"),
        _USED.counter == bindparam("name"),
        _USED.day_on == bindparam("day"),
    )
    .values(used=bindparam("total"))
)


def _write(work: Work, totals: Mapping[Counter, int]) -> None:
    day = dutch_date(work.now)
    rows = [
        {"one": one, "name": name, "day": day, "total": total}
        for (one, name), total in sorted(totals.items())
    ]
    if rows:
        work.session.connection().execute(_WRITE, rows)
