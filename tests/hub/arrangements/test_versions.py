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
from hub.arrangements.errors import ArrangementBrokenError, ArrangementInvalidError, ArrangementMovedError
from hub.arrangements.loading import parse_arrangement
from hub.changes.kinds import ChangeReason
from hub.changes.service import Change, approve
from hub.consent.versions import load_first
from hub.documents import read_document
from hub.partners.errors import RoleNotAllowedError
from hub.partners.values import Staff
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
        self.manager, self.director, self.anna = (
            builders.authorise_staff(database, home, role, now=now, contact=None)
            for role in ("covenant_manager", "process_director", "casemanager")
        )
        self.document = read_document(FILE)
        self.team = UUID(self.document["teams"][0]["id"])
        with database.work(OPERATOR, now=now) as work:
            load_first(work)
            administration.open_team(work, Team(id=self.team, organisation_id=home.id))

    def propose(self, by: Staff | None = None, *, days: int = 0, **changes: Any) -> Change:
        with self.database.work(builders.staff_caller(by or self.manager), now=self.now) as work:
            return versions.propose_arrangement(
                work,
                self.document | changes,
                in_force_on=self.now.date() + timedelta(days=days),
                reason=ChangeReason.COVENANT_CHANGED,
            )

    def approve(self, change: Change) -> None:
        with self.database.work(builders.staff_caller(self.director), now=self.now) as work:
            approve(work, change.id, effects=EFFECTS)

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
    one, other = (office.propose(residences=[code]) for code in ("0344", "0345"))
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
    assert failure.value.places == (place,)


def test_a_municipality_belongs_to_one_arrangement(office: Office) -> None:
    office.approve(office.propose())
    with pytest.raises(ArrangementInvalidError) as failure:
        office.propose(name="another")
    assert failure.value.places == ("/residences",)
    office.approve(office.propose(name="another", residences=["0999"]))
    assert len(office.in_force()) == 2


def test_what_was_changed_in_the_store_is_refused(office: Office) -> None:
    office.approve(office.propose(source=uuid4().hex))
    with office.database.writer.begin() as connection:
        written = b'{"name": "other"}'
        connection.execute(text("UPDATE arrangement SET document = :written"), {"written": written})
    with pytest.raises(ArrangementBrokenError):
        office.in_force()
