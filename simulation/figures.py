"""Hold what the hub did against what really happened."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import combinations
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from hub.matches.models import AssignmentRow, FollowUpRow, MatchRow
from hub.matches.states import Because
from hub.notices.models import NoticeKind, NoticeRow
from hub.notices.terms import DEFAULT, due_at, is_working_day
from hub.subjects.models import RegistrationRow
from hub.subjects.policy import Verdict
from service.clock import AMSTERDAM
from service.work import SYSTEM, Work
from simulation.acts import Year
from simulation.town import Worker
from simulation.truth import Registered, Said, Shown, agrees

Pair = frozenset[UUID]
INTAKE = 0
MATCHES = select(
    MatchRow.id, MatchRow.signal_id, MatchRow.other_id, MatchRow.verdict, MatchRow.state, MatchRow.judged_by
).order_by(MatchRow.id)


def measure(year: Year) -> dict[str, Any]:
    """Return the figures of a year."""
    with year.region.database.look(SYSTEM, now=year.region.now) as work:
        rows = list(work.session.execute(MATCHES))
        spans = _spans(year, work)
        follow_up = _follow_up(year, work)
    expected = set(_expected(year, spans))
    return {
        "clients": len(year.plan.clients),
        "signals": sum(one.kind == "signal" for one in year.truth.registered.values()),
        "cases": sum(one.kind == "case" for one in year.truth.registered.values()),
        **_linkage(year, rows, expected),
        **follow_up,
        "orphans": year.truth.counts["orphans"],
        **_hearing(year, {row.id: row for row in rows}),
        "transfers": year.truth.counts["transfers"],
        "counts": dict(sorted(year.truth.counts.items())),
    }


def _linkage(year: Year, rows: Sequence[Any], expected: set[Pair]) -> dict[str, Any]:
    """Compare pairs: found by the rule or by a human's confirmation, left to a human, and wrong."""
    found: set[Pair] = set()
    possible: set[Pair] = set()
    for row in rows:
        pair = frozenset((row.signal_id, row.other_id))
        confirmed = row.judged_by is not None and row.state != "rejected"
        (found if row.verdict == Verdict.SAME or confirmed else possible).add(pair)
    right = {pair for pair in found if len({year.truth.registered[id_].client for id_ in pair}) == 1}
    return {
        "matches": len(found),
        "expected_pairs": len(expected),
        "recall": _share(len(expected & found), len(expected)),
        "recall_with_possible": _share(len(expected & (found | possible)), len(expected)),
        "precision": _share(len(right), len(found)),
        "possible_waiting": len(possible),
    }


def _spans(year: Year, work: Work) -> dict[UUID, tuple[datetime, datetime]]:
    """Read from when until when each registration counted."""
    query = select(
        RegistrationRow.id,
        RegistrationRow.active_from,
        RegistrationRow.active_until,
        RegistrationRow.ended_at,
    )
    found = {
        id_: (begins, min(until, ended or until)) for id_, begins, until, ended in work.session.execute(query)
    }
    return {id_: span for id_, span in found.items() if id_ in year.truth.registered}


def _expected(year: Year, spans: dict[UUID, tuple[datetime, datetime]]) -> Iterator[Pair]:
    """Pair what was of one person at one time, by different organisations; a case goes before a signal."""
    by_client: dict[int, list[UUID]] = defaultdict(list)
    for id_, one in year.truth.registered.items():
        by_client[one.client].append(id_)
    for ids in by_client.values():
        meeting = [pair for pair in combinations(ids, 2) if _meet(year, pair, spans)]
        cases = {id_ for id_ in ids if year.truth.registered[id_].kind == "case"}
        carried = {id_ for pair in meeting if cases & set(pair) for id_ in pair}
        yield from (
            frozenset(pair)
            for pair in meeting
            if len(cases & set(pair)) == 1 or (not cases & set(pair) and not carried & set(pair))
        )


def _meet(year: Year, pair: tuple[UUID, UUID], spans: dict[UUID, tuple[datetime, datetime]]) -> bool:
    one, other = (year.truth.registered[id_] for id_ in pair)
    begins, ends = max(spans[id_][0] for id_ in pair), min(spans[id_][1] for id_ in pair)
    return one.organisation != other.organisation and begins < ends


