"""What other slices ask about how the work is divided."""

from __future__ import annotations

from uuid import UUID

from hub.arrangements.versions import arrangements_in_force, served_municipalities
from hub.consent.facts import Bracket
from hub.teams.service import Team, find_standing, list_open_teams
from service.clock import dutch_date
from service.work import Work

__all__ = ["arrangements_in_force", "find_entry_team", "find_team_of_age", "served_municipalities"]


def find_entry_team(work: Work, municipality: str) -> Team | None:
    """Return the team where somebody who comes to live in a municipality is first known, or None.

    That is where its arrangement ends: the queue of its last rule. Source: ROU-16.
    """
    on = dutch_date(work.now)
    for one in arrangements_in_force(work):
        if municipality in one.residences:
            teams = [team for team in one.teams if team.tier == one.rules[-1].tier]
            best = max(teams, key=lambda team: municipality in team.areas, default=None)
            return find_standing(work, best.id, on=on) if best else None
    return next((team for team in list_open_teams(work, on=on) if team.municipality == municipality), None)


def find_team_of_age(work: Work, team_id: UUID, bracket: Bracket) -> Team | None:
    """Return the team that is for this age in the arrangement of a team, or None where that team is itself.

    Source:
        domain.md row 4 (b): who comes of age goes from the one foundation to the other.
    """
    for one in arrangements_in_force(work):
        own = next((entry for entry in one.teams if entry.id == team_id), None)
        if own is not None and own.brackets and bracket not in own.brackets:
            found = next((entry for entry in one.teams if bracket in entry.brackets), None)
            return find_standing(work, found.id, on=dutch_date(work.now)) if found else None
    return None
