"""Who must have been told, and when that can have been: the age table, every cell."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from hub.consent.loading import default_policy
from hub.consent.notice_policy import NoticeFacts, exception_until, find_faults

RULES = default_policy()
TODAY = date(2026, 11, 18)
SUBJECT, REPRESENTATIVE = frozenset({"subject"}), frozenset({"representative"})
BOTH = SUBJECT | REPRESENTATIVE
FACTS = NoticeFacts(
    bracket="12-15",
    bracket_ends="2028-Q3",
    contact_on=TODAY - timedelta(days=3),
    given_on=TODAY - timedelta(days=1),
    given_to=BOTH,
    authority_holders=2,
    on=TODAY,
)
AGES = {
    ("0-11", "2030-Q1"): REPRESENTATIVE,
    ("12-15", "2028-Q3"): BOTH,
    ("16-17", "2027-Q2"): SUBJECT,
    ("18-22", "2029-Q1"): SUBJECT,
    ("23+", None): SUBJECT,
    ("12-15", "2026-Q4"): BOTH,
    ("0-11", "2026-Q4"): BOTH,
}


@pytest.mark.parametrize("age", AGES, ids=lambda age: f"{age[0]} until {age[1]}")
@pytest.mark.parametrize("told", [SUBJECT, REPRESENTATIVE, BOTH], ids=lambda told: "+".join(sorted(told)))
def test_tra_01_exactly_those_are_told_whom_the_age_asks_for(
    age: tuple[str, str | None], told: frozenset[str]
) -> None:
    holders = 2 if "representative" in told else 0
    facts = replace(FACTS, bracket=age[0], bracket_ends=age[1], given_to=told, authority_holders=holders)
    assert find_faults(facts, rules=RULES) == (() if told == AGES[age] else ("/givenTo",))


@pytest.mark.parametrize(("days", "possible"), [(-4, False), (-3, True), (0, True), (1, False)])
def test_tra_01_a_notice_lies_between_the_contact_and_today(days: int, possible: bool) -> None:
    facts = replace(FACTS, given_on=TODAY + timedelta(days=days))
    assert find_faults(facts, rules=RULES) == (() if possible else ("/givenDate",))


@pytest.mark.parametrize(("told", "holders"), [(BOTH, 0), (SUBJECT, 2)])
def test_con_07_who_told_representatives_says_of_how_many_each(told: frozenset[str], holders: int) -> None:
    bracket, ends = ("16-17", "2028-Q3") if told == SUBJECT else ("12-15", "2028-Q3")
    facts = replace(FACTS, bracket=bracket, bracket_ends=ends, given_to=told, authority_holders=holders)
    assert find_faults(facts, rules=RULES) == ("/authorityHolders",)


def test_con_07_where_one_holds_authority_one_is_told() -> None:
    assert find_faults(replace(FACTS, authority_holders=1), rules=RULES) == ()


@pytest.mark.parametrize(("earlier", "days"), [(None, 28), (-3, 14), (0, 14), (5, 19)])
def test_tra_04_an_exception_goes_on_after_the_earlier_one_and_never_before_today(
    earlier: int | None, days: int
) -> None:
    before = None if earlier is None else TODAY + timedelta(days=earlier)
    until_on = exception_until(before, on=TODAY, terms=RULES.notice_terms)
    assert until_on == TODAY + timedelta(days=days)


def test_of_an_age_that_is_over_no_notice_counts() -> None:
    assert find_faults(replace(FACTS, bracket_ends="2026-Q3"), rules=RULES) == ("/givenTo",)
