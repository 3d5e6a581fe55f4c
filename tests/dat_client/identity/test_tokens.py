from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dat_client.identity.nl1 import NORMALISATION
from dat_client.identity.person import Person, RefusalReason, RefusedPersonError
from dat_client.identity.tokens import MAX_TOKENS, household_tokens, person_tokens
from dat_client.identity.vector_people import fictive_bsn
from keys.protocol.tokens import TokenType, token_input

SANNE = Person(
    surname="van der Meijden",
    given_names="Sanne Maria",
    birth_date="20110423",
    sex="V",
    bsn=fictive_bsn(1),
    postcode="1234 AB",
    house_number="12",
    house_addition="A",
)


def kinds(person: Person, *, schemes: frozenset[str] = frozenset({"bsn", "demographic"})) -> str:
    return " ".join(token.token_type for token in person_tokens(person, schemes=schemes))


def reason_of(person: Person, *, today: date | None = None) -> RefusalReason:
    with pytest.raises(RefusedPersonError) as refused:
        person_tokens(person, today=today)
    return refused.value.reason


def test_a_person_known_in_full_has_a_bsn_and_eight_match_keys() -> None:
    assert {token.token_type.value: token.fields for token in person_tokens(SANNE)} == {
        "bsn": (fictive_bsn(1),),
        "A": ("meyden", "20110423", "V"),
        "B": ("m350", "20110423", "s"),
        "C": ("m350", "20110423", "V"),
        "D": ("20110423", "V", "1234AB", "12"),
        "E": ("m350", "s", "V", "1234AB", "12", "2011"),
        "F": ("sanne", "20110423", "1234"),
        "G": ("meyd", "san", "2011", "04", "23"),
        "H": ("m350", "sanne", "20110423"),
    }


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"sex": "O"}, "bsn B F G H"),
        ({"sex": ""}, "bsn B F G H"),
        ({"given_names": "S."}, "bsn A B C D E"),
        ({"given_names": "-"}, "bsn A C D"),
        ({"postcode": ""}, "bsn A B C G H"),
        ({"house_number": ""}, "bsn A B C F G H"),
        ({"bsn": None}, "A B C D E F G H"),
        ({"bsn": " "}, "A B C D E F G H"),
        ({"surname": "Meijden-Bakker", "bsn": None}, "A A B B C C D E E F G G H H"),
    ],
)
def test_a_key_with_a_missing_field_is_not_made(change: dict[str, Any], expected: str) -> None:
    assert kinds(replace(SANNE, **change)) == expected


def test_no_person_has_more_tokens_than_a_double_name_at_an_address_with_a_bsn() -> None:
    tokens = person_tokens(replace(SANNE, surname="Meijden-Bakker-Smit"))

    assert len(tokens) == 15 < MAX_TOKENS
    assert max(Counter(token.token_type for token in tokens).values()) == 2


def test_alternatives_that_sound_alike_do_not_give_one_token_twice() -> None:
    tokens = person_tokens(replace(SANNE, surname="Meijden-Meyten"))

    assert len(set(tokens)) == len(tokens)
    assert [token.token_type for token in tokens].count(TokenType.B) == 1


def test_a_partner_without_the_bsn_makes_no_bsn_token_and_reads_none() -> None:
    assert kinds(SANNE, schemes=frozenset({"demographic"})) == "A B C D E F G H"
    assert kinds(replace(SANNE, bsn="no number"), schemes=frozenset({"demographic"})) == "A B C D E F G H"
    assert kinds(SANNE, schemes=frozenset({"bsn"})) == "bsn"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"surname": "."}, RefusalReason.NO_NAME),
        ({"birth_date": "20110000"}, RefusalReason.UNKNOWN_BIRTH_DATE),
        ({"birth_date": "20110230"}, RefusalReason.IMPOSSIBLE_BIRTH_DATE),
        ({"bsn": "123456789"}, RefusalReason.BAD_BSN),
        ({"bsn": "", "sex": "O", "given_names": ""}, RefusalReason.TOO_FEW_KEYS),
        ({"bsn": "", "sex": "O", "given_names": "S"}, RefusalReason.TOO_FEW_KEYS),
    ],
)
def test_a_person_is_refused_by_reason(change: dict[str, Any], reason: RefusalReason) -> None:
    assert reason_of(replace(SANNE, **change)) is reason


