"""The HTTP front of a service: headers, limits, content negotiation, problems, health and metrics.

Source: NL API Design Rules 2.2; ASVS 5.0 V3.4, V4.1; RFC 9457.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from time import perf_counter
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, FastAPI, Request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.arriving import (
    MAX_BODY,
    MAX_FORM_BODY,
    MAX_TEXT_BODY,
    Authenticator,
    after_token,
    limited,
)
from service.errors import DatError
from service.logging import log
from service.plain import PlainRoute
from service.problems import error_problem, http_problem, install_problem_handlers
from service.work import Caller

Model = TypeVar("Model", bound=BaseModel)
OnMalformed = Callable[[Caller | None], None]

SECURITY_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Server": "dat",
}
WRITES = frozenset({"POST", "PUT", "PATCH"})
MALFORMED = 400
METHODS = WRITES | {"GET", "HEAD", "OPTIONS", "DELETE"}


class WireModel(BaseModel):
    """A wire shape: closed, strict, frozen, lowerCamelCase; its errors never repeat the input."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
        alias_generator=to_camel,
        populate_by_name=True,
    )


async def authenticated(request: Request) -> Caller:
    """Return the authenticated caller of this request.

    Async on purpose: it does no IO on the usual path, and a thread hop would cost more than the check.
    """
    authenticator: Authenticator = request.app.state.authenticator
    token, proof = request.headers.get("authorization"), request.headers.get("dpop")
    body = await request.body() if request.method in WRITES else None
    facts = (request.method, request.scope["path"], token, proof)
    if authenticator.knows(token):
        caller = authenticator.authenticate(*facts, body=body)
    else:
        caller = await run_in_threadpool(authenticator.authenticate, *facts, body=body)
    request.scope["caller"] = caller
    return caller


AnyCaller = Annotated[Caller, Depends(authenticated)]


