"""A town whose team has posts, on each kind of database."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from hub.partners.service import Partner, Staff
from hub.teams import administration, service
from hub.teams.values import Member, Post, Team
from service.database import Database
from service.work import OPERATOR, SYSTEM
from tests.builders import admit_partner, authorise_staff, staff_caller


@dataclass(frozen=True)
class Posted:
    """An organisation with teams laid out by posts; each act in an own unit of work."""

    database: Database
    now: datetime
    organisation: Partner
    lead: Staff
    anna: Staff
    bram: Staff
    east: Team
    west: Team

    def later(self, days: int) -> Posted:
        return replace(self, now=self.now + timedelta(days=days))

    def day(self, days: int = 0) -> date:
        return (self.now + timedelta(days=days)).date()

    def act(self, name: str, *facts: Any, **more: Any) -> Any:
        with self.database.work(OPERATOR, now=self.now) as work:
            return getattr(administration, name)(work, *facts, **more)

    def post(self, team: Team, staff: Staff, **days: date) -> Post:
        given: Post = self.act("give_post", team.id, staff.id, **days)
        return given

    def away(self, who: Staff, *, by: Staff | None = None, days: int = 5, cover: UUID | None = None) -> None:
        with self.database.work(staff_caller(by or who), now=self.now) as work:
            administration.record_absence(
                work, since=self.day(), until=self.day(days), cover=cover, staff_id=who.id
            )

    def members(self, team: Team, *, eligible: bool = False) -> list[Member]:
        with self.database.look(SYSTEM, now=self.now) as work:
            if eligible:
                return service.eligible_members(work, team.id, on=self.day())
            return service.list_members(work, [team.id], on=self.day())

    def ids(self, team: Team, *, eligible: bool = False) -> set[UUID]:
        return {member.staff_id for member in self.members(team, eligible=eligible)}


def lay_out(database: Database, organisation: Partner, **facts: Any) -> Team:
    team = Team(id=uuid4(), organisation_id=organisation.id, **facts)
    with database.work(OPERATOR) as work:
        return administration.open_team(work, replace(team, opened_on=date(2026, 1, 1)))


@pytest.fixture
def posted(hub_database: Database, now: datetime) -> Posted:
    """Two teams of one organisation; the lead and Anna work in the east, Bram nowhere yet."""
    organisation = admit_partner(hub_database, "municipal_team", now=now)
    lead, anna, bram = (
        authorise_staff(hub_database, organisation, role, now=now)
        for role in ("team_lead", "casemanager", "casemanager")
    )
    east = lay_out(hub_database, organisation, municipality="0352")
    west = lay_out(hub_database, organisation, municipality="0344")
    town = Posted(hub_database, now, organisation, lead, anna, bram, east, west)
    town.post(east, lead)
    town.post(east, anna)
    return town
