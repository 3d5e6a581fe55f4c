"""Take evaluations from the quota, atomically, for a group of requests in one transaction.

The effective quota of t-of-n holders is n*q/t: every holder counts only what it is asked itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite

from keys.holder.errors import EvaluationQuotaError, SchemeNotPermittedError, UnknownReporterError
from keys.holder.models import PermissionRow, ReporterRow, UsedRow
from service.clock import dutch_date
from service.errors import DatError
from service.work import Caller, Work

Counter = tuple[UUID, str]


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
    used = _locked(work, sorted(limits), dutch_date(work.now))
    before = dict(used)
    refusals = [_take_one(claim, limits, used) for claim in claims]
    _write(work, {counter: total for counter, total in used.items() if total != before[counter]})
    return refusals


def _take_one(claim: Claim, limits: Mapping[Counter, int], used: dict[Counter, int]) -> DatError | None:
    if claim.by_scheme not in limits:
        return SchemeNotPermittedError()
    if claim.by_reporter not in limits:
        return UnknownReporterError()
    counters = (claim.by_scheme, claim.by_reporter)
    if any(used[counter] + claim.count > limits[counter] for counter in counters):
        return EvaluationQuotaError(retry_after=3600)
    for counter in counters:
        used[counter] += claim.count
    return None


def _limits(work: Work, claims: Iterable[Claim]) -> dict[Counter, int]:
    organisations = {claim.organisation for claim in claims}
    permissions = select(PermissionRow.organisation_id, PermissionRow.scheme, PermissionRow.per_day).where(
        PermissionRow.organisation_id.in_(organisations)
    )
    pairs = {(claim.organisation, claim.reporter) for claim in claims}
    reporters = select(ReporterRow.organisation_id, ReporterRow.reporter_id, ReporterRow.per_day).where(
        tuple_(ReporterRow.organisation_id, ReporterRow.reporter_id).in_(pairs)
    )
    by_scheme = {(row[0], row[1]): row[2] for row in work.session.execute(permissions)}
    return by_scheme | {(row[0], row[1].hex): row[2] for row in work.session.execute(reporters)}


def _locked(work: Work, counters: Sequence[Counter], day: date) -> dict[Counter, int]:
    if not counters:
        return {}
    dialect = work.session.connection().dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    empty = [{"organisation_id": one, "counter": name, "day_on": day, "used": 0} for one, name in counters]
    work.session.execute(insert(UsedRow).on_conflict_do_nothing(), empty)
    query = (
        select(UsedRow.organisation_id, UsedRow.counter, UsedRow.used)
        .where(tuple_(UsedRow.organisation_id, UsedRow.counter).in_(counters), UsedRow.day_on == day)
        .order_by(UsedRow.organisation_id, UsedRow.counter)
        .with_for_update()
    )
    return {(row[0], row[1]): row[2] for row in work.session.execute(query)}


def _write(work: Work, totals: Mapping[Counter, int]) -> None:
    for (organisation, name), total in totals.items():
        work.session.execute(
            update(UsedRow)
            .where(
                UsedRow.organisation_id == organisation,
                UsedRow.counter == name,
                UsedRow.day_on == dutch_date(work.now),
            )
            .values(used=total)
            .execution_options(synchronize_session=False)
        )