def _follow_up(year: Year, work: Work) -> dict[str, Any]:
    """Measure how soon matches had an owner who took them up, of those that were told."""
    rows = work.session.execute(
        select(MatchRow.id, FollowUpRow.opened_at, MatchRow.state, MatchRow.case_id)
        .join(MatchRow, MatchRow.id == FollowUpRow.match_id)
        .order_by(FollowUpRow.opened_at, MatchRow.id)
    ).all()
    owned = _hours(work, AssignmentRow.assigned_at, AssignmentRow.staff_id.is_not(None))
    accepted = _hours(work, AssignmentRow.accepted_at, AssignmentRow.accepted_at.is_not(None))
    answers = _first_answers(work)
    told = [_Told(row.id, row.opened_at, answers.get(row.id), bool(row.case_id), row.state) for row in rows]
    standing = [one for one in told if _ends(one) < work.now and (one.answered_at or one.state == "open")]
    late = [one for one in standing if not _is_in_term(one)]
    return {
        "told": len(rows),
        "acknowledged_in_term": _share(len(standing) - len(late), len(standing)),
        "acknowledged_in_term_with_case": _in_term([one for one in standing if one.has_case]),
        "acknowledged_in_term_from_queue": _in_term([one for one in standing if not one.has_case]),
        "late_because": _late_because(year, work, late),
        "late_and_called_by_the_ladder": _share(_count_called(work, late), len(late)),
        "given_on_after_it_was_taken_up": _count_given_on(work),
        "acknowledged": _share(sum(one.answered_at is not None for one in standing), len(standing)),
        "hours_to_owner_p50": _at(owned, 0.5),
        "hours_to_owner_p95": _at(owned, 0.95),
        "hours_to_acceptance_p50": _at(accepted, 0.5),
        "hours_to_acceptance_p95": _at(accepted, 0.95),
    }


@dataclass(frozen=True, slots=True)
class _Told:
    """A match that was told, and when somebody first took it up since: leave makes nothing late."""

    id: UUID
    opened_at: datetime
    answered_at: datetime | None
    has_case: bool
    state: str


def _first_answers(work: Work) -> dict[UUID, datetime]:
    query = (
        select(AssignmentRow.match_id, func.min(AssignmentRow.accepted_at).label("at"))
        .join(FollowUpRow, FollowUpRow.match_id == AssignmentRow.match_id)
        .where(AssignmentRow.accepted_at >= FollowUpRow.opened_at)
        .group_by(AssignmentRow.match_id)
    )
    return {row.match_id: row.at for row in work.session.execute(query)}


def _count_given_on(work: Work) -> int:
    """Count how often what somebody had taken up went to another, because they were away or had left."""
    given = (AssignmentRow.ended_because == Because.NOT_ABLE) & AssignmentRow.accepted_at.is_not(None)
    return work.session.scalar(select(func.count()).where(given)) or 0


def _ends(row: _Told) -> datetime:
    return due_at(row.opened_at, working_days=DEFAULT.acknowledge)


def _is_in_term(row: _Told) -> bool:
    return row.answered_at is not None and row.answered_at < _ends(row)


def _in_term(rows: Sequence[_Told]) -> float | None:
    return _share(sum(map(_is_in_term, rows)), len(rows))


def _late_because(year: Year, work: Work, late: Sequence[_Told]) -> dict[str, int]:
    """Count whom what was late waited for during its term: somebody at work, somebody away, or the queue."""
    asked: dict[UUID, list[AssignmentRow]] = defaultdict(list)
    for one in work.session.scalars(select(AssignmentRow).order_by(AssignmentRow.assigned_at)):
        asked[one.match_id].append(one)
    workers = {one.staff.id: one for one in year.region.workers}
    counted = Counter(_waited_for(row, asked[row.id], workers) for row in late)
    return dict(sorted(counted.items()))


