"""Acute danger leaves the hub (ROU-20): nothing here looks like a way to report it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

import hub.models  # noqa: F401
from dat_client.cli import app
from hub.base import Base
from hub.informing.wording import Language, wordings
from tests.described import api_document
from tests.house.test_documents import commands

# What a lane for what can't wait, or a report of abuse, would be called.
LANE = re.compile(
    r"urgen|priorit|emergenc_?(?!override)|spoed|crisis|\bdanger|severity|alarm|abuse|violence|mishandel|"
    r"melding|incident|accusation|suspect|report_(to_)?veilig",
    re.I,
)


def names(node: Any) -> Iterator[str]:
    """Every property name and every enumerated value of a document."""
    if isinstance(node, dict):
        yield from (name for name in node.get("properties", {}))
        yield from (value for value in node.get("enum", []) if isinstance(value, str))
        for value in node.values():
            yield from names(value)
    elif isinstance(node, list):
        for value in node:
            yield from names(value)


def test_rou_20_no_route_field_or_code_looks_like_an_urgent_lane() -> None:
    document = api_document()
    assert [path for path in document["paths"] if LANE.search(path)] == []
    assert {name for name in names(document) if LANE.search(name)} == set()


def test_rou_20_no_column_keeps_how_urgent_something_is() -> None:
    columns = {column.name for table in Base.metadata.sorted_tables for column in table.columns}
    assert {name for name in columns if LANE.search(name)} == set()


def test_rou_20_no_command_of_a_partner_looks_like_one() -> None:
    assert {name for name in commands(app, "dat") if LANE.search(name)} == set()


def test_sig_03_sig_14_sig_17_a_signal_carries_no_member_beyond_the_agreed_ones() -> None:
    schema = api_document()["components"]["schemas"]["SignalIn"]
    assert set(schema["properties"]) == {
        "contactDate", "kind", "legalBasis", "attestation", "reporter", "submittedBy", "onBehalfOf",
        "bracket", "bracketEnds", "subjectNotice", "noticeDate", "noticeTo", "authorityHolders",
        "decisionReference", "residence", "residenceFrom", "validMonths", "tokenTypes", "envelope",
    }  # fmt: skip
    assert schema["additionalProperties"] is False


@pytest.mark.parametrize("way_out", ["112", "Veilig Thuis", "0800-2000", "meldcode"])
def test_rou_20_the_way_out_is_named_where_professionals_look(way_out: str) -> None:
    description = json.dumps(api_document(), ensure_ascii=False)
    assert way_out in description
    for language in Language:
        assert any(way_out in line for line in wordings()[language].guidance)
