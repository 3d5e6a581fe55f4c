"""Versions of arrangements: put in force by two persons, from a day on, never changed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from hub.approving import EFFECTS
from hub.arrangements import versions
from hub.arrangements.errors import (
    ArrangementBrokenError,
    ArrangementInvalidError,
    ArrangementMovedError,
    NotControllerError,
)
from hub.arrangements.loading import parse_arrangement
from hub.changes.kinds import ChangeReason
from hub.changes.service import Change, approve
from hub.consent.versions import load_first
from hub.documents import read_document
from hub.partners.errors import RoleNotAllowedError
from hub.partners.values import Partner, Staff
from hub.teams import administration
from hub.teams.service import get_team
from hub.teams.values import EmployerKind, Team
from service.database import Database
from service.work import OPERATOR, SYSTEM
from tests import builders

FILE = Path(__file__).resolve().parents[3] / "deploy" / "arrangements" / "access_team.toml"


class Office:
    """A covenant manager, a process director, and the team that the packaged file names."""

    def __init__(self, database: Database, now: Any) -> None:
        self.database, self.now = database, now
        home = builders.admit_partner(database, "municipal_team", now=now)
        self.manager, self.director = self.staff(home)
        self.anna = builders.authorise_staff(database, home, "casemanager", now=now, contact=None)
        self.home = home
        self.document = read_document(FILE) | {"controller": home.oin}
        self.team = UUID(self.document["teams"][0]["id"])
        with database.work(OPERATOR, now=now) as work:
            load_first(work)
            team = Team(id=self.team, organisation_id=home.id, municipality="0344")
            administration.open_team(work, team)

    def propose(self, by: Staff | None = None, *, days: int = 0, **changes: Any) -> Change:
        with self.database.work(builders.staff_caller(by or self.manager), now=self.now) as work:
            return versions.propose_arrangement(
                work,
                self.document | changes,
                in_force_on=self.now.date() + timedelta(days=days),
                reason=ChangeReason.COVENANT_CHANGED,
            )

    def approve(self, change: Change, by: Staff | None = None) -> None:
        with self.database.work(builders.staff_caller(by or self.director), now=self.now) as work:
            approve(work, change.id, effects=EFFECTS)

    def staff(self, home: Partner) -> tuple[Staff, Staff]:
        """A covenant manager and a process director."""
        manager, director = (
            builders.authorise_staff(self.database, home, role, now=self.now, contact=None)
            for role in ("covenant_manager", "process_director")
        )
        return manager, director

    def team_of(self, home: Partner, municipality: str | None = "0999") -> dict[str, Any]:
        """One more team, as an arrangement names it."""
        team = Team(id=uuid4(), organisation_id=home.id, municipality=municipality)
        with self.database.work(OPERATOR, now=self.now) as work:
            administration.open_team(work, team)
        return {"id": str(team.id), "tier": "access"}

    def get(self, team: dict[str, Any], *, days: int = 0) -> Team:
        self.apply(days=days)
        with self.database.look(SYSTEM, now=self.now) as work:
            return get_team(work, UUID(team["id"]))

    def in_force(self, *, days: int = 0) -> list[str]:
        with self.database.look(SYSTEM, now=self.now + timedelta(days=days)) as work:
            return [one.hash for one in versions.arrangements_in_force(work)]

    def apply(self, *, days: int = 0) -> Team:
        with self.database.work(SYSTEM, now=self.now + timedelta(days=days)) as work:
            versions.apply_due(work)
            return get_team(work, self.team)


@pytest.fixture
def office(hub_database: Database, now: Any) -> Office:
    return Office(hub_database, now)


def test_it_holds_from_its_day_and_its_teams_follow_on_that_day(office: Office) -> None:
    office.approve(office.propose(days=3))
    employers = parse_arrangement(office.document).casemanagers.employers
    assert (office.in_force(days=2), office.apply(days=2).employers) == ([], frozenset())
    assert office.in_force(days=3) == [parse_arrangement(office.document).hash]
    assert office.apply(days=3).employers == employers
    assert EmployerKind.PROVIDER not in employers


def test_a_later_version_takes_the_place_of_its_name_and_the_old_one_can_still_be_read(
    office: Office,
) -> None:
    office.approve(office.propose())
    (first,) = office.in_force()
    office.approve(office.propose(days=1, casemanagers={"employers": ["municipality"]}))
    assert office.in_force() == [first] != office.in_force(days=1)
    assert len(office.in_force(days=1)) == 1
    with office.database.look(SYSTEM, now=office.now) as work:
        assert versions.get_arrangement(work, first).hash == first
        assert [one.version for one in versions.list_versions(work)] == [1, 2]


def test_nobody_else_may_propose(office: Office) -> None:
    for staff in (office.anna, office.director):
        with pytest.raises(RoleNotAllowedError):
            office.propose(staff)


def test_what_was_proposed_on_an_older_version_is_not_adopted(office: Office) -> None:
    one, other = (office.propose(source=source) for source in ("one", "other"))
    office.approve(one)
    with pytest.raises(ArrangementMovedError):
        office.approve(other)


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"consent_profile": "loose"}, "/consent_profile"),
        ({"teams": [{"id": str(UUID(int=7)), "tier": "access"}]}, "/teams/0/id"),
        ({"days": -1}, "/inForceDate"),
    ],
    ids=["profile", "team", "day"],
)
def test_it_fits_what_there_is(office: Office, changes: dict[str, Any], place: str) -> None:
    with pytest.raises(ArrangementInvalidError) as failure:
        office.propose(**changes)
    assert place in failure.value.places


def test_a_municipality_and_a_team_belong_to_one_arrangement(office: Office) -> None:
    office.approve(office.propose())
    ours, theirs = office.team_of(office.home, "0344"), office.team_of(office.home)
    for teams, residences, place in (
        ([ours], ["0344"], "/residences"),
        ([theirs, *office.document["teams"]], ["0999"], "/teams/1/id"),
    ):
        with pytest.raises(ArrangementInvalidError) as failure:
            office.propose(name="another", teams=teams, residences=residences)
        assert failure.value.places == (place,)
    ends = [{"team": office.document["teams"][0]["id"], "successor": theirs["id"], "on": "2027-01-01"}]
    with pytest.raises(ArrangementInvalidError) as ended:
        office.propose(name="another", teams=[theirs], residences=["0999"], successions=ends)
    assert ended.value.places == ("/successions/0/team",)
    office.approve(office.propose(name="another", teams=[theirs], residences=["0999"]))
    assert len(office.in_force()) == 2


def test_what_is_to_come_takes_part_in_what_overlaps(office: Office) -> None:
    other = office.team_of(office.home)
    office.approve(office.propose())
    office.approve(office.propose(days=9, teams=[other], residences=["0999"]))
    old, new = office.document["teams"], ["0344"]
    for days, teams, residences in ((3, old, new), (3, [other], ["0999"]), (9, [other], ["0999"])):
        with pytest.raises(ArrangementInvalidError):
            office.propose(name="another", days=days, teams=teams, residences=residences)
    office.propose(name="another", days=9, teams=old, residences=new)


def test_residents_are_those_for_whom_the_operator_laid_the_teams_out(office: Office) -> None:
    nowhere = office.team_of(office.home, None)
    for teams in ([nowhere], [office.team_of(office.home)]):
        with pytest.raises(ArrangementInvalidError) as failure:
            office.propose(teams=teams)
        assert failure.value.places == ("/residences",)
    office.propose(teams=[nowhere, *office.document["teams"]])


def test_both_persons_are_of_the_organisation_that_answers_for_it(office: Office) -> None:
    far = builders.admit_partner(office.database, "municipal_team", now=office.now)
    manager, director = office.staff(far)
    with pytest.raises(NotControllerError):
        office.propose(manager)
    change = office.propose()
    with pytest.raises(NotControllerError):
        office.approve(change, director)
    office.approve(change)
    theirs = office.team_of(far)
    # A later version of a name is not a way in, and neither are teams of another municipality.
    with pytest.raises(NotControllerError):
        office.propose(manager, controller=far.oin, teams=[theirs], residences=["0999"])
    with pytest.raises(ArrangementInvalidError) as failure:
        office.propose(manager, name="another", controller=far.oin, residences=["0999"])
    assert set(failure.value.places) == {"/teams/0/id", "/residences"}


def test_one_organisation_hands_an_arrangement_to_another(office: Office) -> None:
    far = builders.admit_partner(office.database, "municipal_team", now=office.now)
    manager, director = office.staff(far)
    office.approve(office.propose())
    change = office.propose(days=1, controller=far.oin)
    with pytest.raises(NotControllerError):
        office.approve(change)
    office.approve(change, director)
    with pytest.raises(NotControllerError):
        office.propose(days=2, source="ours again")
    office.propose(manager, days=2, controller=far.oin, source="theirs")


def test_a_team_that_is_dropped_is_as_any_team_again(office: Office) -> None:
    people = {"provider_separation": False, "without_separation_because": "integral_team"}
    other = office.team_of(office.home)
    both = [*office.document["teams"], other]
    office.approve(office.propose(teams=both, casemanagers=people))
    assert not office.get(other).provider_separation
    office.approve(office.propose(days=1, casemanagers=people))
    # Taken up by another on the day that it is dropped.
    strict = {"employers": ["municipality"]}
    fields = {"name": "another", "teams": [other], "residences": ["0999"], "casemanagers": strict}
    office.approve(office.propose(days=2, **fields))
    dropped, kept = office.get(other, days=1), office.apply(days=1)
    assert (dropped.provider_separation, kept.provider_separation) == (True, False)
    assert office.get(other, days=2).employers == {EmployerKind.MUNICIPALITY}


def test_what_was_changed_in_the_store_is_refused(office: Office) -> None:
    office.approve(office.propose(source=uuid4().hex))
    with office.database.writer.begin() as connection:
        written = b'{"name": "other"}'
        connection.execute(text("UPDATE arrangement SET document = :written"), {"written": written})
    with pytest.raises(ArrangementBrokenError):
        office.in_force()
