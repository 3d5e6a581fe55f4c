"""Prove per rule what there is, what should be gone, and what went; for each municipality apart. AUD-09."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from hub.audit.service import record
from hub.partners.service import StaffRole, require_role
from hub.retention.events import RetentionReported
from hub.retention.models import RetentionPlaceRow, RetentionRunRow
from hub.retention.policy import BrakeReason
from hub.retention.service import NOWHERE, Keeping, Municipalities, count_places, last_ran_at, owner_of
from hub.retention.terms import Rule, Terms, default_terms
from service.clock import dutch_date
from service.work import Role, Work

READERS = (StaffRole.PRIVACY_OFFICER,)


@dataclass(frozen=True, slots=True)
class Run:
    """What one run of a rule found due and removed, or why it did nothing."""

    ran_at: datetime
    due: int
    gone: int
    braked: BrakeReason | None


@dataclass(frozen=True, slots=True)
class PlaceReport:
    """What one municipality has of a class, what of it is late, and what went."""

    place: UUID | None
    rows: int
    due_now: int
    late: int
    gone: int


@dataclass(frozen=True, slots=True)
class RuleReport:
    """Whether what should be gone is gone, for one rule. Source: AUD-09.

    Attributes:
        due_now: rows past their term that are still there; those of today wait for the next run.
        late: rows that should have been gone at the last run and are still there: the proof is that it is 0.
        oldest: the oldest of all rows of this class.
        last_due, last_gone: of the last run.
        gone: of all runs that are remembered.
        places: the same counts for each municipality; None stands for what is no municipality's.
    """

    rule: Rule
    rows: int
    due_now: int
    late: int
    oldest: date | None
    last_ran_at: datetime | None
    last_due: int
    last_gone: int
    gone: int
    braked: BrakeReason | None
    places: tuple[PlaceReport, ...]


def report(
    work: Work, keepings: Sequence[Keeping], municipalities: Municipalities, *, terms: Terms
) -> list[RuleReport]:
    """Say per rule how much there is, how much should be gone and is not, and what the runs did.

    A privacy officer is shown the counts of their own municipality, the operator those of each.

    Source:
        AUD-09.
    """
    place = _place_of_caller(work, municipalities)
    record(work, RetentionReported(organisation_id=work.caller.organisation_id))
    return [
        _report(work, keeping, terms.get_rule(keeping.rule), municipalities, only=place)
        for keeping in keepings
    ]


def _place_of_caller(work: Work, municipalities: Municipalities) -> UUID | None:
    """Return the municipality whose counts the caller may see; None for the operator, who sees all."""
    if work.caller.role is Role.OPERATOR:
        return None
    own = require_role(work, *READERS).organisation_id
    return municipalities(work, [own]).get(own, NOWHERE)


def _report(
    work: Work, keeping: Keeping, rule: Rule, municipalities: Municipalities, *, only: UUID | None
) -> RuleReport:
    ran_at = last_ran_at(work, keeping.rule)
    runs = RetentionRunRow.rule == keeping.rule
    query = select(RetentionRunRow).where(runs).order_by(RetentionRunRow.ran_at.desc())
    last = work.session.scalars(query.limit(1)).one_or_none()
    last_place = _count_runs(work, RetentionRunRow.id == last.id) if last else {}
    # What is nobody's in particular, everybody may see.
    mine = None if keeping.organisation is None else only
    places = _places(work, keeping, rule, municipalities, ran_at=ran_at, only=mine)
    last_due, last_gone = _add_up(counts for place, counts in last_place.items() if mine in {None, place})
    return RuleReport(
        rule=rule,
        rows=sum(one.rows for one in places),
        due_now=sum(one.due_now for one in places),
        late=sum(one.late for one in places),
        oldest=_oldest(work, keeping, municipalities, only=mine),
        last_ran_at=last.ran_at if last else None,
        last_due=last_due,
        last_gone=last_gone,
        gone=sum(one.gone for one in places),
        braked=_brake(last.braked) if last else None,
        places=tuple(places),
    )


def _places(
    work: Work,
    keeping: Keeping,
    rule: Rule,
    municipalities: Municipalities,
    *,
    ran_at: datetime | None,
    only: UUID | None,
) -> list[PlaceReport]:
    """Count each municipality apart."""
    due = keeping.due(work.now - rule.term)
    rows, due_now = (count_places(work, keeping, municipalities, one) for one in (None, due))
    late = count_places(work, keeping, municipalities, keeping.due(ran_at - rule.term)) if ran_at else due_now
    counted = _count_runs(work, RetentionRunRow.rule == rule.code)
    gone = {place: went for place, (_, went) in counted.items() if went}
    found = sorted(one for one in {*rows, *gone} if only in {None, one})
    return [
        PlaceReport(
            place=None if place == NOWHERE else place,
            rows=rows.get(place, 0),
            due_now=due_now.get(place, 0),
            late=late.get(place, 0),
            gone=gone.get(place, 0),
        )
        for place in found
    ]


def _count_runs(work: Work, runs: ColumnElement[bool]) -> dict[UUID, tuple[int, int]]:
    """Return by municipality how much was due in these runs, each time anew, and how much went."""
    row = RetentionPlaceRow
    query = select(row.place, func.sum(row.due), func.sum(row.gone)).where(
        row.run_id.in_(select(RetentionRunRow.id).where(runs))
    )
    return {
        place: (int(due), int(gone)) for place, due, gone in work.session.execute(query.group_by(row.place))
    }


def _add_up(counts: Iterable[tuple[int, int]]) -> tuple[int, int]:
    found = list(counts)
    return sum(due for due, _ in found), sum(gone for _, gone in found)


def _oldest(
    work: Work, keeping: Keeping, municipalities: Municipalities, *, only: UUID | None
) -> date | None:
    owner = owner_of(keeping)
    owned = select(owner.label("owner_of_row"), keeping.since.label("began")).select_from(keeping.table)
    rows = owned.subquery()
    query = select(rows.c.owner_of_row, func.min(rows.c.began)).group_by(rows.c.owner_of_row)
    found = {row[0] or NOWHERE: _day(row[1]) for row in work.session.execute(query)}
    places = municipalities(work, found.keys())
    mine = [day for id_, day in found.items() if day and only in {None, places.get(id_, NOWHERE)}]
    return min(mine, default=None)


def list_runs(work: Work, rule: str, municipalities: Municipalities, *, limit: int = 400) -> list[Run]:
    """List what each run of a rule did, newest first; a year of days, and the log has the others.

    A privacy officer is shown how much of it was their own municipality's.

    Raises:
        KeyError: There is no such rule.

    Source:
        AUD-09.
    """
    place = _place_of_caller(work, municipalities)
    default_terms().get_rule(rule)
    record(work, RetentionReported(organisation_id=work.caller.organisation_id, detail={"rule": rule}))
    query = select(RetentionRunRow).where(RetentionRunRow.rule == rule)
    rows = list(work.session.scalars(query.order_by(RetentionRunRow.ran_at.desc()).limit(limit)))
    if place is None:
        return [Run(row.ran_at, row.due, row.gone, _brake(row.braked)) for row in rows]
    own = select(RetentionPlaceRow).where(
        RetentionPlaceRow.place == place, RetentionPlaceRow.run_id.in_([row.id for row in rows])
    )
    counted = {one.run_id: (one.due, one.gone) for one in work.session.scalars(own)}
    return [Run(row.ran_at, *counted.get(row.id, (0, 0)), _brake(row.braked)) for row in rows]


def _brake(braked: str | None) -> BrakeReason | None:
    return BrakeReason(braked) if braked else None


def _day(moment: datetime | date | None) -> date | None:
    return dutch_date(moment) if isinstance(moment, datetime) else moment
