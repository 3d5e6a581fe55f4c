"""Warnings: what was unusual, and what a privacy officer found of it."""

from __future__ import annotations

from starlette.responses import Response

from hub.alarms.service import close_alarm, list_alarms
from hub.alarms.texts import TEXTS
from hub.alarms.values import AlarmState, ClosedBecause
from hub.partners.service import find_partners
from hub.web.oversight import OFFICER
from hub.web.rendering import render
from hub.web.texts import Language, mark
from hub.web.visiting import Page, Visit, go_to

PAGE_SIZE = 20
VIEWS = {"open": mark("Open"), "closed": mark("Closed")}


def show_warnings(visit: Visit) -> Response:
    """Show the warnings of the municipality: from then on they were seen."""
    view = visit.query("view", VIEWS, "open")
    with visit.disclosing() as work:
        if view == "closed":
            found = list_alarms(work, state=AlarmState.CLOSED)
        else:
            found = [one for one in list_alarms(work) if one.state is not AlarmState.CLOSED]
        names = find_partners(work, {one.organisation_id for one in found if one.organisation_id})
    part = visit.part(found, PAGE_SIZE)
    says = {code: both[0 if visit.language is Language.DUTCH else 1] for code, both in TEXTS.items()}
    return render(
        visit, "warnings.html", views=VIEWS, view=view, found=part.rows, following=part.following,
        names=names, says=says, reasons=list(ClosedBecause),
    )  # fmt: skip


def close_warning(visit: Visit) -> Response:
    """Say what was found, and close the warning."""
    reason = visit.field_of("reason", ClosedBecause)
    with visit.working() as work:
        close_alarm(work, visit.path_id("warning"), reason)
    return go_to("/warnings", said="judged-warning")


PAGES = (
    Page("GET", "/warnings", show_warnings, OFFICER),
    Page("POST", "/warnings/{warning:uuid}/closure", close_warning, OFFICER, again=show_warnings),
)
