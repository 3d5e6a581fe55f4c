"""The casemanager's inbox: what is new, what waits, what is nearly late, what is done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from uuid import UUID

from starlette.responses import Response

from hub.matches.reasons import reasons_of
from hub.matches.service import acknowledge, list_notices, take_back_shown
from hub.notices.service import ALERTS, Notice, NoticeKind, NoticeState
from hub.partners.service import StaffRole
from hub.web.rendering import render
from hub.web.texts import mark
from hub.web.visiting import Page, Visit, go_to
from service.clock import now

TEAM = frozenset({StaffRole.CASEMANAGER, StaffRole.TEAM_LEAD})
SOON = timedelta(days=2)
PAGE_SIZE = 50

VIEWS = {
    "new": mark("New"),
    "waiting": mark("Waiting for me"),
    "soon": mark("Soon due"),
    "done": mark("Done"),
}
ASKING = {NoticeKind.INTAKE, NoticeKind.POSSIBLE, NoticeKind.HAND_OVER, NoticeKind.CONSULT, *ALERTS}


def show_inbox(visit: Visit) -> Response:
    """Show the inbox, one view of it at a time."""
    view = visit.query("view", VIEWS, "new")
    with visit.disclosing(otherwise=take_back_shown) as work:
        notices, following = list_notices(
            work,
            cursor=_cursor(visit),
            page_size=PAGE_SIZE,
            only_new=view != "done",
            working_days=visit.term,
        )
    shown = [notice for notice in notices if BELONGS[view](notice)]
    with visit.looking() as work:
        reasons = reasons_of(work, [notice.match_id for notice in shown if notice.kind == NoticeKind.MATCH])
    return render(
        visit, "inbox.html", views=VIEWS, view=view, notices=shown, following=following, reasons=reasons
    )


def answer(visit: Visit) -> Response:
    """Take a notice up, or say that there was contact already."""
    outcome = visit.field_of("outcome", NoticeState)
    with visit.disclosing() as work:
        acknowledge(work, visit.path_id("notice"), outcome=outcome)
    return go_to("/inbox", said="in-contact" if outcome is NoticeState.ALREADY_IN_CONTACT else "taken-up")


def _is_open(notice: Notice) -> bool:
    return notice.state == NoticeState.NEW


BELONGS: Mapping[str, Callable[[Notice], bool]] = {
    "new": lambda one: _is_open(one) and one.kind not in ASKING,
    "waiting": lambda one: _is_open(one) and one.kind in ASKING,
    "soon": lambda one: _is_open(one) and one.kind != NoticeKind.VOID and one.due_at - now() < SOON,
    "done": lambda one: not _is_open(one),
}


def _cursor(visit: Visit) -> UUID | None:
    text = visit.request.query_params.get("after", "")
    try:
        return UUID(text)
    except ValueError:
        return None


PAGES = (
    Page("GET", "/inbox", show_inbox, TEAM),
    Page("POST", "/notices/{notice:uuid}/answer", answer, TEAM),
)
