"""A panel says who acts on a match, and never acts itself."""

from __future__ import annotations

from uuid import UUID

from hub.arrangements.versions import get_arrangement
from hub.matches import owners
from hub.matches.errors import NotEligibleError
from hub.matches.models import MatchRow
from hub.teams.roster import read_roster
from hub.teams.service import TeamKind, get_team
from service.work import Work


def leave_panel(work: Work, match: MatchRow, staff_id: UUID, *, adviser: UUID) -> None:
    """Let a match of a panel be of the team that acts, as the panel says; any other match stays where it is.

    Raises:
        NotEligibleError: It is the adviser, or somebody who may carry in no team of the arrangement.

    Source:
        domain.md row 8.
    """
    if match.team_id is None or get_team(work, match.team_id).kind is not TeamKind.EXPERT_PANEL:
        return
    by_rule = owners.lock_current(work.session, match.id)
    if by_rule is None or by_rule.arrangement is None or staff_id == adviser:
        raise NotEligibleError
    ids = [entry.id for entry in get_arrangement(work, by_rule.arrangement).teams]
    roster = read_roster(work, ids)
    acting = next((id_ for id_ in ids if roster.is_able(id_, staff_id)), None)
    if acting is None:
        raise NotEligibleError
    match.team_id = acting
    work.session.flush()
