"""Count each day's signals while they are there: a signal that ended is gone a month later."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from hub.partners.models import OrganisationRow
from hub.signals.models import SignalRow
from hub.statistics.counting import TALLIED, in_parts
from hub.statistics.models import TallyRow
from hub.statistics.persons import group
from hub.statistics.values import UNKNOWN, WHOLE, Period
from hub.subjects.service import RegistrationKind, find_ever_agreeing, find_owners
from service.clock import dutch_date
from service.work import Work

Cell = tuple[str, str, str]  # municipality, division, category
ONE_DAY = timedelta(days=1)

# What ended longer ago is partly gone already; a worker that was down longer leaves days uncounted.
AT_MOST = 30
_DIVISIONS: Mapping[str, tuple[Any, Any, str]] = {
    "signals_by_domain": (SignalRow.received_at, OrganisationRow.domain, "other"),
    "signals_by_age": (SignalRow.received_at, SignalRow.bracket, "23+"),
    "signals_by_notice": (SignalRow.received_at, SignalRow.subject_notice, "pending"),
    "endings": (SignalRow.ended_at, SignalRow.reason, "expired"),
}
"""Division to the moment that counts, what it divides by, and what anything else is."""


def tally_days(work: Work) -> int:
    """Count every day that is over and was not counted yet; returns how many days."""
    today = dutch_date(work.now)
    last = work.session.scalar(select(func.max(TallyRow.counted_on)))
    begins = max(last + timedelta(days=1) if last else today, today - timedelta(days=AT_MOST))
    days = [begins + timedelta(days=n) for n in range((today - begins).days)]
    if last is None:
        days = [today - timedelta(days=1)]
    for day in days:
        _tally(work, day)
    return len(days)


def _tally(work: Work, day: date) -> None:
    rows: list[TallyRow] = [_row(day, ("", "", ""), 1, persons=0, persons_in_year=0)]
    today = {
        division: list(_events(work, division, since=day, until=day + ONE_DAY)) for division in _DIVISIONS
    }
    near = _look_around(
        work, {one.signal_id: one.organisation_id for found in today.values() for one in found}
    )
    for division, events in today.items():
        numbers = Counter(cell for one in events for cell in one.cells)
        before = list(_events(work, division, since=day.replace(month=1, day=1), until=day, near=near))
        people = group([], [*near.pairs, *(pair for one in [*before, *events] for pair in near.links(one))])
        in_year = _count_new(events, before, people)
        persons = _count_new(events, [one for one in before if one.on >= _quarter_of(day)], people)
        rows += [
            _row(day, cell, number, persons=persons[cell], persons_in_year=in_year[cell])
            for cell, number in numbers.items()
        ]
    work.session.add_all(rows)
    work.session.flush()


@dataclass(frozen=True, slots=True)
class _Event:
    """Something that happened to a signal, and the cells in which it counts: its own, and of all."""

    signal_id: UUID
    organisation_id: UUID
    on: date
    cells: tuple[Cell, Cell]


@dataclass(frozen=True, slots=True)
class _Near:
    """What may be of the same persons as the signals of a day.

    Attributes:
        organisations: of signals that were erased. Nothing tells whose those were: all that one organisation
            left counts as one person.
    """

    pairs: list[tuple[UUID, UUID]]
    signals: frozenset[UUID]
    organisations: frozenset[UUID]

    def links(self, one: _Event) -> list[tuple[UUID, UUID]]:
        """Return what an event is linked to besides: itself, or its organisation where that is asked."""
        other = one.organisation_id if one.organisation_id in self.organisations else one.signal_id
        return [(one.signal_id, other)]


def _look_around(work: Work, asked: Mapping[UUID, UUID]) -> _Near:
    found = find_ever_agreeing(work, asked, kinds=[RegistrationKind.SIGNAL]) if asked else []
    erased = asked.keys() - find_owners(work, asked.keys()).keys() if asked else set()
    pairs = [(one.left, one.right) for one in found]
    signals = frozenset(id_ for pair in pairs for id_ in pair)
    return _Near(pairs, signals, frozenset(asked[id_] for id_ in erased))


def _count_new(
    events: Sequence[_Event], before: Sequence[_Event], people: Mapping[UUID, int]
) -> Counter[Cell]:
    """Count the persons of a day, in each cell those of whom nothing fell in it before."""
    known = {(cell, people[one.signal_id]) for one in before for cell in one.cells}
    fresh = {(cell, people[one.signal_id]) for one in events for cell in one.cells} - known
    return Counter(cell for cell, _ in fresh)


def _events(
    work: Work, division: str, *, since: date, until: date, near: _Near | None = None
) -> Iterator[_Event]:
    """Read what happened in a period; with `near` only what may be of those persons."""
    moment, column, otherwise = _DIVISIONS[division]
    period = Period(since, until)
    query = (
        select(SignalRow.id, SignalRow.organisation_id, moment, SignalRow.residence, column)
        .join(OrganisationRow, OrganisationRow.id == SignalRow.organisation_id)
        .where(moment >= period.begins_at, moment < period.ends_at)
    )
    # By id: a signal of one of these persons may be of one of these organisations too.
    rows = {row[0]: row for one in _only(near) for row in work.session.execute(query.where(*one))}
    for signal_id, organisation_id, at, residence, said in rows.values():
        where, category = (residence or UNKNOWN)[:4], said if said in TALLIED[division] else otherwise
        cells = (where, division, category), (where, division, WHOLE)
        yield _Event(signal_id, organisation_id, dutch_date(at), cells)


def _only(near: _Near | None) -> Iterator[tuple[ColumnElement[bool], ...]]:
    """Say whose signals are read, some at a time: a busy day has more than a statement takes parameters."""
    if near is None:
        yield ()
        return
    for column, ids in ((SignalRow.id, near.signals), (SignalRow.organisation_id, near.organisations)):
        for part in in_parts(sorted(ids)):
            yield (column.in_(part),)


def _quarter_of(day: date) -> date:
    return day.replace(month=3 * ((day.month - 1) // 3) + 1, day=1)


def _row(day: date, cell: Cell, number: int, *, persons: int, persons_in_year: int) -> TallyRow:
    where, division, category = cell
    return TallyRow(
        counted_on=day,
        municipality=where,
        division=division,
        category=category,
        number=number,
        persons=persons,
        persons_in_year=persons_in_year,
    )
