"""The team: what waits for somebody, the agenda of the meeting, and what may be one person."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import Response

from hub.matches.errors import IntakeTakenError
from hub.matches.handing import assign_to
from hub.matches.service import (
    Judgement,
    accept_intake,
    decide_possible,
    list_intake,
    list_possible,
    page_team,
)
from hub.matches.tempo import LONGEST, count_times
from hub.notices.terms import Terms
from hub.partners.service import StaffRole
from hub.teams.service import list_members, list_own_teams
from hub.web.charts import Chart, draw_bars
from hub.web.inbox import TEAM
from hub.web.matches import name_members
from hub.web.rendering import render
from hub.web.texts import gettext, say_number
from hub.web.visiting import Page, Visit, go_to
from service.clock import now

MOST = 40  # matches on the page
PAGE_SIZE = 40  # of what waits for the team
POSSIBLE = 10
ON_PAPER = 150  # more than a meeting can do
LEADS = frozenset({StaffRole.TEAM_LEAD})


def show_team(visit: Visit) -> Response:
    """Show what waits for the team and who is there; to its lead also who has what, and what is late."""
    leads = visit.has(StaffRole.TEAM_LEAD)
    with visit.disclosing() as work:
        items = list_intake(work)
        possible = list_possible(work) if leads else []
        terms = Terms(acknowledge=visit.term)
        followed, more = page_team(work, terms=terms, size=MOST) if leads else ([], 0)
        times = count_times(work) if leads else {}
        teams = list_own_teams(work)
        members = list_members(work, [team.id for team in teams], on=visit.today)
        names = name_members(work, members)
    part = visit.part(items, PAGE_SIZE)
    return render(
        visit,
        "team.html",
        items=part.rows,
        following=part.following,
        possible=possible[:POSSIBLE],
        more_possible=max(len(possible) - POSSIBLE, 0),
        members=members,
        names=names,
        followed=followed,
        numbered=[(one.match_id, say_number(one.number)) for one in followed],
        more=more,
        able={one.staff_id: names[one.staff_id] for one in members if not one.absent},
        chosen=visit.query_id("match"),
        times=draw_times(times) if times else None,
    )


def draw_times(times: Mapping[int, int]) -> Chart:
    """Draw after how many working days matches were taken up; what nobody took up is last."""
    words = {LONGEST: f"{LONGEST}+", -1: gettext("not yet")}
    return draw_bars([(words.get(days, str(days)), count) for days, count in times.items()], ticks=len(times))


def assign(visit: Visit) -> Response:
    """Have a member of the team take a match up, by name."""
    with visit.working() as work:
        assign_to(work, visit.field_id("match"), visit.field_id("colleague"), working_days=visit.term)
    return go_to("/team", said="assigned")


def show_agenda(visit: Visit) -> Response:
    """Show the agenda of the team's meeting, to print."""
    with visit.disclosing() as work:
        items = list_intake(work)
    return render(
        visit, "agenda.html", items=items[:ON_PAPER], more=max(len(items) - ON_PAPER, 0), moment=now()
    )


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
    Page("POST", "/team/assignment", assign, LEADS, again=show_team),
    Page("POST", "/possible/{match:uuid}/judgement", judge, LEADS),
)
