"""The token endpoint, the same in every service."""

from __future__ import annotations

from typing import Annotated, Any, Literal, cast
from urllib.parse import parse_qsl

from fastapi import APIRouter, Depends, Header, Request
from pydantic import BaseModel, ConfigDict

from service import clock
from service.oauth.errors import MalformedTokenRequestError
from service.oauth.grant import ASSERTION_TYPE, GRANT_TYPE, TokenService

FORM_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/x-www-form-urlencoded": {
                "schema": {
                    "type": "object",
                    "required": ["grant_type", "client_assertion_type", "client_assertion"],
                    "properties": {
                        "grant_type": {"type": "string", "const": GRANT_TYPE},
                        "client_assertion_type": {"type": "string", "const": ASSERTION_TYPE},
                        "client_assertion": {
                            "type": "string",
                            "description": "JWT, RFC 7523, EdDSA or ES256",
                        },
                    },
                }
            }
        },
    }
}


class TokenAnswer(BaseModel):
    """The answer of RFC 6749 section 5.1, in its own spelling."""

    model_config = ConfigDict(frozen=True)

    access_token: str
    token_type: Literal["DPoP"]
    expires_in: int


async def token_form(request: Request) -> dict[str, str]:
    """Read the form: every parameter at most once.

    Source: RFC 6749 section 3.2, "parameters MUST NOT be included more than once".
    """
    body = await request.body()
    try:
        pairs = parse_qsl(body.decode("ascii"), strict_parsing=True, max_num_fields=20, errors="strict")
    except ValueError:
        raise MalformedTokenRequestError from None
    form = dict(pairs)
    if len(form) != len(pairs):
        raise MalformedTokenRequestError
    return form


def token_router() -> APIRouter:
    """Return the token endpoint; the service behind it is `app.state.tokens`."""
    router = APIRouter()

    @router.post(
        "/token",
        operation_id="createToken",
        summary="Get an access token",
        description="A client assertion (RFC 7523) and a DPoP proof (RFC 9449) give a token of ten minutes.",
        tags=["token"],
        openapi_extra=FORM_BODY,
    )
    def create_token(
        request: Request,
        form: Annotated[dict[str, str], Depends(token_form)],
        dpop: Annotated[str | None, Header(alias="DPoP", description="RFC 9449 proof for this URL")] = None,
    ) -> TokenAnswer:
        tokens = cast("TokenService", request.app.state.tokens)
        token = tokens.grant(form, dpop, now=clock.now())
        seconds = int(token.life.total_seconds())
        return TokenAnswer(access_token=token.value, token_type="DPoP", expires_in=seconds)  # noqa: S106

    return router
