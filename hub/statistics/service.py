"""Release the declared tables of a quarter, once; read what was released; add it up for the public.

Source: domain.md STA-02 (quarterly to the supervisor, yearly to the public), STA-04.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.exc import IntegrityError

from hub.audit.service import record
from hub.partners.service import StaffRole, require_role
from hub.statistics import store
from hub.statistics.counting import Division, count
from hub.statistics.errors import PeriodNotRipeError, ReleaseMissingError
from hub.statistics.events import StatisticsReleased, StatisticsShown
from hub.statistics.models import ReleaseRow
from hub.statistics.policy import add_up, protect, share_of
from hub.statistics.values import Cells, Counted, Declaration, Period, Release, Released, Table, period_of
from service.clock import dutch_date
from service.errors import ConflictError
from service.work import Role, Work

RELEASING = (StaffRole.MUNICIPAL_SUPERVISOR,)
READING = (*RELEASING, StaffRole.MUNICIPAL_COORDINATOR, StaffRole.PROCESS_DIRECTOR, StaffRole.PRIVACY_OFFICER)
# What a signal tells is counted on its day; further back the matches themselves are gone.
AT_MOST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Figure:
    """A table of a year as the public sees it.

    Attributes:
        whole: whether nothing is missing in it; otherwise each number is "at least".
        share: in whole percents, of what is shown; None where a part of it is not.
    """

    table: Table
    shown: Cells
    whole: bool
    share: int | None


def release(work: Work, quarter: str, *, declaration: Declaration) -> Release:
    """Release every declared table of a quarter; what was released before is shown as it was.

    Raises:
        RoleNotAllowedError: The caller is no municipal supervisor.
        PeriodNotRipeError: The quarter is not over long enough, or lies too far back.
    """
    organisation_id = None if _is_machine(work) else require_role(work, *RELEASING).organisation_id
    if found := store.find_release(work.session, quarter):
        record(work, StatisticsShown(organisation_id=organisation_id, detail={"quarter": quarter}))
        return found
    period = period_of(quarter)
    ripe_on = period.until + timedelta(days=declaration.protection.ripens_days)
    if not ripe_on <= dutch_date(work.now) < period.until + AT_MOST:
        raise PeriodNotRipeError(places=("/quarter",))
    tables = list(_tables(work, quarter, declaration))
    row = ReleaseRow(
        quarter=quarter,
        declaration=declaration.hash,
        released_at=work.now,
        released_by=work.caller.staff_id,
    )
    try:
        store.add_release(work.session, row, tables)
    except IntegrityError:
        raise ConflictError from None
    detail: dict[str, str | int] = {"quarter": quarter, "tables": len(tables), "declared": declaration.hash}
    record(work, StatisticsReleased(organisation_id=organisation_id, detail=detail))
    return get_release(work, quarter)


def get_release(work: Work, quarter: str) -> Release:
    """Return what was released with a quarter; raises ReleaseMissingError."""
    _require_reader(work)
    if found := store.find_release(work.session, quarter):
        return found
    raise ReleaseMissingError


def list_releases(work: Work) -> list[Release]:
    """List everything that was released, by quarter."""
    _require_reader(work)
    return store.list_releases(work.session)


def public_figures(work: Work, year: int, *, declaration: Declaration) -> list[Figure]:
    """Return a year as the public sees it: the sum of what was released, of all municipalities.

    Made of releases only, it tells nothing that they do not tell. Source: STA-02.
    """
    found = store.list_releases(work.session, begins=f"{year}-Q1", ends=f"{year}-Q4")
    released = [one for each in found for one in each.tables]
    figures = []
    for table in declaration.tables:
        parts = [one.shown for one in released if one.code == table.code]
        shown, whole = add_up(parts, table.categories)
        figures.append(Figure(table, shown, whole, share_of(shown, table.share) if whole else None))
    return figures


def _tables(work: Work, quarter: str, declaration: Declaration) -> Iterator[Released]:
    whole, codes = period_of(quarter), [table.code for table in declaration.tables]
    plain, small = count(work, whole, codes), declaration.protection.yearly
    yield from _protected(quarter, whole, plain, declaration, only=lambda where: where not in small)
    if not quarter.endswith("Q4"):
        return
    before = store.released_until(work.session, whole.since.year)
    for where in sorted(small):
        # Quarters that were released already are not counted again: the difference would show the others.
        begins = before.get(where, whole.since.replace(month=1))
        period = Period(begins, whole.until)
        yield from _protected(
            quarter, period, count(work, period, codes), declaration, only=lambda one, at=where: one == at
        )


def _protected(
    quarter: str, period: Period, counted: dict[str, Division], declaration: Declaration, *, only: object
) -> Iterator[Released]:
    assert callable(only)
    places = sorted({where for division in counted.values() for where in division if only(where)})
    for where in places:
        for table in declaration.tables:
            if where not in counted[table.code]:
                continue
            found = counted[table.code][where]
            cells = Counted(
                {name: found.numbers.get(name, 0) for name in table.categories},
                {name: found.persons.get(name, 0) for name in table.categories},
                found.everybody,
            )
            yield Released(
                quarter=quarter,
                municipality=where,
                since=period.since,
                until=period.until,
                code=table.code,
                shown=protect(cells, protection=declaration.protection),
            )


def _require_reader(work: Work) -> None:
    if not _is_machine(work):
        require_role(work, *READING)


def _is_machine(work: Work) -> bool:
    return work.caller.role in {Role.OPERATOR, Role.SYSTEM}
