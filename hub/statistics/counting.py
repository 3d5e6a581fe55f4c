"""Count what the hub has, without identities: populations and how they divide, per municipality.

Each population is of events in a period, never of what there is on a day: two stocks of which the difference
is released too would show who came. What is counted carries no person, no professional and no organisation.

Source: domain.md STA-01, STA-03.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select

from hub.consent.models import ObjectionRow, OverrideRow
from hub.matches.models import AssignmentRow, EscalationRow, FollowUpRow, MatchRow
from hub.matches.states import MatchEffect, MatchState
from hub.notices.terms import DEFAULT, due_at
from hub.partners.service import list_taking_part
from hub.signals.models import SignalRow
from hub.signals.service import get_signals
from hub.statistics.models import TallyRow
from hub.statistics.persons import count_by, group_persons
from hub.statistics.values import UNKNOWN, WHOLE, Counted, Period
from hub.subjects.service import RegistrationKind
from hub.teams.models import TeamRow
from service.clock import dutch_date
from service.work import Work

Division = Mapping[str, Counted]  # by municipality
TALLIED: Mapping[str, tuple[str, ...]] = {
    "signals_by_domain": (
        "education", "safety", "housing", "municipality", "youth", "youth_care", "support", "other"
    ),
    "signals_by_age": ("0-11", "12-15", "16-17", "18-22", "23+"),
    "signals_by_notice": ("given", "pending", "exception"),
    "endings": ("unjustified", "reason_gone", "expired"),
}  # fmt: skip


EFFECTS = tuple(one.value for one in MatchEffect)
TWO_PERSONS = "two_persons"


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchFacts:
    """All that a division of matches may see of one.

    Attributes:
        person: a number that matches of one person have in common, in this count only.
        answered_at: when somebody took it up first, whoever has it since: leave makes nothing late.
        lives: `within` the municipality of the team or `outside` it; None where no sender said.
    """

    person: int
    opened_at: datetime
    answered_at: datetime | None
    outcome: str | None
    contacted_on: date | None
    is_aligned: bool
    looks_arranged: bool
    has_case: bool
    of_household: bool
    effect: str | None
    lives: str | None
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


def effect(one: MatchFacts) -> str:
    """Tell what the match brought, as its owner says; baseline: 39, 18 and 21 % of those followed up."""
    return one.effect or "not_said"


def where(one: MatchFacts) -> str:
    """Tell whether the person lives where the team is."""
    return one.lives or "unknown"


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
    "household": (("person", "household"), lambda one: "household" if one.of_household else "person"),
    "effect": ((*EFFECTS, TWO_PERSONS, "not_said"), effect),
    "region": (("within", "outside", "unknown"), where),
    "arranged": (("looks_arranged", "other"), arranged),
}
CATEGORIES: Mapping[tuple[str, str], tuple[str, ...]] = (
    {("matches", name): categories for name, (categories, _) in OF_MATCHES.items()}
    | {("endings" if name == "endings" else "signals", name): of for name, of in TALLIED.items()}
    | {
        ("objections", "objections"): ("objection", "restriction"),
        ("partners", "active_partners"): ("signalled", "silent"),
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
        "active_partners": {UNKNOWN: _partners(work, period)},
    }
    return {
        code: counted.get(code)
        or (_divide(matches, OF_MATCHES[code][1]) if code in OF_MATCHES else _tallied(work, period, code))
        for code in codes
    }


def _divide(matches: Mapping[str, list[MatchFacts]], rule: Callable[[MatchFacts], str]) -> Division:
    return {
        where: count_by(
            {at: rule(one) for at, one in enumerate(found)}, {at: one.person for at, one in enumerate(found)}
        )
        for where, found in matches.items()
    }


def _matches(work: Work, period: Period) -> dict[str, list[MatchFacts]]:
    """Read the matches that were told in a period, by the municipality of the team that has them."""
    told = (FollowUpRow.opened_at >= period.begins_at) & (FollowUpRow.opened_at < period.ends_at)
    # An inquiry into one signal is no match.
    of_two = MatchRow.signal_id != MatchRow.other_id
    query = (
        select(FollowUpRow, MatchRow, TeamRow.municipality)
        .join(MatchRow, MatchRow.id == FollowUpRow.match_id)
        .outerjoin(TeamRow, TeamRow.id == MatchRow.team_id)
        .where(told, of_two)
    )
    rows = [(row, match, home) for row, match, home in work.session.execute(query)]
    around = _look_around(work, {match.id: (match.signal_id, match.other_id) for _, match, _ in rows})
    found: dict[str, list[MatchFacts]] = {}
    for row, match, home in rows:
        found.setdefault(home or UNKNOWN, []).append(_facts(row, match, home, around))
    return found


@dataclass(frozen=True, slots=True)
class _Around:
    """What else is known of the matches of a period, by their numbers or by registration."""

    persons: Mapping[UUID, int]
    outcomes: Mapping[UUID, str | None]
    answered: Mapping[UUID, datetime]
    steps: Mapping[UUID, frozenset[str]]
    residences: Mapping[UUID, str]


def _look_around(work: Work, sides: Mapping[UUID, tuple[UUID, UUID]]) -> _Around:
    ids = {id_ for pair in sides.values() for id_ in pair}
    kinds = (RegistrationKind.SIGNAL, RegistrationKind.CASE)
    steps: dict[UUID, set[str]] = defaultdict(set)
    outcomes: dict[UUID, str | None] = {}
    answered: dict[UUID, datetime] = {}
    for part in in_parts(sorted(sides)):
        escalated = select(EscalationRow.match_id, EscalationRow.step)
        for match_id, step in work.session.execute(escalated.where(EscalationRow.match_id.in_(part))):
            steps[match_id].add(step)
        answers = select(AssignmentRow.match_id, AssignmentRow.outcome).where(
            AssignmentRow.match_id.in_(part), AssignmentRow.outcome.is_not(None)
        )
        outcomes |= dict(work.session.execute(answers.order_by(AssignmentRow.assigned_at)).all())
        answered |= first_answers(work, part)
    return _Around(
        persons=group_persons(work, ids, kinds=kinds, known=sides.values()),
        outcomes=outcomes,
        answered=answered,
        steps={match_id: frozenset(found) for match_id, found in steps.items()},
        residences={id_: one.residence for id_, one in get_signals(work, ids).items() if one.residence},
    )


def first_answers(work: Work, match_ids: Collection[UUID]) -> dict[UUID, datetime]:
    """Return when somebody first took each match up since it was told, where somebody did."""
    query = (
        select(AssignmentRow.match_id, func.min(AssignmentRow.accepted_at))
        .join(FollowUpRow, FollowUpRow.match_id == AssignmentRow.match_id)
        .where(AssignmentRow.match_id.in_(match_ids), AssignmentRow.accepted_at >= FollowUpRow.opened_at)
    )
    rows = work.session.execute(query.group_by(AssignmentRow.match_id))
    return {match_id: first for match_id, first in rows if first is not None}


def _facts(row: FollowUpRow, match: MatchRow, home: str | None, around: _Around) -> MatchFacts:
    lives = {
        around.residences[id_][:4] for id_ in (match.signal_id, match.other_id) if id_ in around.residences
    }
    return MatchFacts(
        person=around.persons[match.signal_id],
        opened_at=row.opened_at,
        answered_at=around.answered.get(match.id),
        outcome=around.outcomes.get(match.id),
        contacted_on=row.contacted_on,
        is_aligned=row.aligned_on is not None,
        looks_arranged=row.looks_arranged,
        has_case=match.case_id is not None,
        of_household=row.of_household,
        effect=TWO_PERSONS if match.state == MatchState.REJECTED else row.effect,
        lives=("within" if lives == {home} else "outside") if lives and home else None,
        steps=around.steps.get(match.id, frozenset()),
    )


def _tallied(work: Work, period: Period, code: str) -> Division:
    """Add up what was counted day by day; persons as counted anew each quarter, or for more each year."""
    during = (TallyRow.counted_on >= period.since) & (TallyRow.counted_on < period.until)
    of_quarter = period.until - period.since < timedelta(days=100)
    persons = TallyRow.persons if of_quarter else TallyRow.persons_in_year
    query = select(TallyRow.municipality, TallyRow.category, func.sum(TallyRow.number), func.sum(persons))
    rows = work.session.execute(
        query.where(during, TallyRow.division == code).group_by(TallyRow.municipality, TallyRow.category)
    )
    found: dict[str, dict[str, tuple[int, int]]] = defaultdict(dict)
    for municipality, category, number, people in rows:
        found[municipality][category] = int(number), int(people)
    return {where: _counted(cells) for where, cells in found.items()}


def _counted(cells: Mapping[str, tuple[int, int]]) -> Counted:
    """Return what was tallied; the row without a category is of all of them."""
    named = {name: both for name, both in cells.items() if name != WHOLE}
    return Counted(
        Counter({name: number for name, (number, _) in named.items()}),
        Counter({name: persons for name, (_, persons) in named.items()}),
        cells.get(WHOLE, (0, 0))[1],
    )


def _objections(work: Work, period: Period) -> Counted:
    during = (ObjectionRow.recorded_at >= period.begins_at) & (ObjectionRow.recorded_at < period.ends_at)
    named = ObjectionRow.kind.in_(CATEGORIES["objections", "objections"])
    query = select(ObjectionRow.id, ObjectionRow.kind).where(during, named)
    kinds = dict(work.session.execute(query).all())
    return count_by(kinds, group_persons(work, kinds.keys(), kinds=[RegistrationKind.OBJECTION]))


def _overrides(work: Work, period: Period) -> Counted:
    during = (OverrideRow.asked_at >= period.begins_at) & (OverrideRow.asked_at < period.ends_at)
    query = select(OverrideRow.id, OverrideRow.signal_id, OverrideRow.outcome).where(during)
    rows = work.session.execute(query).all()
    people = group_persons(work, {signal_id for _, signal_id, _ in rows}, kinds=[RegistrationKind.SIGNAL])
    known = {"justified", "unjustified"}
    return count_by(
        {id_: outcome if outcome in known else "not_reviewed" for id_, _, outcome in rows},
        {id_: people[signal_id] for id_, signal_id, _ in rows},
    )


def _partners(work: Work, period: Period) -> Counted:
    """Count the organisations that may signal, and did or did not; of these each is one."""
    during = (SignalRow.received_at >= period.begins_at) & (SignalRow.received_at < period.ends_at)
    signalled = set(work.session.scalars(select(SignalRow.organisation_id).where(during).distinct()))
    taking_part = {
        one.id for one in list_taking_part(work, dutch_date(work.now)) if one.may_signal
    } | signalled
    said = {id_: "signalled" if id_ in signalled else "silent" for id_ in taking_part}
    return count_by(said, {id_: number for number, id_ in enumerate(sorted(said))})


def in_parts(values: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    """Give ids so many at a time as a statement takes: SQLite has at most 32,766 parameters."""
    return (values[start : start + 500] for start in range(0, len(values), 500))
