"""Pages for everybody: who takes part, what is told, and how to object."""

from __future__ import annotations

from starlette.responses import RedirectResponse, Response

from hub.partners.service import list_taking_part
from hub.web.rendering import NAVIGATION, render
from hub.web.visiting import PUBLIC, SEE_OTHER, Page, Visit
from service.work import SYSTEM


def start(visit: Visit) -> Response:
    """Send whoever is logged in on to their work; show everybody else what this is."""
    if visit.session is None:
        return show_about(visit)
    first = next((path for path, _, roles in NAVIGATION if visit.has(*roles)), "/sessions")
    return RedirectResponse(first, SEE_OTHER)


def show_about(visit: Visit) -> Response:
    """Show what this hub is and who takes part."""
    with visit.hub.database.look(SYSTEM) as work:
        partners = list_taking_part(work, visit.today)
    return render(visit, "front.html", partners=partners)


def show_parents(visit: Visit) -> Response:
    """Tell parents what happens."""
    return render(visit, "parents.html")


def show_young(visit: Visit) -> Response:
    """Tell young people what happens."""
    return render(visit, "young.html")


def show_objecting(visit: Visit) -> Response:
    """Tell how to see, object and be forgotten."""
    return render(visit, "objecting.html")


def show_accessibility(visit: Visit) -> Response:
    """Show the accessibility statement."""
    return render(visit, "accessibility.html")


PAGES = (
    Page("GET", "/", start, PUBLIC),
    Page("GET", "/about", show_about, PUBLIC),
    Page("GET", "/parents", show_parents, PUBLIC),
    Page("GET", "/young-people", show_young, PUBLIC),
    Page("GET", "/your-rights", show_objecting, PUBLIC),
    Page("GET", "/accessibility", show_accessibility, PUBLIC),
)
