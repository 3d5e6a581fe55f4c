"""Count what the hub has, without identities: populations and how they divide, per municipality.

Each population is of events in a period, never of what there is on a day: two stocks of which the difference
is released too would show who came. What is counted carries no person, no professional and no organisation.

Source: domain.md STA-01, STA-03.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from hub.consent.models import ObjectionRow, OverrideRow
from hub.matches.models import AssignmentRow, EscalationRow, FollowUpRow, MatchRow
from hub.notices.terms import DEFAULT, due_at
from hub.statistics.models import TallyRow
from hub.statistics.values import UNKNOWN, Period
from hub.teams.models import TeamRow
from service.clock import dutch_date
from service.work import Work

Division = Mapping[str, Counter[str]]  # municipality -> category -> number
TALLIED: Mapping[str, tuple[str, ...]] = {
    "signals_by_domain": (
        "education", "safety", "housing", "municipality", "youth", "youth_care", "support", "other"
    ),
    "signals_by_age": ("0-11", "12-15", "16-17", "18-22", "23+"),
    "signals_by_notice": ("given", "pending", "exception"),
    "endings": ("unjustified", "reason_gone", "expired"),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchFacts:
    """All that a division of matches may see of one."""

    opened_at: datetime
    answered_at: datetime | None
    outcome: str | None
    contacted_on: date | None
    is_aligned: bool
    looks_arranged: bool
    has_case: bool
    steps: frozenset[str]


def follow_up(one: MatchFacts) -> str:
    """Tell what became of a match; baseline: 40 % of all were never followed up."""
    if one.outcome in {"already_in_contact", "suppressed"}:
        return "already_in_contact"
    if one.answered_at is None:
        return "not_followed_up"
    return "in_term" if one.answered_at < due_at(one.opened_at, working_days=DEFAULT.acknowledge) else "late"


def time_to_acknowledge(one: MatchFacts) -> str:
    """Tell within how many working days somebody took a match up."""
    if one.answered_at is None:
        return "not_acknowledged"
    for days, name in ((1, "within_1_day"), (3, "within_3_days"), (5, "within_5_days")):
        if one.answered_at < due_at(one.opened_at, working_days=days):
            return name
    return "longer"


def contact_in_term(one: MatchFacts) -> str:
    """Tell whether somebody spoke with the person within the term."""
    if one.contacted_on is None:
        return "no_contact_recorded"
    last = dutch_date(due_at(one.opened_at, working_days=DEFAULT.contact))
    return "in_term" if one.contacted_on < last else "late"


def escalation(one: MatchFacts) -> str:
    """Tell how far the ladder went."""
    rungs = (("municipal", "municipality"), ("coordinate", "coordinator"), ("remind", "reminded"))
    return next((name for step, name in rungs if step in one.steps), "none")


def arranged(one: MatchFacts) -> str:
    """Tell whether two professionals seem to have agreed on a match."""
    return "looks_arranged" if one.looks_arranged else "other"


OF_MATCHES: Mapping[str, tuple[tuple[str, ...], Callable[[MatchFacts], str]]] = {
    "follow_up": (("in_term", "late", "already_in_contact", "not_followed_up"), follow_up),
    "time_to_acknowledge": (
        ("within_1_day", "within_3_days", "within_5_days", "longer", "not_acknowledged"),
        time_to_acknowledge,
    ),
    "contact_in_term": (("in_term", "late", "no_contact_recorded"), contact_in_term),
    "escalation": (("none", "reminded", "coordinator", "municipality"), escalation),
    "alignment": (("aligned", "not_aligned"), lambda one: "aligned" if one.is_aligned else "not_aligned"),
    "case": (("with_case", "without_case"), lambda one: "with_case" if one.has_case else "without_case"),
    "arranged": (("looks_arranged", "other"), arranged),
}
CATEGORIES: Mapping[tuple[str, str], tuple[str, ...]] = (
    {("matches", name): categories for name, (categories, _) in OF_MATCHES.items()}
    | {("endings" if name == "endings" else "signals", name): of for name, of in TALLIED.items()}
    | {
        ("objections", "objections"): ("objection", "restriction"),
        ("overrides", "overrides"): ("justified", "unjustified", "not_reviewed"),
    }
)
"""Population and table to the categories that this hub counts."""


def count(work: Work, period: Period, codes: Iterable[str]) -> dict[str, Division]:
    """Count tables over a period, per municipality; a category that nobody is in is not in the answer."""
    matches = _matches(work, period)
    counted: dict[str, Division] = {
        "objections": {UNKNOWN: _objections(work, period)},
        "overrides": {UNKNOWN: _overrides(work, period)},
    }
    return {
        code: counted.get(code)
        or (_divide(matches, OF_MATCHES[code][1]) if code in OF_MATCHES else _tallied(work, period, code))
        for code in codes
    }


def _divide(matches: Mapping[str, list[MatchFacts]], rule: Callable[[MatchFacts], str]) -> Division:
    return {where: Counter(rule(one) for one in found) for where, found in matches.items()}


def _matches(work: Work, period: Period) -> dict[str, list[MatchFacts]]:
    """Read the matches that were told in a period, by the municipality of the team that has them."""
    told = (FollowUpRow.opened_at >= period.begins_at) & (FollowUpRow.opened_at < period.ends_at)
    # An inquiry into one signal is no match.
    of_two = MatchRow.signal_id != MatchRow.other_id
    ids = select(FollowUpRow.match_id).where(told).scalar_subquery()
    steps: dict[Any, set[str]] = {}
    for match_id, step in work.session.execute(
        select(EscalationRow.match_id, EscalationRow.step).where(EscalationRow.match_id.in_(ids))
    ):
        steps.setdefault(match_id, set()).add(step)
    answers = select(AssignmentRow.match_id, AssignmentRow.outcome).where(
        AssignmentRow.match_id.in_(ids), AssignmentRow.outcome.is_not(None)
    )
    ordered = answers.order_by(AssignmentRow.assigned_at)
    outcomes = dict(work.session.execute(ordered).all())
    query = (
        select(FollowUpRow, MatchRow.case_id, TeamRow.municipality)
        .join(MatchRow, MatchRow.id == FollowUpRow.match_id)
        .outerjoin(TeamRow, TeamRow.id == MatchRow.team_id)
        .where(told, of_two)
    )
    found: dict[str, list[MatchFacts]] = {}
    for row, case_id, municipality in work.session.execute(query):
        facts = MatchFacts(
            opened_at=row.opened_at,
            answered_at=row.answered_at,
            outcome=outcomes.get(row.match_id),
            contacted_on=row.contacted_on,
            is_aligned=row.aligned_on is not None,
            looks_arranged=row.looks_arranged,
            has_case=case_id is not None,
            steps=frozenset(steps.get(row.match_id, ())),
        )
        found.setdefault(municipality or UNKNOWN, []).append(facts)
    return found


def _tallied(work: Work, period: Period, code: str) -> Division:
    during = (TallyRow.counted_on >= period.since) & (TallyRow.counted_on < period.until)
    query = select(TallyRow.municipality, TallyRow.category, func.sum(TallyRow.number))
    rows = work.session.execute(
        query.where(during, TallyRow.division == code).group_by(TallyRow.municipality, TallyRow.category)
    )
    found: dict[str, Counter[str]] = {}
    for municipality, category, number in rows:
        found.setdefault(municipality, Counter())[category] = int(number)
    return found


def _objections(work: Work, period: Period) -> Counter[str]:
    during = (ObjectionRow.recorded_at >= period.begins_at) & (ObjectionRow.recorded_at < period.ends_at)
    query = select(ObjectionRow.kind, func.count()).where(during).group_by(ObjectionRow.kind)
    return Counter(dict(work.session.execute(query).all()))


def _overrides(work: Work, period: Period) -> Counter[str]:
    during = (OverrideRow.asked_at >= period.begins_at) & (OverrideRow.asked_at < period.ends_at)
    query = select(OverrideRow.outcome, func.count()).where(during).group_by(OverrideRow.outcome)
    known = {"justified", "unjustified"}
    found: Counter[str] = Counter()
    for outcome, number in work.session.execute(query):
        found[outcome if outcome in known else "not_reviewed"] += number
    return found
