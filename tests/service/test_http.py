"""What every answer of a service keeps to, on routes that are plain and on those that are not."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NoReturn

import pytest
from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Message, Scope
from structlog.testing import capture_logs

from hub.app import BASE, VERSION, create_hub_api
from hub.signals.router import posting
from service.arriving import MAX_BODY, MAX_FORM_BODY
from service.errors import ConflictError, InvalidError, UnauthenticatedError
from service.http import create_api, create_service
from service.plain import PlainRoute
from service.work import OPERATOR, Caller


@dataclass
class Ear:
    """Who is told of what is malformed, as long as it listens."""

    heard: list[Caller | None] = field(default_factory=list)
    listens: bool = True

    def __call__(self, caller: Caller | None) -> None:
        if not self.listens:
            raise OSError
        self.heard.append(caller)


class Nobody:
    """Takes anything for a token, and knows no caller: what is not a 401 was answered by the front."""

    def knows(self, _authorization: str | None) -> bool:
        """Need no look in a store."""
        return True

    def authenticate(self, *_facts: object, **_more: object) -> NoReturn:
        """Refuse everybody."""
        raise UnauthenticatedError


@pytest.fixture(scope="module")
def hub() -> ASGIApp:
    """The hub's API with all its routes, and no store behind it."""
    api = create_hub_api(None)
    api.state.authenticator = Nobody()
    api.state.hub = object()
    return create_service(
        api=api,
        base=BASE,
        version=VERSION,
        is_ready=lambda: None,
        plain=posting.routes,
        form_paths=[f"{BASE}/token"],
    )


@pytest.fixture(scope="module")
def caller(hub: ASGIApp) -> Iterator[TestClient]:
    """Somebody who calls it."""
    with TestClient(hub, raise_server_exceptions=False, follow_redirects=False) as http:
        yield http


@dataclass(frozen=True)
class Call:
    """A request, and the status that the ground rules of docs/api.md give it."""

    name: str
    method: str
    path: str
    status: int
    reads: str | None = "application/json"
    accepts: str = "application/json"
    body: tuple[bytes, ...] = (b"{}",)
    allow: str | None = None


FORM = "application/x-www-form-urlencoded"
FIVE_MIB = (b" " * 1024 * 1024,) * 5
UNKNOWN = "/signals/00000000-0000-4000-8000-000000000000"
CALLS = [
    Call("a post that is read as JSON", "POST", "/signals", 401),
    Call("JSON with a character set", "POST", "/cases", 401, reads="application/json; charset=utf-8"),
    Call("text on a plain route", "POST", "/signals", 415, reads="text/plain"),
    Call("text on another route", "POST", "/cases", 415, reads="text/plain"),
    Call("no content type", "POST", "/signals", 415, reads=None),
    Call("a form where JSON is read", "POST", "/cases", 415, reads=FORM),
    Call("JSON where a form is read", "POST", "/token", 415),
    Call("a page asked for", "GET", "/signals", 406, accepts="text/html"),
    Call("XML asked for", "GET", "/openapi.json", 406, accepts="application/xml, text/xml"),
    Call("anything asked for", "GET", "/signals", 401, accepts="*/*"),
    Call("a path with two methods", "PUT", "/signals", 405, allow="GET, POST"),
    Call("another path with two methods", "PATCH", "/cases", 405, allow="GET, POST"),
    Call("a method nobody has", "DELETE", "/notices", 405, allow="GET"),
    Call("a form's path asked for", "GET", "/token", 405, allow="POST"),
    Call("a path with an id", "DELETE", UNKNOWN, 405, allow="GET"),
    Call("a slash behind a list", "GET", "/signals/", 404),
    Call("a slash behind a post", "POST", "/signals/", 404),
    Call("a slash behind a path with an id", "GET", f"{UNKNOWN}/", 404),
    Call("a path that is not there", "GET", "/nothing", 404),
    Call("the root", "GET", "", 404),
    Call("five MiB, said beforehand, on a plain route", "POST", "/signals", 413, body=(b"".join(FIVE_MIB),)),
    Call("five MiB, said beforehand", "POST", "/cases", 413, body=(b"".join(FIVE_MIB),)),
    Call("five MiB in chunks on a plain route", "POST", "/signals", 413, body=FIVE_MIB),
    Call("five MiB in chunks for the batch", "POST", "/signal-batches", 413, body=FIVE_MIB),
    Call("five MiB in chunks", "POST", "/cases", 413, body=FIVE_MIB),
    Call("more than a form has", "POST", "/token", 413, reads=FORM, body=(b"a=" + b"b" * MAX_FORM_BODY,)),
    Call("five MiB in chunks for a form", "POST", "/token", 413, reads=FORM, body=FIVE_MIB),
]  # fmt: skip


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.name)
def test_every_answer_keeps_to_the_ground_rules(caller: TestClient, call: Call) -> None:
    headers = {"Accept": call.accepts, **({"Content-Type": call.reads} if call.reads else {})}
    sent = call.body if call.method in {"POST", "PUT", "PATCH"} else ()
    body = sent[0] if len(sent) == 1 else iter(sent)  # an iterator goes in chunks, without a length
    with capture_logs() as lines:
        answer = caller.request(call.method, BASE + call.path, headers=headers, content=body)
    assert answer.status_code == call.status
    assert answer.headers.get("allow") == call.allow
    assert answer.headers["api-version"] == VERSION
    assert answer.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert len(answer.headers["x-request-id"]) == 32
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == call.status
    assert [line["event"] for line in lines] == ["request_refused"]


