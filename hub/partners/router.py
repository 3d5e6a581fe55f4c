"""The hub's token endpoint."""

from __future__ import annotations

from fastapi import APIRouter

from hub.partners.authentication import OpenedHub, token_service_of
from service.oauth.router import token_router


def token_router_of(hub: OpenedHub | None) -> APIRouter:
    """Return the token endpoint of a hub; without a hub only its description."""
    if hub is None:
        return token_router()
    service = token_service_of(hub)
    return token_router(lambda _request: service)
