"""What the desk asks an organisation about its own registrations, and its advice."""

from __future__ import annotations

from starlette.responses import Response

from hub.rights.advising import ADVISERS, give_advice, list_asked
from hub.rights.values import Advice
from hub.web.rendering import render
from hub.web.texts import say_code
from hub.web.visiting import Page, Visit, go_to

PAGE_SIZE = 50
ADVISING = frozenset(ADVISERS)


def show_asked(visit: Visit) -> Response:
    """Show for which registrations advice is asked, the most urgent first."""
    with visit.disclosing() as work:
        found = list_asked(work)
    part = visit.part(found, PAGE_SIZE)
    return render(
        visit,
        "advices.html",
        found=part.rows,
        following=part.following,
        advices=[(one.value, say_code(f"advice_{one}")) for one in Advice],
    )


def advise(visit: Visit) -> Response:
    """Give advice on one's own registration; until the decision it may be given again."""
    advice = visit.field_of("advice", Advice)
    with visit.working() as work:
        give_advice(work, visit.path_id("advice"), advice)
    return go_to("/advices", said="advised")


PAGES = (
    Page("GET", "/advices", show_asked, ADVISING),
    Page("POST", "/advices/{advice:uuid}/answer", advise, ADVISING, again=show_asked),
)
