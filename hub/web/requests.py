"""Citizens' requests and their clocks: which must be answered when; about nobody by name."""

from __future__ import annotations

from starlette.responses import Response

from hub.audit.reading import ReadingPurpose
from hub.partners.service import find_partners
from hub.questions.overview import list_clocks
from hub.rights.overdue import list_deadlines
from hub.web.log import ask_purpose
from hub.web.oversight import OFFICER
from hub.web.rendering import render
from hub.web.visiting import Page, Visit

SOON = 14  # days ahead
LATE = 15  # on top, with a page of its own: clocks of advice and correction stand nowhere else
PAGE_SIZE = 30
PURPOSES = (ReadingPurpose.SUPERVISION, ReadingPurpose.RIGHTS_REQUEST, ReadingPurpose.COMPLAINT)


def show_requests(visit: Visit) -> Response:
    """Show the requests that are not decided, the first due on top."""
    if visit.purpose not in PURPOSES:
        return ask_purpose(visit, PURPOSES)
    with visit.disclosing() as work:
        found = list_clocks(work, visit.purpose)
        late = list_deadlines(work, within_days=SOON)
        names = find_partners(work, {one.organisation_id for one in late})
    part = visit.part(found, PAGE_SIZE)
    return render(
        visit,
        "requests.html",
        found=part.rows,
        following=part.following,
        late=visit.part(late, LATE, name="late"),
        names=names,
    )


PAGES = (Page("GET", "/requests", show_requests, OFFICER),)
