"""What the privacy officer judges afterwards: overrides, and the sample of what was shown."""

from __future__ import annotations

from starlette.responses import Response

from hub.informing.reviewing import attest_told, list_overrides, postpone_telling, review_override
from hub.informing.values import ReviewOutcome
from hub.samples.service import Finding, judge, list_drawn
from hub.web.oversight import OFFICER
from hub.web.rendering import render
from hub.web.visiting import Page, Visit, go_to

PAGE_SIZE = 20


def show_reviews(visit: Visit) -> Response:
    """Show what waits to be judged, oldest first."""
    with visit.disclosing() as work:
        overrides, drawn = list_overrides(work), list_drawn(work)
    part = visit.part(overrides, PAGE_SIZE)
    return render(
        visit,
        "reviews.html",
        overrides=part.rows,
        following=part.following,
        drawn=drawn,
        outcomes=list(ReviewOutcome),
        findings=list(Finding),
    )


def review(visit: Visit) -> Response:
    """Judge an override; one that was not justified closes at once."""
    outcome = visit.field_of("outcome", ReviewOutcome)
    with visit.working() as work:
        review_override(work, visit.path_id("override"), outcome=outcome)
    return go_to("/reviews", said="reviewed")


def note_told(visit: Visit) -> Response:
    """Write on which day the person was told of an override."""
    with visit.working() as work:
        attest_told(work, visit.path_id("override"), given_on=visit.field_date("given_date"))
    return go_to("/reviews", said="noted")


def postpone(visit: Visit) -> Response:
    """Write that telling the person would endanger somebody now; it comes back."""
    with visit.working() as work:
        postpone_telling(work, visit.path_id("override"))
    return go_to("/reviews", said="postponed")


def judge_drawn(visit: Visit) -> Response:
    """Write what was found of a disclosure of the sample."""
    finding = visit.field_of("finding", Finding)
    with visit.working() as work:
        judge(work, visit.path_id("disclosure"), finding)
    return go_to("/reviews", said="reviewed")


PAGES = (
    Page("GET", "/reviews", show_reviews, OFFICER),
    Page("POST", "/overrides/{override:uuid}/review", review, OFFICER, again=show_reviews),
    Page("POST", "/overrides/{override:uuid}/told", note_told, OFFICER, again=show_reviews),
    Page("POST", "/overrides/{override:uuid}/postponement", postpone, OFFICER),
    Page("POST", "/samples/{disclosure:uuid}/finding", judge_drawn, OFFICER, again=show_reviews),
)
