"""Teams and their members on one day, read once for many matches."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from hub.teams.policy import may_carry
from hub.teams.service import get_teams, list_members
from hub.teams.values import Member, Team
from service.clock import dutch_date
from service.work import Work


@dataclass(frozen=True, slots=True)
class Roster:
    """Who can be asked to carry a match of these teams today."""

    teams: Mapping[UUID, Team]
    members: Mapping[UUID, Mapping[UUID, Member]]

    def organisation_of(self, team_id: UUID) -> UUID:
        """Return whose team it is."""
        return self.teams[team_id].organisation_id

    def is_able(self, team_id: UUID, staff_id: UUID | None) -> bool:
        """Tell whether somebody works in the team today, is there, and may carry a match of it."""
        member = self.members[team_id].get(staff_id) if staff_id else None
        return member is not None and not member.absent and may_carry(member, self.teams[team_id])

    def find_carrier(self, team_id: UUID, staff_id: UUID) -> UUID | None:
        """Return who carries what is somebody's: they themselves, or their cover; None is the team.

        Source:
            domain.md ROU-03.
        """
        if self.is_able(team_id, staff_id):
            return staff_id
        member = self.members[team_id].get(staff_id)
        return member.cover if member and self.is_able(team_id, member.cover) else None

    def is_only_away(self, team_id: UUID, staff_id: UUID) -> bool:
        """Tell whether somebody could carry a match of the team, were they there."""
        member = self.members[team_id].get(staff_id)
        return member is not None and member.absent and may_carry(member, self.teams[team_id])

    def list_leads(self, team_id: UUID) -> list[UUID]:
        """Name who is called about a team's queue: leads at work, else whoever is, else everybody."""
        members = self.members[team_id].values()
        leads = [one for one in members if one.leads and not one.absent]
        there = [one for one in members if not one.absent]
        return [one.staff_id for one in leads or there or members]


def read_roster(work: Work, team_ids: Collection[UUID], *, on: date | None = None) -> Roster:
    """Read teams and who works in them, today by default."""
    ids = sorted(set(team_ids))
    found: dict[UUID, dict[UUID, Member]] = {id_: {} for id_ in ids}
    for member in list_members(work, ids, on=on or dutch_date(work.now)):
        found[member.team_id][member.staff_id] = member
    return Roster(get_teams(work, ids), found)
