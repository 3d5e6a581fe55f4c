"""Turn errors into RFC 9457 problems, in one place: places, never values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Match

from service.errors import DatError, InvalidError, Kind, MissingError, UnauthenticatedError

STATUS = {
    Kind.INVALID: 400,
    Kind.UNAUTHENTICATED: 401,
    Kind.REFUSED: 403,
    Kind.MISSING: 404,
    Kind.CONFLICT: 409,
    Kind.TOO_LARGE: 413,
    Kind.EXHAUSTED: 429,
    Kind.UNAVAILABLE: 503,
}
MEDIA_TYPE = "application/problem+json"
INCOMPLETE = 408  # who hung up while sending never reads it: it is for log lines and metrics
HTTP_TITLES = {
    404: ("not_found", MissingError.title),
    405: ("method_not_allowed", "This resource does not know this method."),
    406: ("not_acceptable", "Only application/json can be given."),
    INCOMPLETE: ("request_incomplete", "The request did not arrive whole."),
    413: ("too_large", "The request is larger than allowed."),
    415: ("unsupported_media_type", "This resource does not read this content type."),
    500: ("internal_error", "The service made an error; nothing was done."),
}
MAX_PLACES = 20


def problem_body(*, status: int, code: str, title: str, places: Sequence[str] = ()) -> dict[str, Any]:
    """Return the members of a problem document."""
    body: dict[str, Any] = {
        "type": f"urn:dat-hub:problem:{code}",
        "title": title,
        "status": status,
        "detail": title,
        "code": code,
    }
    if places:
        body["errors"] = [{"pointer": place} for place in places[:MAX_PLACES]]
    return body


def problem(
    status: int,
    code: str,
    title: str,
    *,
    places: Sequence[str] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return a problem as a response."""
    body = problem_body(status=status, code=code, title=title, places=places)
    return JSONResponse(body, status_code=status, headers=dict(headers or {}), media_type=MEDIA_TYPE)


def http_problem(status: int, headers: Mapping[str, str] | None = None) -> Response:
    """Return the problem for a plain HTTP status."""
    code, title = HTTP_TITLES.get(status, HTTP_TITLES[500])
    return problem(status, code, title, headers=headers)


def error_problem(error: DatError) -> Response:
    """Return the problem that stands for an error of ours."""
    headers = {"Retry-After": str(error.retry_after)} if error.retry_after is not None else {}
    if isinstance(error, UnauthenticatedError):
        headers["WWW-Authenticate"] = 'DPoP algs="EdDSA ES256"'
    return problem(STATUS[error.kind], error.code, error.title, places=error.places, headers=headers)


def places_of(errors: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """Return JSON pointers to what is wrong; a name that the caller invented is not repeated."""
    places = []
    for entry in errors:
        location = [str(part) for part in entry["loc"] if part not in {"body", "query", "path", "header"}]
        if entry["type"] == "extra_forbidden":
            location = [*location[:-1], "*"]
        places.append("/" + "/".join(location))
    return tuple(dict.fromkeys(places))


def install_problem_handlers(app: FastAPI) -> None:
    """Let every error of the app leave as a problem."""

    @app.exception_handler(DatError)
    def _ours(_request: Request, error: DatError) -> Response:
        return error_problem(error)

    @app.exception_handler(RequestValidationError)
    def _form(_request: Request, error: RequestValidationError) -> Response:
        return error_problem(InvalidError(places=places_of(error.errors())))

    @app.exception_handler(HTTPException)
    def _http(request: Request, error: HTTPException) -> Response:
        if error.status_code == 405:
            return http_problem(405, {"Allow": ", ".join(_allowed(app, request))})
        return status_problem(error)

    @app.exception_handler(ClientDisconnect)
    def _gone(_request: Request, _error: ClientDisconnect) -> Response:
        return http_problem(INCOMPLETE)

    @app.exception_handler(Exception)
    def _unexpected(_request: Request, _error: Exception) -> Response:
        return http_problem(500)


def status_problem(error: HTTPException) -> Response:
    """Return the problem for an error that a framework raised, or passed on."""
    if isinstance(error.__cause__, DatError):
        return error_problem(error.__cause__)
    if isinstance(error.__cause__, ClientDisconnect):
        return http_problem(INCOMPLETE)  # FastAPI says of it that the body could not be read
    if error.status_code in {400, 422}:
        return error_problem(InvalidError())
    return http_problem(error.status_code, error.headers)


def _allowed(app: FastAPI, request: Request) -> list[str]:
    """List every method of the path: Starlette names those of the first route only."""
    methods: set[str] = set()
    for route in _leaves(app.router.routes):
        if route.matches(request.scope)[0] is not Match.NONE:
            methods |= getattr(route, "methods", None) or set()
    return sorted(methods)


def _leaves(routes: Iterable[BaseRoute]) -> Iterator[BaseRoute]:
    """List routes one by one: FastAPI keeps a router that was included as one route, without methods."""
    for route in routes:
        included = getattr(route, "original_router", None)
        if included is None:
            yield route
        else:
            yield from _leaves(included.routes)
