"""What other slices ask about how the work is divided."""

from __future__ import annotations

from hub.arrangements.versions import arrangements_in_force, served_municipalities
from hub.teams.service import Team, find_standing, list_open_teams
from service.clock import dutch_date
from service.work import Work

__all__ = ["arrangements_in_force", "find_entry_team", "served_municipalities"]


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