def test_two_tokens_of_one_type_are_not_two_kinds_of_key() -> None:
    only_b = replace(SANNE, bsn=None, sex="O", given_names="S", surname="Meijden-Bakker")
    assert reason_of(only_b) is RefusalReason.TOO_FEW_KEYS


def test_who_is_not_born_yet_is_refused_when_today_is_known() -> None:
    assert reason_of(SANNE, today=date(2011, 4, 22)) is RefusalReason.FUTURE_BIRTH_DATE
    assert person_tokens(SANNE, today=date(2011, 4, 23))


@pytest.mark.parametrize("prefix", ["van der", "VAN DEN", "'t", "voorvoegsel"])
def test_a_prefix_in_its_own_column_changes_nothing(prefix: str) -> None:
    assert person_tokens(replace(SANNE, surname="Meyden", prefix=prefix)) == person_tokens(SANNE)


def test_day_and_month_swapped_still_meet_in_one_key() -> None:
    one, other = (
        set(person_tokens(replace(SANNE, bsn=None, birth_date=day))) for day in ("20110403", "20110304")
    )
    assert {token.token_type.value for token in one & other} == {"E", "G"}


@pytest.mark.parametrize("other_name", ["Fleur", "Sofie"])
def test_same_sex_twins_never_share_a_key_with_a_full_first_name(other_name: str) -> None:
    twin = replace(SANNE, given_names=other_name, bsn=fictive_bsn(2))
    shared = {token.token_type.value for token in set(person_tokens(SANNE)) & set(person_tokens(twin))}

    assert {"A", "C", "D"} <= shared
    assert not shared & {"bsn", "F", "G", "H"}


def test_the_household_is_the_address_with_its_addition_and_the_parents() -> None:
    parent = Person(surname="Meijden-Bakker", birth_date="19800101", sex="M")
    unknown = replace(parent, birth_date="00000000")

    tokens = household_tokens(SANNE, parents=[parent, unknown, replace(parent, sex="O")])

    assert [(token.token_type.value, token.fields) for token in tokens] == [
        ("household", ("1234AB", "12", "a")),
        ("parent", ("meyden", "19800101", "M")),
        ("parent", ("bakker", "19800101", "M")),
    ]
    assert {token.token_type.scheme for token in tokens} == {"household"}
    assert household_tokens(replace(SANNE, postcode="")) == ()


def test_nothing_of_a_person_shows_in_a_representation() -> None:
    shown = repr(SANNE) + repr(person_tokens(SANNE)) + f"{SANNE}"

    for value in ("Meijden", "meyd", "Sanne", "2011", "1234", fictive_bsn(1)):
        assert value not in shown


@given(
    st.builds(
        Person,
        surname=st.text(max_size=300),
        given_names=st.text(max_size=300),
        birth_date=st.one_of(st.text(max_size=12), st.dates()),
        sex=st.sampled_from(["M", "V", "O", ""]),
        bsn=st.one_of(st.none(), st.text(max_size=12)),
        postcode=st.from_regex(r"[0-9]{4} ?[A-Za-z]{2}"),
        house_number=st.text(max_size=8),
    )
)
def test_whatever_is_written_gives_tokens_that_fit_or_a_reason(person: Person) -> None:
    try:
        tokens = person_tokens(person)
    except RefusedPersonError:
        return
    for token in tokens:
        token_input("h" * 253, token.token_type, normalisation=NORMALISATION, fields=token.fields)
