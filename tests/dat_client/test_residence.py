"""MAT-08, ROU-15: which municipality answers for a person, step by step, on the partner's own machine."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dat_client.errors import ConfigurationError
from dat_client.residence import Certainty, Living, Residence, Step, load_places, resolve
from dat_client.rows import RowError, read_living

PLACES = {"1234AB": "0352", "2345BC": "0344", "3456CD": ""}


@pytest.mark.parametrize(
    ("living", "answers"),
    [
        (Living(home="1234 ab"), Residence("0352", Step.HOME)),
        (Living(home="GM0352"), Residence("0352", Step.HOME)),
        (Living(home="GM0352", in_care=False), Residence("0352", Step.HOME, Certainty.ESTABLISHED)),
        # In care: never where the care is, also where nothing else is known but that.
        (
            Living(home="2345BC", in_care=True, before_care="1234AB"),
            Residence("0352", Step.BEFORE_CARE, Certainty.ESTABLISHED),
        ),
        (Living(home="2345BC", in_care=True), None),
        (
            Living(home="2345BC", in_care=True, mother_at_birth="GM0352", stays="2345BC"),
            Residence("0352", Step.MOTHER_AT_BIRTH, Certainty.ASSUMED),
        ),
        (
            Living(mother_at_birth="GM0352", stays="2345BC"),
            Residence("0352", Step.MOTHER_AT_BIRTH, Certainty.ASSUMED),
        ),
        (Living(stays="2345BC"), Residence("0344", Step.STAYS, Certainty.ASSUMED)),
        (Living(home="9999ZZ", stays="2345BC"), Residence("0344", Step.STAYS, Certainty.ASSUMED)),
        (Living(home="3456CD"), None),  # lies in two municipalities
        (Living(), None),
    ],
)
def test_mat_08_the_first_step_that_gives_a_municipality_answers(
    living: Living, answers: Residence | None
) -> None:
    assert resolve(living, PLACES) == answers


@given(st.sampled_from(["", "1234AB", "2345BC"]), st.sampled_from(["", "1234AB", "GM0344"]))
def test_rou_15_a_move_into_care_leaves_the_municipality_responsible(before: str, address: str) -> None:
    at_home = resolve(Living(home=before), PLACES)
    in_care = resolve(Living(home=address, in_care=True, before_care=before), PLACES)
    assert (at_home and at_home.code) == (in_care and in_care.code)


def test_that_somebody_stays_in_care_is_not_sent() -> None:
    at_home = resolve(Living(home="1234AB", in_care=False), PLACES)
    in_care = resolve(Living(home="2345BC", in_care=True, before_care="1234AB"), PLACES)
    assert at_home is not None
    assert in_care is not None
    assert (at_home.code, at_home.certainty) == (in_care.code, in_care.certainty)


def test_a_table_of_postcodes_is_read_and_what_lies_in_two_municipalities_is_in_neither(
    tmp_path: Path,
) -> None:
    table = tmp_path / "pc6.csv"
    table.write_text(
        "PC6;Huisnummer;Wijk2026;Gemeente2026\n1234AB;1;035201;352\n1234AB;3;035202;352\n"
        "2345BC;1;034401;344\n3456CD;1;034401;344\n3456CD;2;035201;352\n"
    )
    assert load_places(table) == {"1234AB": "0352", "2345BC": "034401", "3456CD": ""}


@pytest.mark.parametrize("content", ["", "a;b\n1;2\n", "postcode;gemeente\n1234AB;Bunnik\n"])
def test_what_is_no_such_table_is_refused_without_its_content(tmp_path: Path, content: str) -> None:
    table = tmp_path / "wrong.csv"
    table.write_text(content)
    with pytest.raises(ConfigurationError) as refusal:
        load_places(table)
    assert "Bunnik" not in str(refusal.value)


def test_a_row_says_where_somebody_lives_in_columns_of_its_own() -> None:
    row = {"postcode": "2345BC", "verblijf": "zorg", "postcode_voor_verblijf": "1234AB"}
    expected = Residence("0352", Step.BEFORE_CARE, Certainty.ESTABLISHED)
    assert resolve(read_living(row), PLACES) == expected
    assert resolve(read_living({"postcode": "1234AB", "gemeente": "GM0344"}), PLACES) == Residence(
        "0344", Step.HOME
    )
    with pytest.raises(RowError):
        read_living({"verblijf": "logeren"})


def test_where_somebody_lives_is_in_no_representation() -> None:
    assert "1234" not in repr(Living(home="1234AB", before_care="1234AB"))
