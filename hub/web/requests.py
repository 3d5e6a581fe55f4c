"""Citizens' requests and their clocks: which must be answered when; about nobody by name."""

from __future__ import annotations

from starlette.responses import Response

from hub.audit.reading import ReadingPurpose
from hub.questions.overview import list_clocks
from hub.web.log import ask_purpose
from hub.web.oversight import OFFICER
from hub.web.rendering import render
from hub.web.visiting import Page, Visit

PURPOSES = (ReadingPurpose.SUPERVISION, ReadingPurpose.RIGHTS_REQUEST, ReadingPurpose.COMPLAINT)


def show_requests(visit: Visit) -> Response:
    """Show the requests that are not decided, the first due on top."""
    if visit.purpose not in PURPOSES:
        return ask_purpose(visit, PURPOSES)
    with visit.disclosing() as work:
        found = list_clocks(work, visit.purpose)
    return render(visit, "requests.html", found=found)


PAGES = (Page("GET", "/requests", show_requests, OFFICER),)
