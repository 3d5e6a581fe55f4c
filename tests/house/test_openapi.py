"""The API's document: each shape has a name of its own."""

from __future__ import annotations

from hub.app import create_hub_api
from service.openapi import openapi_document


def test_no_two_shapes_share_a_name() -> None:
    """Of two that do, both would be named after their modules, which the Dutch design rules refuse."""
    schemas = openapi_document(create_hub_api())["components"]["schemas"]
    assert [name for name in schemas if "__" in name] == []
