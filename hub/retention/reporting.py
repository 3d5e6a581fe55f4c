"""Prove per rule what there is, what should be gone, and what went; for each municipality apart. AUD-09."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import case, func, select

from hub.audit.service import record
from hub.partners.service import StaffRole, require_role
from hub.retention.events import RetentionReported
from hub.retention.models import RetentionPlaceRow, RetentionRunRow
from hub.retention.policy import BrakeReason
from hub.retention.service import NOWHERE, Counted, Keeping, Municipalities, add_places, count_owners
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


@dataclass(frozen=True, slots=True)
class LastRun:
    """When a rule ran last, why that did nothing, and when it last ran to its end."""

    ran_at: datetime | None
    braked: str | None
    finished_at: datetime | None


NO_RUN = LastRun(None, None, None)


@dataclass(frozen=True, slots=True)
class Went:
    """What of one municipality went by a rule in all, and what was due and went at its last run."""

    rule: str
    place: UUID
    gone: int
    last_due: int
    last_gone: int


@dataclass(frozen=True, slots=True)
class Known:
    """A rule with what was counted for all rules at once: rows by organisation, and what its runs did."""

    keeping: Keeping
    rule: Rule
    owners: Mapping[UUID, Counted]
    places: Mapping[UUID, UUID]
    run: LastRun
    went: Sequence[Went]


def report(
    work: Work, keepings: Sequence[Keeping], municipalities: Municipalities, *, terms: Terms
) -> list[RuleReport]:
    """Say per rule how much there is, how much should be gone and is not, and what the runs did.

    A privacy officer is shown the counts of their own municipality, the operator those of each.

    Source:
        AUD-09.
    """
    place = begin_report(work, municipalities)
    return count_rules(work, keepings, municipalities, terms=terms, place=place)


def begin_report(work: Work, municipalities: Municipalities) -> UUID | None:
    """Record that the caller reads the report, and return whose counts they may see; None: those of all.

    Raises:
        RoleNotAllowedError: The caller is neither privacy officer nor operator.
    """
    place = place_of_caller(work, municipalities)
    record(work, RetentionReported(organisation_id=work.caller.organisation_id))
    return place


def count_rules(
    work: Work,
    keepings: Sequence[Keeping],
    municipalities: Municipalities,
    *,
    terms: Terms,
    place: UUID | None,
) -> list[RuleReport]:
    """Count, for whom `begin_report` said: that reads every row, which takes a while where there are many."""
    runs, went = _read_runs(work), _read_went(work)
    owners = {keeping.rule: count_owners(work, keeping) for keeping in keepings}
    places = municipalities(work, {id_ for found in owners.values() for id_ in found})
    return [
        _report(
            work,
            Known(
                keeping,
                terms.get_rule(keeping.rule),
                owners[keeping.rule],
                places,
                runs.get(keeping.rule, NO_RUN),
                [one for one in went if one.rule == keeping.rule],
            ),
            # What is nobody's in particular, everybody may see.
            only=None if keeping.organisation is None else place,
        )
        for keeping in keepings
    ]


def place_of_caller(work: Work, municipalities: Municipalities) -> UUID | None:
    """Return the municipality whose counts the caller may see; None for the operator, who sees all."""
    if work.caller.role is Role.OPERATOR:
        return None
    own = require_role(work, *READERS).organisation_id
    return municipalities(work, [own]).get(own, NOWHERE)


def _report(work: Work, known: Known, *, only: UUID | None) -> RuleReport:
    last = [one for one in known.went if only in {None, one.place}]
    places = _places(work, known, only=only)
    return RuleReport(
        rule=known.rule,
        rows=sum(one.rows for one in places),
        due_now=sum(one.due_now for one in places),
        late=sum(one.late for one in places),
        oldest=_oldest(known, only=only),
        last_ran_at=known.run.ran_at,
        last_due=sum(one.last_due for one in last),
        last_gone=sum(one.last_gone for one in last),
        gone=sum(one.gone for one in places),
        braked=_brake(known.run.braked),
        places=tuple(places),
    )


def _places(work: Work, known: Known, *, only: UUID | None) -> list[PlaceReport]:
    """Count each municipality apart."""
    term, ended_at = known.rule.term, known.run.finished_at
    rows, gone = (
        add_places(known.owners, known.places),
        {one.place: one.gone for one in known.went if one.gone},
    )
    due_now = _due(work, known, work.now - term)
    late = (_due(work, known, ended_at - term) if ended_at else due_now) if due_now else {}
    return [
        PlaceReport(
            place=None if place == NOWHERE else place,
            rows=rows.get(place, 0),
            due_now=due_now.get(place, 0),
            late=late.get(place, 0),
            gone=gone.get(place, 0),
        )
        for place in sorted({*rows, *gone})
        if only in {None, place}
    ]


def _due(work: Work, known: Known, before: datetime) -> dict[UUID, int]:
    """Count what is past its term; where even the oldest row is younger than that, nothing is."""
    days = [_day(one.oldest) for one in known.owners.values()]
    if not days or min(days) > dutch_date(before):
        return {}
    return add_places(count_owners(work, known.keeping, known.keeping.due(before)), known.places)


def _oldest(known: Known, *, only: UUID | None) -> date | None:
    mine = [
        _day(one.oldest)
        for id_, one in known.owners.items()
        if only in {None, known.places.get(id_, NOWHERE)}
    ]
    return min(mine, default=None)


def _read_runs(work: Work) -> dict[str, LastRun]:
    row = RetentionRunRow
    finished = case((row.braked.is_(None), row.ran_at))
    last = (
        select(row.rule, func.max(row.ran_at).label("ran_at"), func.max(finished).label("finished_at"))
        .group_by(row.rule)
        .subquery()
    )
    query = select(row.rule, row.ran_at, row.braked, last.c.finished_at).join(
        last, (last.c.rule == row.rule) & (last.c.ran_at == row.ran_at)
    )
    return {rule: LastRun(*facts) for rule, *facts in work.session.execute(query)}


def _read_went(work: Work) -> list[Went]:
    run, place = RetentionRunRow, RetentionPlaceRow
    last = select(run.rule, func.max(run.ran_at).label("ran_at")).group_by(run.rule).subquery()
    query = (
        select(
            run.rule,
            place.place,
            func.sum(place.gone),
            func.sum(case((run.ran_at == last.c.ran_at, place.due), else_=0)),
            func.sum(case((run.ran_at == last.c.ran_at, place.gone), else_=0)),
        )
        .join(place, place.run_id == run.id)
        .join(last, last.c.rule == run.rule)
        .group_by(run.rule, place.place)
    )
    return [Went(rule, at, *map(int, counts)) for rule, at, *counts in work.session.execute(query)]


def list_runs(work: Work, rule: str, municipalities: Municipalities, *, limit: int = 400) -> list[Run]:
    """List what each run of a rule did, newest first; a year of days, and the log has the others.

    A privacy officer is shown how much of it was their own municipality's.

    Raises:
        KeyError: There is no such rule.

    Source:
        AUD-09.
    """
    place = place_of_caller(work, municipalities)
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


def _day(moment: datetime | date) -> date:
    return dutch_date(moment) if isinstance(moment, datetime) else moment
