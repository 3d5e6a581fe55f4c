"""Who must have been told of a signal, and when that can have been: pure functions over these facts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from hub.consent.facts import Bracket
from hub.consent.grounds import NoticeTerms
from hub.consent.policy import possible_brackets
from hub.consent.policy_set import PolicySet


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeFacts:
    """All that may decide whether a notice counts.

    Attributes:
        given_to: `subject`, `representative`, or both: roles, never who they are.
        authority_holders: how many hold authority, as a professional attested: each was told (CON-07).
        bracket_ends: None also where the age is surely of the bracket, as on the day on which it is posted.
        on: the Dutch calendar date of the attestation.
    """

    bracket: str
    bracket_ends: str | None
    contact_on: date
    given_on: date
    given_to: frozenset[str]
    authority_holders: int
    on: date


def find_faults(facts: NoticeFacts, *, rules: PolicySet) -> tuple[str, ...]:
    """Name the places at which a notice contradicts the age table or the calendar.

    In the quarter in which a bracket ends, all must have been told whom either age asks for. Nobody else is
    told: from 16 on a parent hears nothing from the hub's partners without the young person.

    One parent told is not the other: who says `representative` says how many there are, each of whom was.

    Source:
        TRA-01, TRA-02; CON-07; Jeugdwet 7.1.5.1(1); RBMNE:2020:4507 (the father had not been told).
    """
    ages = _ages(facts, rules)
    asked = frozenset(role for age in ages for role in rules.get_age(age).notice_to)
    faults = []
    if not facts.contact_on <= facts.given_on <= facts.on:
        faults.append("/givenDate")
    if not asked or facts.given_to != asked:
        faults.append("/givenTo")
    if ("representative" in facts.given_to) != (facts.authority_holders > 0):
        faults.append("/authorityHolders")
    return tuple(faults)


def exception_until(earlier: date | None, *, on: date, terms: NoticeTerms) -> date:
    """Return the last day of an exception that begins on this day, or goes on after an earlier one.

    Source:
        TRA-04; comparator Wmo 5.3.1: within four weeks, each time two more.
    """
    if earlier is None:
        return on + timedelta(days=terms.exception_days)
    return max(earlier, on) + timedelta(days=terms.extension_days)


def _ages(facts: NoticeFacts, rules: PolicySet) -> frozenset[Bracket]:
    if facts.bracket_ends is None and facts.bracket in frozenset(Bracket):
        return frozenset({Bracket(facts.bracket)})
    return possible_brackets(facts.bracket, facts.bracket_ends, on=facts.given_on, rules=rules)
