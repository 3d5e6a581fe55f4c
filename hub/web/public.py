"""Pages for everybody: who takes part, what is told, and how to object."""

from __future__ import annotations

from starlette.responses import RedirectResponse, Response

from hub.partners.administration import list_partners
from hub.partners.service import takes_part
from hub.web.rendering import NAVIGATION, render
from hub.web.visiting import PUBLIC, SEE_OTHER, Page, Visit
from service.work import OPERATOR


def show_front(visit: Visit) -> Response:
    """Show what this hub is and who takes part; whoever is logged in goes on to their work."""
    if visit.session is not None:
        start = next((path for path, _, roles in NAVIGATION if visit.has(*roles)), "/sessions")
        return RedirectResponse(start, SEE_OTHER)
    with visit.hub.database.look(OPERATOR) as work:
        partners = [one for one in list_partners(work) if takes_part(one, visit.today)]
    return render(visit, "front.html", partners=sorted(partners, key=lambda one: one.name))


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
    Page("GET", "/", show_front, PUBLIC),
    Page("GET", "/parents", show_parents, PUBLIC),
    Page("GET", "/young-people", show_young, PUBLIC),
    Page("GET", "/your-rights", show_objecting, PUBLIC),
    Page("GET", "/accessibility", show_accessibility, PUBLIC),
)
