"""What the hub publishes of its API: a second to write, so once in a test process."""

from __future__ import annotations

from functools import cache
from typing import Any

from hub.app import create_hub_api
from service.openapi import openapi_document


@cache
def api_document() -> dict[str, Any]:
    """Return the OpenAPI document; nobody changes it."""
    return openapi_document(create_hub_api())
