"""All pages of the desk as one application: who is let in, and how every answer is dressed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dat_client.desk.acts import Desk
from dat_client.desk.door import HEADERS, Door, ShutError
from dat_client.desk.forms import Form, FormError, read_form
from dat_client.desk.pages import PAGES
from dat_client.desk.visiting import SEE_OTHER, Page, Visit, environment
from look.language import LANGUAGE, Language, choose_language
from look.styles import styles, theme

LANGUAGE_COOKIE = "dat-desk-language"
YEAR = 365 * 24 * 3600  # seconds
Answering = Callable[[Request], Awaitable[Response]]


def create_desk(desk: Desk, door: Door) -> ASGIApp:
    """Return the pages as one ASGI application."""
    files = {asset.path: asset for asset in (styles(), theme(None))}

    async def enter(request: Request) -> Response:
        door.require_link(str(request.path_params["link"]))
        answer = RedirectResponse("/", SEE_OTHER)
        answer.set_cookie(door.cookie_name, door.cookie, httponly=True, samesite="strict")
        return answer

    async def static(request: Request) -> Response:
        found = files.get(request.url.path)
        return found.answer() if found else Response(status_code=404)

    async def stay_out(request: Request, _error: Exception) -> Response:
        LANGUAGE.set(_language(request))
        return Response(environment().get_template("shut.html").render(), 403, media_type="text/html")

    async def broken(_request: Request, error: Exception) -> Response:
        # The kind of error and nothing else: its text could hold what was typed.
        return Response(f"unexpected error: {type(error).__name__}", 500, media_type="text/plain")

    app = Starlette(
        routes=[
            Route("/open/{link}", enter),
            *(Route(page.path, _answering(page, desk, door), methods=[page.method]) for page in PAGES),
            Route("/static/{name}", static),
        ],
        exception_handlers={ShutError: stay_out, FormError: _too_large, Exception: broken},
    )
    app.router.redirect_slashes = False
    return _guarded(app, door)


def _answering(page: Page, desk: Desk, door: Door) -> Answering:
    async def answer(request: Request) -> Response:
        door.require_cookie(request.cookies.get(door.cookie_name, ""))
        form = await read_form(request) if page.method == "POST" else Form()
        if page.method == "POST":
            door.require_own_form(form.fields.pop("form_secret", ""))
        return await run_in_threadpool(_show, page, Visit(desk, door, request, form, _language(request)))

    return answer


def _show(page: Page, visit: Visit) -> Response:
    """Show a page, one at a time."""
    LANGUAGE.set(visit.language)
    with visit.desk.lock:
        answer = page.show(visit)
    if visit.request.query_params.get("lang"):
        answer.set_cookie(LANGUAGE_COOKIE, visit.language, max_age=YEAR, httponly=True, samesite="strict")
    return answer


def _language(request: Request) -> Language:
    chosen = request.query_params.get("lang") or request.cookies.get(LANGUAGE_COOKIE)
    return choose_language(chosen, request.headers.get("accept-language", ""))


async def _too_large(_request: Request, _error: Exception) -> Response:
    return Response("too large, or not a form", 413, media_type="text/plain")


def _guarded(app: ASGIApp, door: Door) -> ASGIApp:
    """Let in only what was sent to this address, and dress every answer."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=message["headers"])
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            if scope["type"] == "http":
                door.require_here(Request(scope).headers)
            await app(scope, receive, send_dressed)
        except ShutError:
            await Response(status_code=403)(scope, receive, send_dressed)
        except Exception:
            # Starlette raises again after its answer; a server would print what may hold a person.
            return

    return answer