def _waited_for(row: _Told, asked: Sequence[AssignmentRow], workers: Mapping[UUID, Worker]) -> str:
    named = [one for one in asked if one.staff_id is not None and one.assigned_at < _ends(row)]
    there = any(
        workers[one.staff_id].is_at_work(day)
        for one in named
        if one.staff_id
        for day in _working_days(one.assigned_at, min(_ends(row), one.ended_at or _ends(row)))
    )
    return "asked_and_at_work" if there else "asked_and_away" if named else "in_the_queue"


def _working_days(since: datetime, until: datetime) -> Iterator[date]:
    day, last = since.astimezone(AMSTERDAM).date(), until.astimezone(AMSTERDAM).date()
    while day < last:
        if is_working_day(day):
            yield day
        day += timedelta(days=1)


def _count_called(work: Work, late: Sequence[_Told]) -> int:
    """Count how many of these the ladder called somebody about, in any step."""
    kinds = (NoticeKind.REMINDER, NoticeKind.STALLED, NoticeKind.ESCALATED)
    calls = select(NoticeRow.match_id).where(NoticeRow.kind.in_([str(kind) for kind in kinds]))
    called = set(work.session.scalars(calls.distinct()))
    return sum(row.id in called for row in late)


def _hours(work: Work, moment: Any, which: Any) -> list[float]:
    """Return, sorted, after how many hours each match that was told first had such an assignment."""
    first = (
        select(AssignmentRow.match_id, func.min(moment).label("at"))
        .where(which)
        .group_by(AssignmentRow.match_id)
        .subquery()
    )
    query = select(FollowUpRow.opened_at, first.c.at).join(first, first.c.match_id == FollowUpRow.match_id)
    return sorted((at - opened_at).total_seconds() / 3600 for opened_at, at in work.session.execute(query))


def _hearing(year: Year, rows: Mapping[UUID, Any]) -> dict[str, Any]:
    """Judge every showing by the books alone: may this person hear this of that person at that moment?"""
    wrong: dict[str, int] = defaultdict(int)
    for shown in year.truth.shown:
        row = rows[shown.match_id] if shown.match_id else None
        ids = {row.signal_id, row.other_id} if row is not None else shown.sides
        sides = [year.truth.registered[id_] for id_ in sorted(ids)]
        for reason in _faults(year, shown, sides):
            wrong[reason] += 1
    unlinkable = wrong.pop("objection_not_linkable", 0)
    mistaken = wrong.pop("another_person", 0)
    return {
        "shown": len(year.truth.shown),
        "notices_to_who_may_not_hear": sum(wrong.values()),
        "why_they_may_not": dict(sorted(wrong.items())),
        "notices_of_another_person": mistaken,
        "notices_despite_an_objection_that_agrees_with_nothing": unlinkable,
    }


def _faults(year: Year, shown: Shown, sides: Sequence[Registered]) -> Iterator[str]:
    if len({one.client for one in sides}) > 1:
        yield "another_person"
        return
    if not all(one.stands(shown.at) for one in sides):
        yield "ended"
    if shown.team not in _answering(sides):
        yield "another_team"
    for one in sides:
        if one.kind == "signal":
            yield from _signal_faults(year, one, sides, shown.at)


def _answering(sides: Sequence[Registered]) -> set[int]:
    """Name the teams that may hear: that of the case, else of where any sender says the person lives."""
    cases = {one.team for one in sides if one.kind == "case" and one.team is not None}
    lives = {one.team for one in sides if one.team is not None}
    return cases or lives or {INTAKE}


def _signal_faults(year: Year, one: Registered, sides: Sequence[Registered], at: datetime) -> Iterator[str]:
    if one.notice == "pending":
        yield "person_not_told"
    if one.basis == "CONSENT" and not _stands(year.truth.consents.get(one.client), at):
        yield "no_consent"
    said = year.truth.objections.get(one.client)
    if said is not None and said.stands(at):
        linked = any(agrees(said.looks, side.looks) is not Verdict.DIFFERENT for side in sides)
        yield "objection" if linked else "objection_not_linkable"


def _stands(said: Said | None, at: datetime) -> bool:
    return said is not None and said.stands(at)


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _at(values: Sequence[float], share: float) -> float | None:
    return round(values[min(len(values) - 1, int(share * len(values)))], 1) if values else None
