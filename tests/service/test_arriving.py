"""Nothing of a body is kept before its token was looked at, on no route of the hub."""

from __future__ import annotations

import asyncio
import json

from fastapi import FastAPI
from starlette.types import ASGIApp, Message

from hub.app import BASE, create_hub_api
from hub.signals.router import posting
from service.http import WRITES, create_service
from service.oauth.errors import InvalidTokenError
from service.openapi import openapi_document
from service.work import OPERATOR, Caller

HELD, BROKEN = "DPoP held", "DPoP broken"
PIECES = 8


class OneToken:
    """Knows of one token that it holds, and never without a look in its store."""

    def knows(self, _authorization: str | None) -> bool:
        """Always look in the store."""
        return False

    def require_token(self, authorization: str | None) -> None:
        """Refuse every other token."""
        if authorization == BROKEN:
            raise RuntimeError
        if authorization != HELD:
            raise InvalidTokenError

    def authenticate(self, *_facts: object, body: bytes | None = None) -> Caller:
        """Take who shows it for the operator, who may post nothing."""
        return OPERATOR


def _service(api: FastAPI) -> ASGIApp:
    api.state.authenticator, api.state.hub = OneToken(), object()
    return create_service(api=api, base=BASE, version="0", is_ready=lambda: None, plain=posting.routes)


class Piece(bytes):
    """A piece of a body, counted for as long as somebody keeps it."""

    kept = 0

    def __init__(self, _content: bytes) -> None:
        Piece.kept += 1

    def __del__(self) -> None:
        """Be let go."""
        Piece.kept -= 1


async def _post(service: ASGIApp, method: str, path: str, shown: str | None) -> tuple[int, str, int]:
    """Return the status, the code and how many pieces of the body were kept together at most."""
    sent, most, answered = 0, 0, list[Message]()

    async def receive() -> Message:
        nonlocal sent, most
        sent += 1
        piece = Piece(b" " * 1024)
        most = max(most, Piece.kept)
        return {"type": "http.request", "body": piece, "more_body": sent < PIECES}

    async def send(message: Message) -> None:
        answered.append(message)

    headers = [(b"content-type", b"application/json")]
    if shown is not None:
        headers.append((b"authorization", shown.encode()))
    scope = {"type": "http", "method": method, "path": path, "raw_path": path.encode(), "query_string": b""}
    await service({**scope, "headers": headers}, receive, send)
    problem = json.loads(b"".join(message.get("body", b"") for message in answered))
    assert sent == PIECES  # a client that still sends would not hear the answer
    return answered[0]["status"], problem["code"], most


def test_who_shows_no_token_is_refused_and_nothing_of_the_body_is_kept() -> None:
    api = create_hub_api(None)
    service = _service(api)
    writes = [
        (method.upper(), BASE + path.replace("{", "").replace("}", ""))
        for path, methods in openapi_document(api)["paths"].items()
        for method in methods
        if method.upper() in WRITES and path != "/token"
    ]
    assert len(writes) > 50

    async def call() -> None:
        for method, path in writes:
            for shown in (None, "DPoP gone"):
                got = await _post(service, method, path, shown)
                assert got in {(401, "invalid_token", 1), (401, "invalid_token", 2)}, path

    asyncio.run(call())


def test_of_who_shows_a_token_the_body_is_read() -> None:
    status, _, most = asyncio.run(_post(_service(create_hub_api(None)), "POST", f"{BASE}/cases", HELD))
    assert (status, most) == (400, PIECES)


def test_what_goes_wrong_at_the_look_is_no_fault_of_the_caller() -> None:
    status, code, _ = asyncio.run(_post(_service(create_hub_api(None)), "POST", f"{BASE}/cases", BROKEN))
    assert (status, code) == (500, "internal_error")
