"""What became of registrations after a citizen's request: what to put right, what to know, whom to ask."""

from __future__ import annotations

from starlette.responses import Response

from hub.cases.service import get_cases
from hub.partners.service import find_partners
from hub.rights.advising import ADVISERS
from hub.rights.contradicting import list_contradictions
from hub.rights.correcting import answer_correction, list_corrections
from hub.rights.desks import OFFICERS
from hub.rights.telling import acknowledge_telling, list_own_tellings
from hub.signals.service import get_signals
from hub.web.rendering import render
from hub.web.visiting import Page, Visit, go_to

PAGE_SIZE = 20
TOLD = frozenset(ADVISERS)


def show_outcomes(visit: Visit) -> Response:
    """Show what an organisation has to put right, and what became of what it registered or heard."""
    with visit.disclosing() as work:
        part = visit.part(list_corrections(work), PAGE_SIZE)
        known = visit.part(list_own_tellings(work), PAGE_SIZE, name="known")
        about = [one.about for one in known.rows]
        kinds = dict.fromkeys(get_signals(work, about), "signal") | dict.fromkeys(
            get_cases(work, about), "case"
        )
    return render(
        visit,
        "outcomes.html",
        corrections=part.rows,
        following=part.following,
        tellings=known.rows,
        more=known.following,
        kinds=kinds,
    )


def answer(visit: Visit) -> Response:
    """Name what was registered anew, or say that nothing takes its place."""
    replaced_by = None if visit.form.get("nothing") else visit.field_id("replaced_by")
    with visit.working() as work:
        answer_correction(work, visit.path_id("correction"), replaced_by=replaced_by)
    return go_to("/outcomes", said="corrected")


def acknowledge(visit: Visit) -> Response:
    """Say for the organisation that it knows what became of something."""
    with visit.working() as work:
        acknowledge_telling(work, visit.path_id("telling"))
    return go_to("/outcomes", said="noted")


def show_contradictions(visit: Visit) -> Response:
    """Show where attestations of authority contradict each other, and whom to ask to attest anew."""
    with visit.disclosing() as work:
        part = visit.part(list_contradictions(work), PAGE_SIZE)
        said = [one for each in part.rows for one in each.attestations]
        names = find_partners(work, {id_ for one in said if (id_ := one.organisation_id or one.desk_id)})
    return render(visit, "contradictions.html", found=part.rows, following=part.following, names=names)


PAGES = (
    Page("GET", "/outcomes", show_outcomes, TOLD),
    Page("POST", "/corrections/{correction:uuid}/answer", answer, TOLD, again=show_outcomes),
    Page("POST", "/tellings/{telling:uuid}/acknowledgement", acknowledge, TOLD),
    Page("GET", "/authority", show_contradictions, frozenset(OFFICERS)),
)
