"""Consents that ended with an age: which to ask again, for a desk and for who recorded them."""

from __future__ import annotations

from starlette.responses import Response

from hub.renewing.service import ASKING, TaskAnswer, answer_task, list_tasks
from hub.web.inbox import TEAM
from hub.web.rendering import render
from hub.web.visiting import Page, Visit, go_to

PAGE_SIZE = 50
TASKED = frozenset(ASKING)


def show_tasks(visit: Visit) -> Response:
    """Show which consents to ask again."""
    with visit.disclosing() as work:
        tasks = list_tasks(work)
    part = visit.part(tasks, PAGE_SIZE)
    return render(visit, "consent_tasks.html", tasks=part.rows, following=part.following)


def answer(visit: Visit) -> Response:
    """Say that the person was asked again, or that it is not needed."""
    said = visit.field_of("answer", TaskAnswer)
    with visit.working() as work:
        answer_task(work, visit.path_id("task"), said)
    return go_to("/inbox" if visit.has(*TEAM) else "/consent-tasks", said="noted")


PAGES = (
    Page("GET", "/consent-tasks", show_tasks, TASKED),
    Page("POST", "/consent-tasks/{task:uuid}/answer", answer, TASKED),
)
