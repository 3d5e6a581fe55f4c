"""Let teams be as the arrangement says that two persons agreed on; the worker does, on its day."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from hub.audit.service import record
from hub.teams import events, store
from hub.teams.service import get_team
from hub.teams.values import EmployerKind
from service.work import Work


def follow_arrangement(
    work: Work, team_id: UUID, *, separation: bool, employers: frozenset[EmployerKind]
) -> None:
    """Say of a team who may be casemanager in it."""
    team = get_team(work, team_id)
    if (team.provider_separation, team.employers) == (separation, employers):
        return
    store.put_team(work.session, store.team_values(team))
    store.set_people(work.session, team_id, separation=separation, employers=employers)
    detail: dict[str, str | int] = {"team": str(team_id), "separation": int(separation)}
    record(work, events.TeamFollowed(organisation_id=team.organisation_id, detail=detail))


def go_on_as(work: Work, team_id: UUID, *, successor_id: UUID, on: date) -> None:
    """Let another team go on with the work of one from a day; twice is once. Source: ROU-21."""
    team = get_team(work, team_id)
    if team.successor_id is not None:
        return
    store.put_team(work.session, store.team_values(team))
    store.close_team(work.session, team_id, successor_id=successor_id, on=on)
    detail = {"team": str(team_id), "successor": str(successor_id), "on": on.isoformat()}
    record(work, events.TeamSucceeded(organisation_id=team.organisation_id, detail=detail))
