"""All the pages, and where they stand beside the API."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

from hub.context import Hub
from hub.logins.provider import Provider, login_key
from hub.logins.settings import read_login_settings
from hub.web import (
    administration,
    advising,
    arrangements,
    asking,
    caseload,
    changes,
    households,
    inbox,
    inquiries,
    log,
    login,
    matches,
    outcomes,
    overriding,
    oversight,
    own,
    public,
    register,
    renewing,
    requests,
    reviewing,
    rights_desk,
    team,
    transfers,
    warnings,
)
from hub.web.front import create_pages
from hub.web.visiting import Page

PAGES: tuple[Page, ...] = (
    *public.PAGES, *login.PAGES, *inbox.PAGES, *matches.PAGES, *team.PAGES, *caseload.PAGES,
    *oversight.PAGES, *log.PAGES, *asking.PAGES, *warnings.PAGES, *reviewing.PAGES, *requests.PAGES,
    *changes.PAGES, *households.PAGES, *register.PAGES, *administration.PAGES, *arrangements.PAGES,
    *rights_desk.PAGES, *renewing.PAGES, *advising.PAGES, *transfers.PAGES, *inquiries.PAGES,
    *outcomes.PAGES, *own.PAGES, *overriding.PAGES,
)  # fmt: skip
# What programs call; everything else is a page.
MACHINES = ("/api/", "/livez", "/readyz", "/metrics")


def beside(service: ASGIApp, hub: Hub) -> ASGIApp:
    """Put the pages beside the API; raises UnsafeSettingsError when the file about logins is not right."""
    pages = create_pages(hub, open_provider(hub), PAGES)

    async def route(scope: Scope, receive: Receive, send: Send) -> None:
        for_people = scope["type"] == "http" and not scope["path"].startswith(MACHINES)
        await (pages if for_people else service)(scope, receive, send)

    return route


def open_provider(hub: Hub) -> Provider | None:
    """Return the provider of logins; None where none is set up, and nobody can log in."""
    settings = read_login_settings(hub.settings.login)
    if settings is None:
        return None
    base = hub.settings.public_url.rstrip("/")
    return Provider(settings, login_key(hub.keys), callback=f"{base}/login/callback", after_logout=f"{base}/")
