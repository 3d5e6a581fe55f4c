"""Amersfoort: the basic tier first; the integral team when it is complex."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest

from hub.approving import EFFECTS
from hub.arrangements import versions
from hub.arrangements.errors import ArrangementInvalidError
from hub.changes.errors import ChangeReasonError, SamePersonError
from hub.changes.kinds import ChangeReason
from hub.changes.service import approve
from hub.documents import read_document
from hub.matches.store import list_untaken, mark_checked
from hub.matches.viewing import view
from hub.partners.roles import grant_role
from hub.partners.values import Grant, Partner, Staff, StaffRole
from hub.teams.values import Team
from tests import builders
from tests.builders import Sender
from tests.journeys.arrangements.place import SHIPPED, Place


@dataclass
class Tiers:
    """A basic tier and a team; somebody of a provider is in the team, and may carry."""

    place: Place
    organisation: Partner
    basic: Team
    team: Team
    anna: Staff
    bram: Staff
    senders: list[Sender]


@pytest.fixture
def tiers(place: Place) -> Tiers:
    organisation = place.organisation("Gemeente Voorbeeld")
    basic, team = (place.team(organisation, number) for number in (1, 2))
    anna, bram = place.member(basic), place.member(team, employer="provider")
    place.adopt("tiered_by_complexity", organisation)
    senders = [place.partner(kind) for kind in ("school", "police", "youth_care")]
    return Tiers(place, organisation, basic, team, anna, bram, senders)


def test_a_what_one_partner_saw_stays_in_the_basic_tier(tiers: Tiers) -> None:
    tiers.place.case(tiers.anna, "jan")
    tiers.place.signal(tiers.senders[0], "jan", lives="0307")
    (match,) = tiers.place.matches()
    assert tiers.place.owner(match.id) == (tiers.basic.id, tiers.anna.id)
    assert tiers.place.heard(tiers.bram) == []


def test_b_a_second_match_or_a_third_partner_goes_to_the_team(tiers: Tiers) -> None:
    school, police, care = tiers.senders
    for sender in (school, police):
        tiers.place.signal(sender, "piet", lives="0307")
    (first,) = tiers.place.matches()
    assert tiers.place.owner(first.id)[0] == tiers.basic.id
    tiers.place.signal(care, "piet", lives="0307")
    # What lay in the basic queue, and nobody took up, goes along.
    assert {tiers.place.owner(match.id)[0] for match in tiers.place.matches()} == {tiers.team.id}
    assert [rule for _, rule in tiers.place.rules(first.id)] == ["basic", "second_match"]
    assert tiers.place.agenda(tiers.anna) == []
    for match in tiers.place.matches():
        assert tiers.place.take(tiers.bram, match.id).handles
    before = tiers.place.rules()
    tiers.place.wait(days=1)
    assert tiers.place.rules() == before


def test_b_what_somebody_of_the_basic_tier_took_up_stays_theirs(tiers: Tiers) -> None:
    school, police, care = tiers.senders
    for sender in (school, police):
        tiers.place.signal(sender, "piet", lives="0307")
    (first,) = tiers.place.matches()
    tiers.place.take(tiers.anna, first.id)
    tiers.place.signal(care, "piet", lives="0307")
    tiers.place.wait(days=1)
    assert tiers.place.by(tiers.anna, view, first.id).handles
    assert tiers.place.owner(first.id) == (tiers.basic.id, tiers.anna.id)
    assert {match.id: match.team_id for match in tiers.place.matches()}[first.id] == tiers.basic.id
    later = {tiers.place.owner(match.id)[0] for match in tiers.place.matches() if match.id != first.id}
    assert later == {tiers.team.id}


def test_b_what_was_looked_at_makes_room_for_what_was_not(tiers: Tiers) -> None:
    place, (school, police, care) = tiers.place, tiers.senders

    def left() -> int:
        teams = {tiers.basic.id, tiers.team.id}
        return int(place.system(lambda work: len(list_untaken(work.session, teams))))

    for person in ("jan", "piet"):
        for sender in (school, police):
            place.signal(sender, person, lives="0307")
    place.wait(minutes=6)
    assert left() == 0
    place.signal(care, "piet", lives="0307")
    place.wait(minutes=6)
    assert left() == 0
    teams = [place.owner(match.id)[0] for match in place.matches()]
    assert (teams.count(tiers.team.id), teams.count(tiers.basic.id)) == (3, 1)


def test_b_what_waited_while_a_sweep_went_by_bears_an_earlier_time_and_is_looked_at(tiers: Tiers) -> None:
    place, (school, police, _) = tiers.place, tiers.senders
    for sender in (school, police):
        place.signal(sender, "jan", lives="0307")
    (match,) = place.matches()
    place.system(lambda work: mark_checked(work.session, [match.id], now=work.now + timedelta(minutes=1)))
    (again,) = place.system(lambda work: list_untaken(work.session, {tiers.basic.id}))
    assert again.id == match.id


def test_b_three_partners_at_once_go_to_the_team_too(tiers: Tiers) -> None:
    for sender in tiers.senders:
        tiers.place.town.signal(sender, builders.everything("kim"), residence="0307")
    tiers.place.work()
    assert {rule for _, rule in tiers.place.rules()} == {"many_partners"}


def test_c_it_takes_two_persons_and_a_reason_to_change(tiers: Tiers) -> None:
    place = tiers.place
    manager = builders.authorise_staff(
        place.database, tiers.organisation, "covenant_manager", now=place.now, contact=None
    )
    place.operator(grant_role, Grant(staff_id=manager.id, role=StaffRole.PROCESS_DIRECTOR))
    document = read_document(SHIPPED / "tiered_by_complexity.toml")
    document["controller"] = tiers.organisation.oin
    separated = {**document, "casemanagers": {"provider_separation": True}}
    begins = place.now.date()

    def propose(wanted: dict[str, object], reason: ChangeReason = ChangeReason.YEARLY_REVIEW):  # type: ignore[no-untyped-def]
        return place.by(manager, versions.propose_arrangement, wanted, in_force_on=begins, reason=reason)

    with pytest.raises(ChangeReasonError):
        propose(separated, ChangeReason.PERSON_ASKED)
    with pytest.raises(ArrangementInvalidError) as unexplained:
        propose({**document, "casemanagers": {"provider_separation": False}})
    assert unexplained.value.places == ("/casemanagers/without_separation_because",)
    change = propose(separated)
    with pytest.raises(SamePersonError):
        place.by(manager, approve, change.id, effects=EFFECTS)
    (before,) = place.system(versions.arrangements_in_force)
    assert before.hash == place.arrangement.hash  # type: ignore[union-attr]
