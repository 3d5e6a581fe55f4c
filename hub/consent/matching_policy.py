"""Decide whether two registrations may meet, and whether the archive answers: pure functions over facts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from hub.consent.facts import Decision, Fact, LaneFacts, ObjectionFacts
from hub.consent.policy import blocks
from hub.consent.policy_set import PolicySet
from hub.consent.quarters import quarter_ends_before

KEPT = frozenset({"expired", "reason_gone"})


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchingFacts:
    """All that may decide whether two registrations meet, before anybody asks who would be told.

    Attributes:
        sides: what each of the two says in its own message.
        both_active: whether both are active now.
        objections: those attached to either; None when nobody looked.
    """

    sides: tuple[LaneFacts, LaneFacts]
    same_organisation: bool
    both_active: bool
    restricted: bool
    objections: tuple[ObjectionFacts, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveFacts:
    """All that may decide whether a signal that ended answers a new reporter, once.

    Attributes:
        ended: `expired`, `reason_gone`, or anything else that never enters the archive.
        bracket: at the time of the signal, with the quarter in which it ended.
        answered: whether this new reporter's signal had its one answer.
    """

    ended: str
    ended_on: date
    on: date
    bracket: str
    bracket_ends: str | None
    objected: bool
    answered: bool


def decide_matching(facts: MatchingFacts, *, rules: PolicySet) -> Decision:
    """Decide whether two registrations may meet at all, whoever would be told.

    Source:
        MAT-01, CON-12; Jeugdwet 7.1.2.3(1)(c); AVG 18, 21.
    """
    return _decision([*_matching(facts, rules)], Fact.ACTIVE_TOGETHER, rules)


def decide_archive(facts: ArchiveFacts, *, rules: PolicySet) -> Decision:
    """Decide whether a signal that ended answers one new reporter, at the moment of reporting.

    Source:
        SIG-08, SIG-09; Jeugdwet 7.1.4.6.
    """
    return _decision([*_archive(facts, rules)], Fact.ARCHIVE_ANSWERS, rules)


def combine(first: Decision, second: Decision) -> Decision:
    """Allow only what both allow, in the words of the more silent one."""
    allowed = first.allowed and second.allowed
    reasons = tuple(
        dict.fromkeys(
            reason for one in (first, second) if allowed or not one.allowed for reason in one.reasons
        )
    )
    return Decision(
        allowed=allowed,
        level=min(first.level, second.level) if allowed else 0,
        reasons=reasons,
        policy_hash=first.policy_hash,
        police_origin=first.police_origin or second.police_origin,
    )


def archive_until(ended_on: date, bracket: str, bracket_ends: str | None, *, rules: PolicySet) -> date:
    """Return the first day on which a signal that ended is in the archive no more.

    Source:
        SIG-09; Jeugdwet 7.1.4.6: five years, and destroyed at the 23rd birthday.
    """
    over = _months_later(ended_on, rules.term("archive_months"))
    return min(over, _twenty_third(bracket, bracket_ends, rules))


def _matching(facts: MatchingFacts, rules: PolicySet) -> Iterator[Fact]:
    if facts.same_organisation:
        yield Fact.SAME_ORGANISATION
    if not facts.both_active:
        yield Fact.NOT_ACTIVE_TOGETHER
    if facts.objections is None:
        yield Fact.FACTS_UNKNOWN
    if facts.restricted or any(one.restriction for one in facts.objections or ()):
        yield Fact.RESTRICTED
    pending = [one for one in facts.objections or () if one.pending and not one.restriction]
    if any(blocks(one.scope, side, rules) for one in pending for side in facts.sides):
        yield Fact.OBJECTION_PENDING


def _archive(facts: ArchiveFacts, rules: PolicySet) -> Iterator[Fact]:
    if not rules.archive:
        yield Fact.ARCHIVE_OFF
    if facts.ended not in KEPT or facts.objected:
        yield Fact.ARCHIVE_NOT_KEPT
    if facts.on >= archive_until(facts.ended_on, facts.bracket, facts.bracket_ends, rules=rules):
        yield Fact.ARCHIVE_OVER
    if facts.answered:
        yield Fact.ARCHIVE_ANSWERED


def _twenty_third(bracket: str, bracket_ends: str | None, rules: PolicySet) -> date:
    """Return the first day on which the person may have turned 23: a quarter's first; long ago when unknown.

    Destroyed at the 23rd birthday, and the hub knows no more of it than this quarter.
    """
    order = [row.bracket.value for row in rules.brackets[:-1]]
    ends = quarter_ends_before(bracket_ends or "")
    if ends is None or bracket not in order:
        return date.min
    later = sum(row.years for row in rules.brackets[order.index(bracket) + 1 :])
    first = _months_later(ends, -3)
    return first.replace(year=first.year + later)


def _months_later(day: date, months: int) -> date:
    """Return the first day of the month that lies so many months on."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, 1)


def _decision(denials: list[Fact], ground: Fact, rules: PolicySet) -> Decision:
    reasons = tuple(rules.reason(fact) for fact in dict.fromkeys(denials or [ground]))
    return Decision(allowed=not denials, level=0, reasons=reasons, policy_hash=rules.hash)