class Front:
    """Guard every request and dress every answer, in one plain ASGI layer."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        version: str,
        registry: CollectorRegistry,
        form_paths: frozenset[str],
        text_paths: frozenset[str],
        on_malformed: OnMalformed | None = None,
    ) -> None:
        self.app = app
        self.on_malformed = on_malformed
        self._dress = [
            (name.lower().encode(), value.encode())
            for name, value in {**SECURITY_HEADERS, "API-Version": version}.items()
        ]
        self._dress_names = frozenset(name for name, _ in self._dress)
        self.form_paths = form_paths
        self.text_paths = text_paths
        self.requests = Counter(
            "dat_requests", "Answers by route and status", ["route", "status"], registry=registry
        )
        self.latency = Histogram("dat_request_seconds", "Seconds to answer", ["route"], registry=registry)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started, request_id, status = perf_counter(), uuid.uuid4().hex, 0

        async def send_dressed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                if status == MALFORMED and self.on_malformed is not None:
                    # Before the answer: no line in the log, no answer.
                    await run_in_threadpool(self.on_malformed, scope.get("caller"))
                headers = [pair for pair in message.get("headers", ()) if pair[0] not in self._dress_names]
                message["headers"] = [*headers, *self._dress, (b"x-request-id", request_id.encode())]
            await send(message)

        refused = self._refuse(scope)
        if refused is not None:
            await refused(scope, receive, send_dressed)
        else:
            await self._run(scope, limited(receive, self._most(scope["path"])), send_dressed)
        self._observe(scope, status, perf_counter() - started, request_id)

    async def _run(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self.app(scope, receive, send)
        except Exception as error:
            # Starlette raises again after its 500: a server would print the message, which may carry input.
            log.error("unexpected_error", error=type(error).__name__)

    def _refuse(self, scope: Scope) -> Response | None:
        headers = {
            name: value
            for name, value in scope["headers"]
            if name in {b"accept", b"content-type", b"content-length"}
        }
        length = headers.get(b"content-length", b"0")
        if not length.isdigit() or int(length) > self._most(scope["path"]):
            return http_problem(413)
        if scope["method"] in WRITES and not self._reads(scope["path"], headers.get(b"content-type", b"")):
            return http_problem(415)
        if not _accepts_json(headers.get(b"accept", b"*/*")) and not scope["path"].endswith("/metrics"):
            return http_problem(406)
        return None

    def _most(self, path: str) -> int:
        if path in self.form_paths:
            return MAX_FORM_BODY
        return MAX_TEXT_BODY if path in self.text_paths else MAX_BODY

    def _reads(self, path: str, content_type: bytes) -> bool:
        if path in self.text_paths:
            return True
        expected = b"application/x-www-form-urlencoded" if path in self.form_paths else b"application/json"
        return content_type.split(b";")[0].strip().lower() == expected

    def _observe(self, scope: Scope, status: int, seconds: float, request_id: str) -> None:
        route = getattr(scope.get("route"), "path", "-")
        self.requests.labels(route=route, status=status).inc()
        self.latency.labels(route=route).observe(seconds)
        if status >= 400:
            # The route's template and a method that exists: path and method are caller-chosen text.
            log.info(
                "request_refused",
                route=route,
                method=scope["method"] if route != "-" and scope["method"] in METHODS else "-",
                status=status,
                request_id=request_id,
            )


def _accepts_json(accept: bytes) -> bool:
    kinds = {part.split(b";")[0].strip().lower() for part in accept.split(b",")}
    return not kinds.isdisjoint(
        {b"*/*", b"application/*", b"application/json", b"application/problem+json", b""}
    )


def create_service(
    *,
    api: FastAPI,
    base: str,
    version: str,
    is_ready: Callable[[], Mapping[str, str] | None],
    registry: CollectorRegistry | None = None,
    plain: Iterable[BaseRoute] = (),
    form_paths: Sequence[str] = (),
    text_paths: Sequence[str] = (),
    on_malformed: OnMalformed | None = None,
) -> ASGIApp:
    """Put an API under its base path, with health and metrics beside it.

    Args:
        is_ready: raises a DatError while the service can't do its work; what it returns is said beside "ok".
        plain: routes of the API without a parameter in their path; those that are plain are found at once.
        form_paths: full paths that read a form instead of JSON (the token endpoint).
        text_paths: full paths of protocols that name no content type (the witness).
        on_malformed: told of each message that is not of the agreed form, and whose it is where known.
    """
    registry = registry or CollectorRegistry()
    outer = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    outer.include_router(_health_router(is_ready, registry))
    for app in (outer, api):
        install_problem_handlers(app)

    at_once = {
        (name, base + one.path): one
        for one in plain
        if isinstance(one, PlainRoute)
        for name in one.methods or ()
    }

    open_paths = {*form_paths, *text_paths}

    async def route(scope: Scope, receive: Receive, send: Send) -> None:
        # By hand: a mounted application would pass the whole stack of both, a sixth of a small request.
        if scope["type"] == "http" and scope["path"].startswith(f"{base}/"):
            scope["root_path"] = base
            if scope["method"] in WRITES and scope["path"] not in open_paths:
                receive = after_token(scope, receive, api.state.authenticator)
            if found := at_once.get((scope["method"], scope["path"])):
                scope["app"] = api
                await found.answer(scope, receive, send)
            else:
                await api(scope, receive, send)
        else:
            await outer(scope, receive, send)

    return Front(
        route,
        version=version,
        registry=registry,
        form_paths=frozenset(form_paths),
        text_paths=frozenset(text_paths),
        on_malformed=on_malformed,
    )


def _health_router(
    is_ready: Callable[[], Mapping[str, str] | None], registry: CollectorRegistry
) -> APIRouter:
    router = APIRouter()

    @router.get("/livez")
    def livez() -> Response:
        return JSONResponse({"status": "ok"})

    @router.get("/readyz")
    def readyz() -> Response:
        try:
            said = is_ready() or {}
        except DatError as error:
            return error_problem(error)
        return JSONResponse({"status": "ok", **said})

    @router.get("/metrics")
    def metrics() -> Response:
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    return router


def create_api(*, title: str, version: str, description: str, server: str, **extra: Any) -> FastAPI:
    """Return an empty API as the design rules want it: no redirects, no stock document and pages of it."""
    return FastAPI(
        title=title,
        version=version,
        description=description,
        servers=[{"url": server}],
        root_path_in_servers=False,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        contact={
            "name": "DAT-hub",
            "url": "https://dat-hub.example",
            "email": "beheer@dat-hub.example",
        },
        license_info={"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
        **extra,
    )
