"""What of a request is kept, and of whom: at most so much, and nothing before its token was looked at."""

from __future__ import annotations

from typing import Protocol

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.types import Message, Receive, Scope

from service.errors import DatError
from service.logging import log
from service.problems import STATUS
from service.work import Caller

MAX_BODY = 4 * 1024 * 1024  # bytes: a batch of 1,000 signals
MAX_FORM_BODY = 16 * 1024  # bytes: what asks for a token
MAX_TEXT_BODY = 256 * 1024  # bytes: a signed note with all its signatures


class Authenticator(Protocol):
    """Prove who calls, and that they sent this very body."""

    def authenticate(
        self,
        method: str,
        path: str,
        authorization: str | None,
        dpop: str | None,
        *,
        body: bytes | None = None,
    ) -> Caller:
        """Return the caller; raises UnauthenticatedError."""
        ...

    def require_token(self, authorization: str | None) -> None:
        """Refuse what is no token that holds now; proves nothing yet of who shows it."""
        ...

    def knows(self, authorization: str | None) -> bool:
        """Tell whether neither of these needs a look in the store; proves nothing."""
        ...


def after_token(scope: Scope, receive: Receive, authenticator: Authenticator) -> Receive:
    """Keep a body only of who shows a token: the proof beside it covers the body, so it can only come later.

    Anybody may send without one, and many at once: what is kept of each first would fill the memory.
    """
    looked_at = False

    async def receive_after() -> Message:
        nonlocal looked_at
        if not looked_at:
            looked_at = True
            try:
                await _require_token(scope, authenticator)
            except HTTPException:
                # A client that still sends when the connection ends does not hear why.
                await _throw_away(receive)
                raise
        return await receive()

    return receive_after


def limited(receive: Receive, most: int) -> Receive:
    """Read no further than this many bytes, whatever length was said."""
    seen = 0

    async def receive_limited() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > most:
            raise HTTPException(413)  # a chunked body without a length: read no further
        return message

    return receive_limited


async def _throw_away(receive: Receive) -> None:
    while (await receive()).get("more_body"):
        pass


async def _require_token(scope: Scope, authenticator: Authenticator) -> None:
    shown = next((value for name, value in scope["headers"] if name == b"authorization"), None)
    token = None if shown is None else shown.decode("latin-1")
    if authenticator.knows(token):
        return
    try:
        await run_in_threadpool(authenticator.require_token, token)
    except DatError as refusal:
        # In this shape, since FastAPI makes a 400 of whatever else goes wrong while it reads.
        raise HTTPException(STATUS[refusal.kind]) from refusal
    except Exception as error:
        log.error("unexpected_error", error=type(error).__name__)
        raise HTTPException(500) from None
