"""Whom the team serves, by number; when somebody is away and who stands in; and how far matches are."""

from __future__ import annotations

from starlette.responses import Response

from hub.cases import service as cases
from hub.matches.orphans import WATCHERS
from hub.matches.service import count_states, page_follow_ups
from hub.matches.tempo import count_times
from hub.teams.administration import record_absence
from hub.web.charts import draw_bars
from hub.web.inbox import TEAM
from hub.web.matches import list_colleagues
from hub.web.rendering import render
from hub.web.team import draw_times
from hub.web.texts import say_code
from hub.web.visiting import Page, Visit, go_to

PAGE_SIZE = 50
# From what waits to what is in hand.
STATES = ("no_owner", "owner_not_able", "waits_too_long", "in_queue", "asked", "taken_up")


def show_caseload(visit: Visit) -> Response:
    """Show the team's cases; a name is only in the team's own list."""
    with visit.disclosing() as work:
        found, following = cases.list_own(work, cursor=visit.query_id("after"), page_size=PAGE_SIZE)
    return render(visit, "caseload.html", cases=found, following=following)


def close_case(visit: Visit) -> Response:
    """Close a case: what hung on it is taken back."""
    with visit.working() as work:
        cases.close(work, visit.path_id("case"))
    return go_to("/caseload", said="closed")


def show_absence(visit: Visit) -> Response:
    """Show the form with which somebody says that they are away."""
    with visit.looking() as work:
        colleagues = list_colleagues(work)
    return render(visit, "absence.html", colleagues=colleagues)


def note_absence(visit: Visit) -> Response:
    """Write that the visitor is away, and who stands in; never why."""
    cover = visit.field_id("cover") if visit.form.get("cover") else None
    with visit.working() as work:
        record_absence(work, since=visit.field_date("since"), until=visit.field_date("until"), cover=cover)
    return go_to("/absence", said="absent")


def show_follow_up(visit: Visit) -> Response:
    """Show how far the municipality's matches are: numbers, days and states."""
    with visit.disclosing() as work:
        found, following = page_follow_ups(work, cursor=visit.query_id("after"), page_size=PAGE_SIZE)
        times, states = count_times(work), count_states(work)
    drawn = draw_bars(
        [(say_code(state), states[state]) for state in STATES],
        ticks=len(STATES),
        words=[say_code(f"bar_{state}") for state in STATES],
    )
    return render(
        visit, "follow_up.html", found=found, following=following, times=draw_times(times), states=drawn
    )


PAGES = (
    Page("GET", "/caseload", show_caseload, TEAM),
    Page("POST", "/cases/{case:uuid}/close", close_case, TEAM),
    Page("GET", "/absence", show_absence, TEAM),
    Page("POST", "/absence", note_absence, TEAM, again=show_absence),
    Page("GET", "/follow-up", show_follow_up, frozenset(WATCHERS)),
)
