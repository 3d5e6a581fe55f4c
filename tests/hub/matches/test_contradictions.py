"""Two who attest differently how many parents were to be told: the stricter is believed, at each showing."""

from __future__ import annotations

from tests import builders
from tests.builders import Sender, Town, everything

MILA = everything("mila")
ONE = {"authorityHolders": 1}


def told(town: Town) -> list[str]:
    """Who Anna reads had contact."""
    return sorted(one.partner or "" for one in town.inbox(town.anna) if one.kind == "match" and one.partner)


def test_con_07_who_forgot_a_parent_waits_until_that_is_put_right(town: Town, school: Sender) -> None:
    care = builders.sender(town.database, "youth_care", now=town.now, name="Jeugdzorg")
    town.case(town.anna, MILA)
    town.signal(school, MILA, **ONE)
    town.match()
    assert told(town) == ["De Linde"]
    town.signal(care, MILA)
    town.match()
    assert told(town) == ["Jeugdzorg"]


def test_of_another_person_nothing_counts(town: Town, school: Sender) -> None:
    care = builders.sender(town.database, "youth_care", now=town.now, name="Jeugdzorg")
    town.case(town.anna, MILA)
    town.signal(school, MILA, **ONE)
    town.signal(care, everything("somebody else"))
    town.match()
    assert told(town) == ["De Linde"]
