"""The front of the pages: who may come in, which forms are ours, and how every answer is dressed.

Source: ASVS 5.0 V3 (browser), V7 (sessions); the session's cookie is `__Host-`, the forms carry its secret.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, quote

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hub.context import Hub
from hub.logins.errors import LoginNeededError
from hub.logins.provider import Provider
from hub.logins.sessions import LoginSession, get_session, note_seen
from hub.partners.errors import RoleNotAllowedError
from hub.web.errors import ForgedFormError, FormInvalidError, PageMissingError
from hub.web.rendering import render, send_onward
from hub.web.texts import FIELDS, LANGUAGE, choose_language
from hub.web.visiting import OWN_SITE, SEE_OTHER, Page, Visit, form_secret
from look.styles import Asset, styles, theme
from service.errors import DatError, InvalidError, TooLargeError
from service.http import SECURITY_HEADERS
from service.logging import log
from service.problems import INCOMPLETE, STATUS
from service.work import SYSTEM

Show = Callable[[Visit], Response]
SESSION_COOKIE = "__Host-dat-session"
LANGUAGE_COOKIE = "__Host-dat-language"
MAX_FORM = 16 * 1024  # bytes
MAX_FIELDS = 40
# Nothing from elsewhere, no scripts, in nobody's frame.
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = SECURITY_HEADERS | {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "same-origin",
}
YEAR = 365 * 24 * 3600  # seconds


@dataclass(frozen=True, slots=True)
class Front:
    """What every page needs to judge who comes in.

    Attributes:
        paths: where each function that shows a page stands, as a pattern of the ids in its address.
    """

    hub: Hub
    provider: Provider | None
    theme: Asset
    paths: Mapping[Show, str]

    def endpoint(self, page: Page) -> object:
        """Return the page as Starlette calls it."""

        async def answer(request: Request) -> Response:
            try:
                form = await _read_form(request) if page.method == "POST" else {}
            except DatError as error:
                return await run_in_threadpool(self._refuse, request, error)
            return await run_in_threadpool(self._answer, page, request, form)

        return answer

    def _answer(self, page: Page, request: Request, form: Mapping[str, str]) -> Response:
        visit = self._visit(request, form)
        try:
            return self._show(page, visit)
        except InvalidError as error:
            home = self.paths.get(page.again, "") if page.again else ""
            return _show_again(page, replace(visit, home=home.format_map(request.path_params)), error)
        except DatError as error:
            return _explain(visit, error)

    def _show(self, page: Page, visit: Visit) -> Response:
        if page.roles is None:
            visit.login  # noqa: B018 - raises for whoever is not logged in
        elif page.roles and not visit.login.roles & page.roles:
            with visit.looking():  # where a refusal is written to the log
                raise RoleNotAllowedError
        if page.method == "POST" and page.path not in FOREIGN:
            _require_own_form(visit)
        if page.proven and not visit.proven:
            back = page.back.format_map(visit.request.path_params)
            return _to_login(visit, back, proving=True)
        return _keep_language(visit, page.show(visit))

    def _visit(self, request: Request, form: Mapping[str, str], *, known: bool = True) -> Visit:
        token = request.cookies.get(SESSION_COOKIE, "") if known else ""
        session = self._find_session(token)
        chosen = request.query_params.get("lang") or request.cookies.get(LANGUAGE_COOKIE)
        language = choose_language(chosen, request.headers.get("accept-language", ""))
        LANGUAGE.set(language)
        return Visit(
            hub=self.hub,
            request=request,
            form=form,
            language=language,
            provider=self.provider,
            session=session,
            theme=self.theme.path,
            token=token if session else "",
        )

    def _find_session(self, token: str) -> LoginSession | None:
        if not token or self.provider is None:
            return None
        with suppress(LoginNeededError):
            with self.hub.database.look(SYSTEM) as work:
                session = get_session(work, token, self.provider.settings)
            if not session.noted:
                with self.hub.database.work(session.caller) as work:
                    note_seen(work, token)
            return session
        return None

    def _refuse(self, request: Request, error: DatError) -> Response:
        return _explain(self._visit(request, {}), error)


# Posted by the provider itself: it carries a signed token instead of the form's secret.
FOREIGN = frozenset({"/logout/back-channel"})


def create_pages(hub: Hub, provider: Provider | None, pages: Sequence[Page]) -> ASGIApp:
    """Return the pages as one ASGI application."""
    paths = {page.show: re.sub(r":\w+}", "}", page.path) for page in pages if page.method == "GET"}
    front = Front(hub, provider, theme(hub.settings.theme), paths)
    files = {asset.path: asset for asset in (styles(), front.theme)}

    async def static(request: Request) -> Response:
        found = files.get(request.url.path)
        return found.answer() if found else await missing(request, HTTPException(404))

    async def missing(request: Request, _error: Exception) -> Response:
        return await run_in_threadpool(front._refuse, request, PageMissingError())

    async def broken(request: Request, error: Exception) -> Response:
        log.error("unexpected_error", error=type(error).__name__)
        visit = front._visit(request, {}, known=False)
        return render(visit, "error.html", status=500, status_code=500, code="internal_error")

    async def gone(_request: Request, _error: Exception) -> Response:
        return Response(status_code=INCOMPLETE)

    routes = [Route(page.path, front.endpoint(page), methods=[page.method]) for page in pages]  # type: ignore[arg-type]
    app = Starlette(
        routes=[*routes, Route("/static/{name}", static)],
        exception_handlers={404: missing, 405: missing, ClientDisconnect: gone, Exception: broken},
    )
    app.router.redirect_slashes = False
    return _dressed(app, HEADERS)


def _to_login(visit: Visit, back: str, *, proving: bool = False) -> Response:
    """Send a browser to log in, or to prove anew who it is, and back; a form by way of a page."""
    target = f"/login?{'proving=yes&' if proving else ''}next={quote(back, safe='/')}"
    if visit.request.method == "POST":
        return send_onward(visit, target)
    return RedirectResponse(target, SEE_OTHER)


def _dressed(app: ASGIApp, dress: Mapping[str, str]) -> ASGIApp:
    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=message["headers"])
                for name, value in dress.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await app(scope, receive, send_dressed)
        except Exception:
            # Starlette raises again after its answer, and a server would print what may carry input.
            log.error("page_failed")

    return answer


async def _read_form(request: Request) -> dict[str, str]:
    if (
        request.headers.get("content-type", "").partition(";")[0].strip()
        != "application/x-www-form-urlencoded"
    ):
        raise FormInvalidError
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_FORM:
            raise TooLargeError
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MAX_FIELDS))
    except ValueError:
        raise FormInvalidError from None


def _require_own_form(visit: Visit) -> None:
    """Require that a form was filled in on a page of ours, in this login.

    Raises:
        ForgedFormError: Another site sent it, or it is of an earlier login.
    """
    site = visit.request.headers.get("sec-fetch-site", "same-origin")
    sent = visit.form.get("form_secret", "")
    if site not in OWN_SITE or not hmac.compare_digest(sent.encode(), form_secret(visit.token).encode()):
        with visit.looking():  # where a refusal is written to the log
            raise ForgedFormError


def _explain(visit: Visit, error: DatError) -> Response:
    """Say in plain words what was wrong; who is not logged in is sent to log in and back."""
    if isinstance(error, LoginNeededError):
        back = visit.request.url.path if visit.request.method == "GET" else "/"
        return _to_login(visit, back)
    status = STATUS[error.kind]
    log.info("page_refused", status=status, error=error.code)
    return render(visit, "error.html", status=status, status_code=status, code=error.code)


def _show_again(page: Page, visit: Visit, error: InvalidError) -> Response:
    """Show the form once more, as it was filled in, and name what is wrong in it."""
    faults = tuple(name for name in map(field_of, error.places) if name in FIELDS)
    if page.again is None or not faults:
        return _explain(visit, error)
    try:
        answer = page.again(replace(visit, faults=faults, places=error.places))
    except DatError as other:
        return _explain(visit, other)
    answer.status_code = STATUS[error.kind]
    log.info("page_refused", status=answer.status_code, error=error.code)
    return answer


def field_of(place: str) -> str:
    """Name the field of a form that a place in a message is: `/givenDate` is `given_date`."""
    name = place.strip("/").partition("/")[0]
    return re.sub(r"(?<=[a-z])([A-Z])", r"_\1", name).lower()


def _keep_language(visit: Visit, answer: Response) -> Response:
    if visit.request.query_params.get("lang"):
        answer.set_cookie(
            LANGUAGE_COOKIE, visit.language, max_age=YEAR, secure=True, httponly=True, samesite="lax"
        )
    return answer
