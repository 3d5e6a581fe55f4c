from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from demo import trouble
from demo.deal import Deal, compare, deal_people, why_unusable
from demo.desks import ATTENDANCE, HOUSING, POLICE, POSTING, SCHOOL, TEAM, find_basis
from demo.people import Individual, invent_people

TODAY = date(2026, 11, 22)
seeds = st.integers(0, 2**32)


def dealt(seed: int, count: int = 60) -> Deal:
    chance = random.Random(seed)
    return deal_people(invent_people(count, today=TODAY, chance=chance), today=TODAY, chance=chance)


def somebody(**facts: object) -> Individual:
    one = Individual(0, "999990019", "Noor", "van", "Zandstra", "20120317", "V", "9990BC", "12")
    return replace(one, **facts)  # type: ignore[arg-type]


@given(seeds)
@settings(max_examples=20, deadline=None)
def test_one_seed_deals_one_town(seed: int) -> None:
    assert dealt(seed) == dealt(seed)


def test_another_seed_deals_another_town() -> None:
    assert dealt(1) != dealt(2)


@given(seeds)
@settings(max_examples=50, deadline=None)
def test_an_expected_pair_is_one_person_of_two_organisations(seed: int) -> None:
    deal = dealt(seed)
    for pair in deal.expected:
        assert len({deal.person_of[mark] for mark in pair}) == 1
        assert len({folder for folder, _ in pair}) == 2


@given(seeds)
@settings(max_examples=50, deadline=None)
def test_a_row_that_cannot_be_used_is_in_no_expected_pair(seed: int) -> None:
    deal = dealt(seed)
    unusable = {one.mark for one in deal.registrations if one.refusal}
    assert unusable
    assert not any(unusable & pair for pair in deal.expected)


@given(seeds)
@settings(max_examples=50, deadline=None)
def test_twins_are_never_expected_to_meet(seed: int) -> None:
    deal = dealt(seed)
    twins = [{0, 54}, {1, 55}]
    for pair in deal.expected:
        assert {deal.person_of[mark] for mark in pair} not in twins


def test_everybody_with_a_case_is_expected_at_the_case_and_not_signal_by_signal() -> None:
    deal = dealt(3, 400)
    in_caseload = {one.person for one in deal.registrations if one.desk == TEAM and one.refusal is None}
    for pair in deal.expected:
        person = {deal.person_of[mark] for mark in pair}.pop()
        assert (person in in_caseload) == any(folder == TEAM.folder for folder, _ in pair)


def test_about_half_are_in_a_caseload_and_everybody_is_in_at_most_three_files_besides() -> None:
    deal = dealt(4, 1_000)
    files = Counter(one.person for one in deal.registrations if one.desk in POSTING)
    assert max(files.values()) <= 3
    assert 0.45 < sum(one.desk == TEAM for one in deal.registrations) / 1_000 < 0.55


