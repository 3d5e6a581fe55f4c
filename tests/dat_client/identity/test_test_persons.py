from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from dat_client.identity.person import Person, RefusedPersonError
from dat_client.identity.tokens import person_tokens

REPOSITORY = Path(__file__).parents[3]
TEST_PERSONS = REPOSITORY.parent / "shared" / "data" / "brp-testpersonen.csv"


@pytest.mark.skipif(
    not TEST_PERSONS.exists(),
    reason="RvIG TEST PERSONS ABSENT: lay them beside the repository to run this test",
)
def test_every_official_test_person_gives_tokens_or_a_reason() -> None:
    with TEST_PERSONS.open(encoding="utf-8-sig", newline="") as rows:
        outcomes = Counter(outcome(row) for row in csv.DictReader(rows))

    assert outcomes.total() == 663
    assert outcomes == {
        "tokens": outcomes["tokens"],
        "unknown_birth_date": 9,
        "no_name": 2,
        "bad_bsn": 1,
    }


def outcome(row: dict[str, str]) -> str:
    person = Person(
        bsn=row["bsn"],
        given_names=row["voornamen"],
        prefix=row["voorvoegsel"],
        surname=row["geslachtsnaam"],
        birth_date=row["geboortedatum"],
        sex=row["geslacht"],  # type: ignore[arg-type]
    )
    try:
        person_tokens(person)
    except RefusedPersonError as refused:
        return refused.reason.value
    return "tokens"
