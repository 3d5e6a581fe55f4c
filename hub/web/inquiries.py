"""Inquiries: by when what is done by law, and whether child and parents were heard; dates and codes only."""

from __future__ import annotations

from datetime import date

from starlette.responses import Response

from hub.arrangements.values import ClockCode
from hub.matches.errors import NotOwnerError
from hub.matches.inquiring import InquiryStep, NotHeard, NotInvolved, list_inquiries, record_inquiry
from hub.web.errors import FormInvalidError
from hub.web.inbox import TEAM
from hub.web.rendering import render
from hub.web.texts import say_code
from hub.web.visiting import Choice, Page, Visit, go_to

PAGE_SIZE = 15


def show_inquiries(visit: Visit) -> Response:
    """Show the inquiries that are the visitor's, oldest first, with their clocks."""
    with visit.disclosing() as work:
        found = list_inquiries(work)
    not_heard, not_involved = (
        [(one.value, say_code(f"heard_{one}")) for one in why] for why in (NotHeard, NotInvolved)
    )
    part = visit.part(found, PAGE_SIZE)
    return render(
        visit,
        "inquiries.html",
        found=part.rows,
        following=part.following,
        not_heard=not_heard,
        not_involved=not_involved,
    )


def report(visit: Visit) -> Response:
    """Write what was done, and when child and parents were heard, or why not."""
    step = InquiryStep(
        done=frozenset(code for code in ClockCode if f"done_{code}" in visit.form),
        child_heard_on=_day(visit, "child_heard"),
        child_not_heard=_reason(visit, "child_not_heard", NotHeard),
        parents_involved_on=_day(visit, "parents_involved"),
        parents_not_involved=_reason(visit, "parents_not_involved", NotInvolved),
    )
    if step == InquiryStep():
        raise FormInvalidError(places=("child_heard",))
    with visit.working() as work:
        found = record_inquiry(work, visit.path_id("match"), step)
    # After the unit of work: that it may not be told any more is a decision, and stays.
    if found is None:
        raise NotOwnerError
    return go_to("/inquiries", said="noted")


def _reason(visit: Visit, name: str, allowed: type[Choice]) -> Choice | None:
    return visit.field_of(name, allowed) if visit.form.get(name) else None


def _day(visit: Visit, name: str) -> date | None:
    return visit.field_date(name) if visit.form.get(name) else None


PAGES = (
    Page("GET", "/inquiries", show_inquiries, TEAM),
    Page("POST", "/inquiries/{match:uuid}", report, TEAM, again=show_inquiries),
)
