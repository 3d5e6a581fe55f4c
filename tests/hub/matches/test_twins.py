"""Same-sex twins: the wrong child's casemanager is never told before a human has confirmed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dat_client.identity.person import Person
from dat_client.identity.tokens import DEMOGRAPHIC_SCHEME, person_tokens
from hub.matches.service import Judgement, decide_possible, list_possible
from hub.subjects.policy import FIRST_NAME
from tests import builders
from tests.builders import Sender, Town, staff_caller

ADDRESS = {"postcode": "3961 BC", "house_number": "12"}
TWINS = {
    "other initial": ("Sanne", "Lotte"),
    "same initial": ("Sanne", "Sofie"),
    "same three letters": ("Marieke", "Maria"),
    "same four letters": ("Annemarie", "Annette"),
}
ALL = pytest.mark.parametrize("names", TWINS.values(), ids=TWINS.keys())
HOMES = pytest.mark.parametrize("home", [ADDRESS, {}], ids=["one address", "no address"])


def child(name: str, home: dict[str, str]) -> Person:
    return Person(surname="Jansen", given_names=name, birth_date="2013-05-17", sex="V", **home)


def tokens_of(person: Person) -> dict[str, object]:
    made = person_tokens(person, schemes=frozenset({DEMOGRAPHIC_SCHEME}))
    assert len({token.token_type for token in made}) == len(made), "one surname, one token a type"
    return {token.token_type.value: token.fields for token in made}


def confirm(town: Town) -> None:
    with town.database.work(staff_caller(town.lead), now=town.now) as work:
        (waiting,) = list_possible(work)
    with town.database.work(staff_caller(town.lead), now=town.now) as work:
        decide_possible(work, waiting.match_id, Judgement.CONFIRMED)


@ALL
@HOMES
def test_the_other_twins_casemanager_hears_only_after_a_human_confirmed(
    town: Town, school: Sender, names: tuple[str, str], home: dict[str, str]
) -> None:
    this, other = (tokens_of(child(name, home)) for name in names)
    agreed = {name for name in this if this[name] == other[name]}
    assert agreed, "twins share keys, or this tests nothing"
    assert agreed.isdisjoint(FIRST_NAME)
    town.case(town.anna, this)
    town.signal(school, other)
    town.match()
    assert town.inbox(town.anna) == []
    confirm(town)
    assert [notice.kind for notice in town.inbox(town.anna)] == ["match"]


@ALL
@HOMES
def test_with_both_twins_in_the_caseload_only_the_right_casemanager_hears(
    town: Town, school: Sender, names: tuple[str, str], home: dict[str, str]
) -> None:
    this, other = (tokens_of(child(name, home)) for name in names)
    town.case(town.anna, this)
    case_id = town.case(town.bram, other)
    town.signal(school, other)
    town.match()
    assert town.inbox(town.anna) == []
    assert [notice.case_id for notice in town.inbox(town.bram)] == [case_id]


@ALL
def test_service_numbers_that_differ_are_never_even_a_question(town: Town, names: tuple[str, str]) -> None:
    care = builders.sender(town.database, "youth_care", now=town.now)
    this, other = (tokens_of(child(name, ADDRESS)) for name in names)
    town.case(town.anna, {**this, "bsn": "one"})
    town.signal(care, {**other, "bsn": "two"})
    town.match()
    assert town.inbox(town.anna) == []
    assert town.inbox(town.lead) == []


def test_a_twin_who_moved_is_still_found_by_the_full_first_name(town: Town, school: Sender) -> None:
    here = child("Sanne", ADDRESS)
    town.case(town.anna, tokens_of(here))
    town.signal(school, tokens_of(replace(here, postcode="1011 AB", house_number="1")))
    town.match()
    assert [notice.kind for notice in town.inbox(town.anna)] == ["match"]
