"""Noord-Veluwe: one pool of staff for several municipalities; a wall between their data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest

from hub.matches.errors import IntakeMissingError
from hub.partners.values import Staff
from hub.teams import administration
from hub.teams.values import Post, Team
from tests.builders import Sender
from tests.journeys.arrangements.place import Place


@dataclass
class Pool:
    """Two municipalities; Anna works for the north now, Bram for the south."""

    place: Place
    north: Team
    south: Team
    anna: Staff
    bram: Staff
    post: Post
    school: Sender
    police: Sender


@pytest.fixture
def pool(place: Place) -> Pool:
    organisation = place.organisation("Pool Voorbeeld")
    north, south = (
        place.team(organisation, number, municipality=code) for number, code in ((1, "0302"), (2, "0230"))
    )
    place.member(place.team(organisation, 3, municipality="9903"))
    place.member(north, "team_lead")
    bram = place.member(south)
    anna = place.member(south, until=place.now.date() + timedelta(days=1))
    post = place.post(anna, north)
    place.adopt("pool", organisation)
    return Pool(place, north, south, anna, bram, post, place.partner("school"), place.partner("police"))


def meet(pool: Pool, person: str, lives: str) -> None:
    """A school and the police meet somebody who lives in one of the two."""
    for sender in (pool.school, pool.police):
        pool.place.signal(sender, person, lives=lives)


def test_a_somebody_sees_the_matches_of_todays_postings_only(pool: Pool) -> None:
    meet(pool, "jan", "0302")
    meet(pool, "piet", "0230")
    assert (len(pool.place.agenda(pool.anna)), len(pool.place.agenda(pool.bram))) == (2, 1)
    pool.place.wait(days=1)
    (seen,) = pool.place.agenda(pool.anna)
    assert seen.item_id not in {item.item_id for item in pool.place.agenda(pool.bram)}


def test_b_access_ends_on_the_day_that_a_posting_ends(pool: Pool) -> None:
    meet(pool, "jan", "0302")
    (match,) = pool.place.matches()
    pool.place.take(pool.anna, match.id)
    pool.place.operator(administration.end_post, pool.post.id)
    with pytest.raises(IntakeMissingError):
        pool.place.take(pool.anna, match.id)
    pool.place.wait(minutes=5)
    assert pool.place.owner(match.id) == (pool.north.id, None)


def test_c_a_match_across_two_municipalities_is_of_where_the_person_lives(pool: Pool) -> None:
    meet(pool, "jan", "0230")
    (match,) = pool.place.matches()
    assert pool.place.owner(match.id) == (pool.south.id, None)


def test_c_who_knows_of_a_stay_in_care_is_followed_against_a_later_address_mat_08_rou_15(pool: Pool) -> None:
    care = pool.place.partner("youth_care")
    # Youth care sends where the child lived before; the school sees the address of the home, and later.
    pool.place.signal(care, "kim", lives="0302", residenceFrom="established")
    pool.place.wait(minutes=1)
    pool.place.signal(pool.school, "kim", lives="0230", residenceFrom="address")
    (match,) = pool.place.matches()
    assert pool.place.owner(match.id)[0] == pool.north.id


def test_c_what_was_worked_out_from_less_counts_last(pool: Pool) -> None:
    pool.place.signal(pool.school, "kim", lives="0302")
    pool.place.wait(minutes=1)
    pool.place.signal(pool.police, "kim", lives="0230", residenceFrom="assumed")
    (match,) = pool.place.matches()
    assert pool.place.owner(match.id)[0] == pool.north.id


def test_c_of_two_senders_who_say_otherwise_the_latest_word_counts(pool: Pool) -> None:
    pool.place.signal(pool.school, "kim", lives="0302")
    pool.place.wait(minutes=1)
    pool.place.signal(pool.police, "kim", lives="0230")
    (match,) = pool.place.matches()
    assert pool.place.owner(match.id)[0] == pool.south.id
