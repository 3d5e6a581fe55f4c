"""The simulated region: twins are twins, numbers are numbers, mistakes come at the stated rates."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from bench.region import Inventor, Region, invent_region
from bench.writing import RATES, write_down
from dat_client.identity.nl1 import normalise_bsn


@pytest.fixture(scope="module")
def region() -> Region:
    """Four thousand inhabitants."""
    return invent_region(4_000, chance=random.Random(5))


def test_same_sex_twins_share_all_but_their_names(region: Region) -> None:
    assert region.twins
    for left, right in region.twins:
        one, other = region.residents[left], region.residents[right]
        assert one.first_name != other.first_name
        shared = {"given_names": "", "partner_name": "", "bsn": ""}
        assert replace(one, **shared) == replace(other, **shared)


def test_everybody_has_a_number_of_their_own_that_passes_the_eleven_test(region: Region) -> None:
    numbers = [one.bsn for one in region.residents]
    assert len(set(numbers)) == len(numbers)
    assert all(normalise_bsn(number) for number in numbers)


def test_mistakes_come_at_the_stated_rates(region: Region) -> None:
    inventor = Inventor(len(region.residents), random.Random(6))
    written = [(one, write_down(one, inventor, with_bsn=False)) for one in region.residents]
    without = sum(not person.postcode for _, person in written) / len(written)
    misdated = sum(person.birth_date != one.born for one, person in written) / len(written)
    assert abs(without - RATES["no_address"]) < 0.03
    assert abs(misdated - RATES["date_error"]) < 0.01
    assert all(person.bsn is None for _, person in written)
