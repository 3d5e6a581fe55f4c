"""What is kept about whoever is logged in, for themselves: professionals are data subjects too."""

from __future__ import annotations

from datetime import date

from starlette.responses import Response

from hub.questions.errors import QuestionIncompleteError
from hub.questions.own import read_own
from hub.web.errors import FormInvalidError
from hub.web.rendering import render
from hub.web.visiting import Page, Visit

PAGE_SIZE = 100


def show_own(visit: Visit) -> Response:
    """Show one's own data, and what the log holds of what one did, newest first."""
    # Shown again where the period was wrong: then the last thirty days stand below the fault.
    first, last = (None, None) if visit.faults else (_day(visit, "first"), _day(visit, "last"))
    try:
        with visit.disclosing() as work:
            own = read_own(work, since=first, until=last)
    except QuestionIncompleteError:
        raise FormInvalidError(places=("first", "last")) from None
    part = visit.part(own.acts[::-1], PAGE_SIZE)
    return render(visit, "own.html", own=own, acts=part.rows, following=part.following)


def _day(visit: Visit, name: str) -> date | None:
    """Read a day in the address; none is no fault, half a day is."""
    found = visit.query_day(name)
    if found is None and visit.request.query_params.get(name):
        raise FormInvalidError(places=(name,))
    return found


PAGES = (Page("GET", "/own-record", show_own, None, again=show_own),)
