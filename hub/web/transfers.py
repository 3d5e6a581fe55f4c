"""Cases that change hands: that somebody moved here, whom to call, and the case that takes its place."""

from __future__ import annotations

from starlette.responses import Response

from hub.cases.transferring import (
    ReturnReason,
    accept_transfer,
    complete_transfer,
    list_transfers,
    return_transfer,
)
from hub.web.inbox import TEAM
from hub.web.rendering import render
from hub.web.visiting import Page, Visit, go_to

PAGE_SIZE = 30
ONE = "/transfers/{transfer:uuid}"


def show_transfers(visit: Visit) -> Response:
    """Show what waits for the team: that somebody moved here, since when, and from where."""
    with visit.disclosing() as work:
        part = visit.part(list_transfers(work), PAGE_SIZE)
    return render(
        visit,
        "transfers.html",
        found=part.rows,
        following=part.following,
        taken=None,
        reasons=list(ReturnReason),
    )


def take_on(visit: Visit) -> Response:
    """Take one on, and see whom to call."""
    with visit.disclosing() as work:
        taken = accept_transfer(work, visit.path_id("transfer"))
    return render(visit, "transfers.html", found=[], following=None, taken=taken, reasons=[])


def give_back(visit: Visit) -> Response:
    """Give one back, with a reason from the list."""
    reason = visit.field_of("reason", ReturnReason)
    with visit.working() as work:
        return_transfer(work, visit.path_id("transfer"), reason)
    return go_to("/transfers", said="transfer-returned")


def complete(visit: Visit) -> Response:
    """Say which case of the team took its place; the old one is closed."""
    case = visit.field_id("case_id")
    with visit.working() as work:
        complete_transfer(work, visit.path_id("transfer"), case)
    return go_to("/transfers", said="transferred")


PAGES = (
    Page("GET", "/transfers", show_transfers, TEAM),
    Page("POST", f"{ONE}/acceptance", take_on, TEAM, proven=True, back="/transfers"),
    Page("POST", f"{ONE}/return", give_back, TEAM, again=show_transfers),
    Page("POST", f"{ONE}/completion", complete, TEAM, again=show_transfers),
)
