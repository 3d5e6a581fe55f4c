"""The team: what waits for somebody, the agenda of the meeting, and what may be one person."""

from __future__ import annotations

from starlette.responses import Response

from hub.matches.errors import IntakeTakenError
from hub.matches.service import Judgement, accept_intake, decide_possible, list_intake, list_possible
from hub.partners.service import StaffRole
from hub.teams.service import list_members, list_own_teams
from hub.web.inbox import TEAM
from hub.web.matches import name_members
from hub.web.rendering import render
from hub.web.visiting import Page, Visit, go_to
from service.clock import now

LEADS = frozenset({StaffRole.TEAM_LEAD})


def show_team(visit: Visit) -> Response:
    """Show what waits for the team and who is there; nothing in it identifies anybody."""
    with visit.disclosing() as work:
        items = list_intake(work)
        possible = list_possible(work) if visit.has(StaffRole.TEAM_LEAD) else []
        teams = list_own_teams(work)
        members = list_members(work, [team.id for team in teams], on=visit.today)
        names = name_members(work, members)
    return render(visit, "team.html", items=items, possible=possible, members=members, names=names)


def show_agenda(visit: Visit) -> Response:
    """Show the agenda of the team's meeting, to print."""
    with visit.disclosing() as work:
        items = list_intake(work)
    return render(visit, "agenda.html", items=items, moment=now())


def take(visit: Visit) -> Response:
    """Take what waits: whoever is first sees whom to call."""
    with visit.disclosing() as work:
        accepted = accept_intake(work, visit.path_id("item"), working_days=visit.term)
    if accepted is None:
        raise IntakeTakenError
    return render(visit, "taken.html", accepted=accepted)


def judge(visit: Visit) -> Response:
    """Say whether two messages are about one person."""
    judgement = visit.field_of("judgement", Judgement)
    with visit.working() as work:
        decide_possible(work, visit.path_id("match"), judgement, working_days=visit.term)
    return go_to("/team", said="judged")


PAGES = (
    Page("GET", "/team", show_team, TEAM),
    Page("GET", "/team/agenda", show_agenda, TEAM),
    Page("POST", "/intake/{item:uuid}/take", take, TEAM, proven=True, back="/team"),
    Page("POST", "/possible/{match:uuid}/judgement", judge, LEADS),
)