@pytest.mark.parametrize(
    ("rate", "strikes"), trouble.RATES, ids=[strikes.__name__ for _, strikes in trouble.RATES]
)
def test_each_trouble_strikes_by_its_rate(
    rate: float, strikes: trouble.Trouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    struck = 0

    def counting(person: Individual, chance: random.Random) -> Individual:
        nonlocal struck
        struck += 1
        return strikes(person, chance)

    monkeypatch.setattr(
        trouble, "RATES", [(r, counting if one is strikes else one) for r, one in trouble.RATES]
    )
    chance = random.Random(5)
    for _ in range(20_000):
        trouble.registered(somebody(), chance)
    assert rate * 0.85 < struck / 20_000 < rate * 1.15


def test_a_move_changes_the_address_and_nothing_else() -> None:
    moved = trouble.moved(somebody(), random.Random(6))
    assert (moved.postcode, moved.house) != (somebody().postcode, somebody().house)
    assert replace(moved, postcode="9990BC", house="12") == somebody()


@pytest.mark.parametrize(
    ("changed", "uses_bsn", "reason"),
    [
        ({}, True, None),
        ({"surname": "."}, True, "no_name"),
        ({"surname": "", "born": "00000000"}, True, "no_name"),
        ({"born": "00000000"}, False, "unknown_birth_date"),
        ({"born": "19650000"}, False, "unknown_birth_date"),
        ({"born": ""}, False, "unknown_birth_date"),
        ({"born": "19650230"}, False, "impossible_birth_date"),
        ({"born": "20270101"}, False, "future_birth_date"),
        ({"bsn": "123456789"}, True, "bad_bsn"),
        ({"bsn": "123456789"}, False, None),
        ({"given_names": "", "sex": "O"}, False, "too_few_keys"),
        ({"given_names": "", "sex": "O"}, True, None),
    ],
)
def test_the_deal_knows_which_rows_cannot_be_used(
    changed: dict[str, str], uses_bsn: bool, reason: str | None
) -> None:
    assert why_unusable(somebody(**changed), uses_bsn=uses_bsn, today=TODAY) == reason


@pytest.mark.parametrize(
    ("born", "bases"),
    [
        (date(2022, 5, 1), {"police": "WPG_YOUTH", "school": "JW_7_1_4_1"}),
        (date(2010, 5, 1), {"police": "WPG_YOUTH", "school": "JW_7_1_4_1", "attendance": "JW_7_1_4_1"}),
        (
            date(2005, 5, 1),
            {
                "police": "WPG_YOUTH",
                "school": "JW_7_1_4_1",
                "attendance": "JW_7_1_4_1",
                "housing": "NO_OBJECTION",
            },
        ),
        # In the quarter of the 23rd birthday nobody knows on which side of the line somebody is.
        (date(2003, 12, 24), {"police": "WPG_ADULT", "housing": "NO_OBJECTION"}),
        (date(2008, 12, 24), {"police": "WPG_YOUTH", "school": "JW_7_1_4_1", "attendance": "JW_7_1_4_1"}),
        (date(1970, 5, 1), {"police": "WPG_ADULT", "housing": "NO_OBJECTION"}),
    ],
)
def test_a_desk_writes_only_about_whom_its_lane_allows(born: date, bases: dict[str, str]) -> None:
    found = {desk.folder: find_basis(desk, born, today=TODAY) for desk in POSTING}
    assert {folder: basis for folder, basis in found.items() if basis} == bases


def test_only_attendance_and_team_have_the_number() -> None:
    assert [desk.uses_bsn for desk in (POLICE, HOUSING, SCHOOL, ATTENDANCE, TEAM)] == [
        False,
        False,
        False,
        True,
        True,
    ]


def test_a_hub_that_matched_everything_rightly_is_told_so() -> None:
    deal = dealt(7)
    tally = compare(deal, matched=deal.expected, possible=frozenset())
    assert tally.expected_matches == tally.found_expected == len(deal.expected)
    assert (tally.possible_expected, tally.unexpected, tally.unexpected_possible) == (0, 0, 0)


def test_a_hub_that_matched_strangers_is_found_out() -> None:
    deal = dealt(8)
    first = deal.registrations[0]
    stranger = next(
        one for one in deal.registrations if one.person != first.person and one.desk != first.desk
    )
    wrong = frozenset({frozenset({first.mark, stranger.mark})})
    assert compare(deal, matched=wrong, possible=frozenset()).unexpected == 1
    assert compare(deal, matched=frozenset(), possible=wrong).unexpected_possible == 1


def test_a_hub_that_matched_two_rows_of_one_organisation_is_found_out() -> None:
    deal = dealt(9)
    first = deal.registrations[0]
    again = next(one for one in deal.registrations if one.desk == first.desk and one != first)
    same = Deal(
        deal.people,
        tuple(replace(one, person=first.person) if one == again else one for one in deal.registrations),
    )
    assert compare(
        same, matched=frozenset({frozenset({first.mark, again.mark})}), possible=frozenset()
    ).unexpected


def test_two_rows_of_the_file_with_one_number_are_one_person() -> None:
    one = somebody()
    chance = random.Random(10)
    deal = deal_people([one, replace(one, number=1, surname="Molenwiek")], today=TODAY, chance=chance)
    assert {registration.person for registration in deal.registrations} == {0}


def test_the_rates_are_those_of_real_life() -> None:
    assert {strikes.__name__: rate for rate, strikes in trouble.RATES} == {
        "respelled": 0.03,
        "typo": 0.02,
        "other_particle": 0.15,
        "partners_name": 0.05,
        "date_error": 0.012,
        "other_first_name": 0.12,
        "moved": 0.08,
        "no_address": 0.20,
    }
