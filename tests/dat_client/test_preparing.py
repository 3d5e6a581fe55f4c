"""What is sealed of a person, and when something of the household beside it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest

from dat_client.facts import Home, signal_facts
from dat_client.identity.person import Person
from dat_client.identity.tokens import MAX_TOKENS
from dat_client.preparing import Draft, Inputs, read_draft
from dat_client.rows import RowError, read_home, read_signal

JAN = Person(
    surname="Jansen", given_names="Jan Willem", birth_date="20140203", sex="M",
    postcode="3961 AB", house_number="12", bsn="999990019",
)  # fmt: skip
MOTHER = Person(surname="Bakker-Smit", given_names="Eva", birth_date="19850101", sex="V")
ALL = frozenset({"bsn", "demographic", "household"})


def types(home: Home | None, schemes: frozenset[str] = ALL, person: Person = JAN) -> list[str]:
    draft = Draft(person=person, facts={}, reporter=uuid4(), home=home)
    read = read_draft(draft, schemes=schemes, today=date(2026, 11, 18))
    assert isinstance(read, Inputs)
    return [token.token_type.value for token in read.tokens]


def test_a_household_goes_along_only_where_it_is_asked_and_allowed() -> None:
    home = Home(parents=(MOTHER,))
    assert {"household", "parent"} <= set(types(home))
    assert not {"household", "parent"} & {*types(None), *types(home, ALL - {"household"})}


def test_a_secret_address_makes_no_household_mat_16() -> None:
    found = types(Home(parents=(MOTHER,), secret_address=True))
    assert ("household" in found, "parent" in found) == (False, True)


def test_a_row_of_a_file_names_parents_and_a_secret_address() -> None:
    row = {
        "geheim_adres": "ja",
        "ouder1_geslachtsnaam": "Bakker",
        "ouder1_geboortedatum": "19850101",
        "ouder2_geslacht": "v",
    }
    home = read_home(row)
    assert (home.secret_address, [one.surname for one in home.parents]) == (True, ["Bakker"])
    assert read_home({}) == Home()
    with pytest.raises(RowError):
        read_home({"geheim_adres": "misschien"})


@pytest.mark.parametrize("parents", [0, 1, 4])
def test_the_person_comes_first_where_the_envelope_is_full(parents: int) -> None:
    many = tuple(replace(MOTHER, birth_date=f"1985010{number + 1}") for number in range(parents))
    double = replace(JAN, surname="Jansen-Pieters")
    found, person = types(Home(parents=many), person=double), types(None, person=double)
    assert len(found) <= MAX_TOKENS
    assert found[: len(person)] == person


def test_sig_12_a_row_names_who_brings_it_and_for_whom() -> None:
    fields = {
        "geslachtsnaam": "Jansen", "geboortedatum": "20100201", "contactdatum": "2026-11-20",
        "soort": "contact", "grondslag": "JW_7_1_4_1", "kennisgeving": "volgt", "afweging": "ja",
    }  # fmt: skip
    reporter, clerk, school = uuid4(), uuid4(), uuid4()
    ids = {"melder": str(reporter), "indiener": str(clerk), "namens": str(school)}
    signal = read_signal(fields | ids, today=date(2026, 11, 22))
    sent = signal_facts(signal, reporter=reporter, residence=None, residence_from=None)
    assert [sent["reporter"], sent["submittedBy"], sent["onBehalfOf"]] == list(ids.values())
    alone = signal_facts(
        read_signal(fields, today=date(2026, 11, 22)), reporter=reporter, residence=None, residence_from=None
    )
    assert not {"submittedBy", "onBehalfOf"} & set(alone)
    for name in ("indiener", "namens"):
        with pytest.raises(RowError):
            read_signal(fields | {name: "de GGD"}, today=date(2026, 11, 22))
