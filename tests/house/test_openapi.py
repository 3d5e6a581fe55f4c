"""The API's document: each shape has a name of its own, and each path is explained to people."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from hub import app
from hub.app import create_hub_api
from service.http import create_api
from service.openapi import openapi_document
from tests.described import api_document

API = Path(__file__).parents[2] / "docs" / "api.md"


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """What the hub publishes."""
    return api_document()


def test_no_two_shapes_share_a_name(document: dict[str, Any]) -> None:
    """Of two that do, both would be named after their modules, which the Dutch design rules refuse."""
    assert [name for name in document["components"]["schemas"] if "__" in name] == []


def test_every_parameter_is_written_as_names_on_the_wire_are(document: dict[str, Any]) -> None:
    """Of one that is not, what a caller writes as docs say is ignored, and something else is answered."""
    operations = [one for path in document["paths"].values() for one in path.values()]
    asked = [given for one in operations for given in one.get("parameters", []) if given["in"] != "header"]
    assert [one["name"] for one in asked if not re.fullmatch(r"[a-z][a-zA-Z]*", one["name"])] == []


def test_every_path_is_explained(document: dict[str, Any]) -> None:
    page = API.read_text("utf-8")
    assert [
        path for path in document["paths"] if not re.search(rf"{re.escape(path)}(?![\w/{{-])", page)
    ] == []


def test_what_is_published_is_this_document_and_it_is_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The framework has one of its own; and ours takes more than a second, while anybody may ask for it."""
    made: list[FastAPI] = []
    monkeypatch.setattr(app, "openapi_document", lambda api: {"made": made.append(api) or len(made)})
    http = TestClient(create_hub_api())
    answers = [http.get("/openapi.json") for _ in range(3)]
    assert [answer.json() for answer in answers] == [{"made": 1}] * 3
    assert {answer.headers["content-type"] for answer in answers} == {"application/json"}
    assert {answer.headers["access-control-allow-origin"] for answer in answers} == {"*"}


def test_making_it_says_nothing_of_a_library_that_is_not_there(caplog: pytest.LogCaptureFixture) -> None:
    """FastAPI wants one to look at the address to write to; a hub would log that in plain text."""
    api = create_api(title="Acts", version="0", description="", server="https://acts.example")
    assert openapi_document(api)["info"]["contact"] == api.contact
    assert caplog.messages == []
