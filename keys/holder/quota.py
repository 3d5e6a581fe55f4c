"""Take evaluations from the quota, atomically, for a group of requests in one transaction.

The effective quota of t-of-n holders is n*q/t: every holder counts only what it is asked itself.
What is asked for citizens' rights is counted apart: a day full of signals keeps nobody from objecting, and
whoever calls a signal a right gets a tenth more, not twice as much; of a small quota, three persons more.

Source:
    TRA-11.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, bindparam, select

from keys.holder.counting import Counter, lock_used, write_used
from keys.holder.errors import (
    EvaluationQuotaError,
    ReporterNotCallerError,
    SchemeNotPermittedError,
    UnknownReporterError,
)
from keys.holder.models import PermissionRow, ReporterRow
from service.clock import dutch_date
from service.errors import DatError
from service.work import Caller, Work

RIGHTS = "rights"  # citizens' requests, consents and objections, as the wire says
SMALL = 48  # elements: three persons, so that a small quota serves its citizens too
_PERMISSION, _REPORTER = (row.__table__.c for row in (PermissionRow, ReporterRow))


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
        """Name the counter of the organisation for this scheme, as its limit is named."""
        return self.organisation, self.scheme

    @property
    def by_reporter(self) -> Counter:
        """Name the counter of the reporter, as its limit is named."""
        return self.organisation, self.reporter.hex

    @property
    def counters(self) -> dict[Counter, Counter]:
        """Name what this is counted by, with the limit of each."""
        apart = f"{RIGHTS}/" if self.purpose == RIGHTS else ""
        return {(one, apart + name): (one, name) for one, name in (self.by_scheme, self.by_reporter)}

    def limit_of(self, per_day: int) -> int:
        """Return how much of a day's limit this purpose may use: for rights a tenth, or a small one."""
        return min(per_day, max(SMALL, per_day // 10)) if self.purpose == RIGHTS else per_day


def take(work: Work, claims: Sequence[Claim]) -> list[DatError | None]:
    """Take what is claimed, in order; for each claim None, or why it was refused and nothing taken."""
    limits = _limits(work, claims)
    claimed = {mine for claim in claims for mine, limit in claim.counters.items() if limit in limits}
    used = lock_used(work, sorted(claimed), dutch_date(work.now))
    before = dict(used)
    refusals = [_take_one(claim, limits, used) for claim in claims]
    write_used(work, {counter: total for counter, total in used.items() if total != before[counter]})
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
    counters = claim.counters
    if any(used[mine] + claim.count > claim.limit_of(limits[limit]) for mine, limit in counters.items()):
        return EvaluationQuotaError(retry_after=3600)
    for mine in counters:
        used[mine] += claim.count
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
