"""What is kept about whoever is logged in, for themselves: professionals are data subjects too."""

from __future__ import annotations

from starlette.responses import Response

from hub.questions.own import read_own
from hub.web.rendering import render
from hub.web.visiting import Page, Visit

MOST = 100  # lines on the page


def show_own(visit: Visit) -> Response:
    """Show one's own data, and what the log holds of what one did, newest first."""
    since, until = visit.query_day("since"), visit.query_day("until")
    with visit.disclosing() as work:
        own = read_own(work, since=since, until=until)
    acts = own.acts[::-1]
    return render(visit, "own.html", own=own, acts=acts[:MOST], more=len(acts) > MOST)


PAGES = (Page("GET", "/own-record", show_own, None),)