@pytest.mark.parametrize("path", ["/signals", "/cases", "/token"])
def test_a_client_that_hangs_up_while_it_sends_is_no_error_of_ours(hub: ASGIApp, path: str) -> None:
    kind = FORM if path == "/token" else "application/json"
    begun: Message = {"type": "http.request", "body": b'{"', "more_body": True}
    arriving = iter([begun, {"type": "http.disconnect"}])
    answered: list[Message] = []

    async def receive() -> Message:
        return next(arriving)

    async def send(message: Message) -> None:
        answered.append(message)

    scope: Scope = {
        "type": "http",
        "method": "POST",
        "path": BASE + path,
        "raw_path": (BASE + path).encode(),
        "query_string": b"",
        "headers": [(b"content-type", kind.encode())],
    }

    async def hang_up() -> None:
        await hub(scope, receive, send)

    with capture_logs() as lines:
        asyncio.run(hang_up())
    assert answered[0]["status"] == 408
    assert [line["event"] for line in lines] == ["request_refused"]


def test_a_body_of_just_the_limit_is_read(caller: TestClient) -> None:
    halves = iter([b" " * (MAX_BODY // 2)] * 2)
    headers = {"Content-Type": "application/json"}
    assert caller.post(f"{BASE}/signals", headers=headers, content=halves).status_code == 401


@pytest.fixture
def ear() -> Ear:
    return Ear()


@pytest.fixture
def client(ear: Ear) -> Iterator[TestClient]:
    """A service with one plain route, which does what the body of a request says."""
    router = APIRouter(route_class=PlainRoute)

    @router.post("/acts")
    async def act(request: Request) -> Response:
        match await request.json():
            case "refuse":
                raise ConflictError
            case "break":
                raise RuntimeError("never shown")
            case "misspell":
                request.scope["caller"] = OPERATOR
                raise InvalidError
        return JSONResponse(request.app.title, status_code=202)

    api = create_api(title="Acts", version="0", description="", server="https://acts.example")
    api.include_router(router)
    api.state.authenticator = Nobody()
    service = create_service(
        api=api,
        base="/api/v1",
        version="0",
        is_ready=lambda: None,
        plain=router.routes,
        on_malformed=ear,
    )
    with TestClient(service, raise_server_exceptions=False) as http:
        yield http


@pytest.mark.parametrize(("body", "status"), [("act", 202), ("refuse", 409), ("break", 500)])
def test_what_a_plain_route_answers_is_dressed_and_a_failure_is_a_problem(
    client: TestClient, body: str, status: int
) -> None:
    answer = client.post("/api/v1/acts", json=body)
    assert answer.status_code == status
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert (answer.headers["content-type"] == "application/problem+json") == (status >= 400)
    assert "never shown" not in answer.text
    counted = client.get("/metrics").text
    assert f'dat_requests_total{{route="/acts",status="{status}"}} 1.0' in counted


def test_another_method_on_a_plain_route_is_answered_with_those_there_are(client: TestClient) -> None:
    answer = client.get("/api/v1/acts")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


def test_a_message_that_is_not_of_the_agreed_form_is_told_before_it_is_answered(
    client: TestClient, ear: Ear
) -> None:
    for body, status in (("act", 202), ("refuse", 409), ("misspell", 400)):
        assert client.post("/api/v1/acts", json=body).status_code == status
    assert ear.heard == [OPERATOR]
    ear.listens = False
    assert client.post("/api/v1/acts", json="misspell").status_code == 500
