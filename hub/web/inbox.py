"""The casemanager's inbox: what is new, what waits, what is nearly late, what is done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum

from starlette.responses import Response

from hub.matches.reasons import reasons_of
from hub.matches.service import acknowledge, list_notices, take_back_shown
from hub.notices.service import ASKING as OTHERS_ASK
from hub.notices.service import Notice, NoticeKind, NoticeState
from hub.renewing.service import list_tasks
from hub.teams.service import TEAM_ROLES
from hub.web.rendering import render
from hub.web.texts import mark
from hub.web.visiting import Page, Visit, go_to
from service.clock import now

TEAM = frozenset(TEAM_ROLES)
SOON = timedelta(days=2)
TASKS = 10  # consents to ask again, above the notices
PAGE_SIZE = 12  # each is decided anew before it is shown
VIEWS = {"open": mark("To do"), "all": mark("Everything")}
ASKING = {NoticeKind.POSSIBLE, *OTHERS_ASK}


class Outcome(StrEnum):
    """What a casemanager says of a notice."""

    ACKNOWLEDGED = "acknowledged"
    ALREADY_IN_CONTACT = "already_in_contact"


def show_inbox(visit: Visit) -> Response:
    """Show a page of the inbox, all of it: what was shown counts as told."""
    view = visit.query("view", VIEWS, "open")
    with visit.disclosing(otherwise=take_back_shown) as work:
        notices, following = list_notices(
            work,
            cursor=visit.query_id("after"),
            page_size=PAGE_SIZE,
            only_new=view == "open",
            working_days=visit.term,
        )
        told = [one.match_id for one in notices if one.kind == NoticeKind.MATCH and _stands(one)]
        reasons = reasons_of(work, told)
        tasks = list_tasks(work, limit=TASKS + 1) if view == "open" else []
    groups = group(notices) if view == "open" else {"": list(notices)}
    return render(
        visit,
        "inbox.html",
        views=VIEWS,
        view=view,
        groups=groups,
        following=following,
        reasons=reasons,
        tasks=tasks[:TASKS],
        more_tasks=len(tasks) > TASKS,
    )


def group(notices: Sequence[Notice]) -> dict[str, list[Notice]]:
    """Put notices under what they ask, what is due first on top; an empty group is left out."""
    found: dict[str, list[Notice]] = {mark("Soon due"): [], mark("New"): [], mark("Waiting for me"): []}
    for one in sorted(notices, key=lambda one: one.due_at):
        soon = one.kind != NoticeKind.VOID and one.due_at - now() < SOON
        found["Soon due" if soon else "Waiting for me" if one.kind in ASKING else "New"].append(one)
    return {name: group for name, group in found.items() if group}


def answer(visit: Visit) -> Response:
    """Take a notice up, or say that there was contact already."""
    outcome = visit.field_of("outcome", Outcome)
    with visit.disclosing() as work:
        acknowledge(work, visit.path_id("notice"), outcome=NoticeState(outcome))
    return go_to("/inbox", said="in-contact" if outcome is Outcome.ALREADY_IN_CONTACT else "taken-up")


def _stands(notice: Notice) -> bool:
    return notice.state in {NoticeState.NEW, NoticeState.ACKNOWLEDGED, NoticeState.ALREADY_IN_CONTACT}


PAGES = (
    Page("GET", "/inbox", show_inbox, TEAM),
    Page("POST", "/notices/{notice:uuid}/answer", answer, TEAM),
)
