"""A report of violence at a desk has no route here, on purpose: it is for Veilig Thuis."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from dat_client.cli import app as partner_cli
from hub.arrangements.errors import ArrangementInvalidError
from hub.arrangements.loading import parse_arrangement
from hub.arrangements.values import IntakeModel, Target
from hub.documents import read_document
from hub.signals.schemas import SignalIn
from hub.web.app import PAGES
from tests.described import api_document
from tests.house.test_documents import commands
from tests.house.test_no_urgent_lane import LANE, names
from tests.journeys.arrangements.place import SHIPPED

ROOT = Path(__file__).resolve().parents[3]
TEMPLATES = sorted((ROOT / "hub" / "web" / "templates").glob("*.html"))
FIELDS = re.compile(r"<(?:input|select|textarea|form)[^>]*", re.I)


def test_a_no_call_page_or_command_looks_like_a_report_to_veilig_thuis() -> None:
    document = api_document()
    said = {*document["paths"], *names(document), *(page.path for page in PAGES)}
    said |= set(commands(partner_cli, "dat"))
    assert {one for one in said if LANE.search(one)} == set()


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.stem)
def test_no_form_asks_what_happened(template: Path) -> None:
    fields = FIELDS.findall(template.read_text("utf-8"))
    assert [one for one in fields if LANE.search(one)] == []


def test_no_signal_can_say_so(town_signal: dict[str, object]) -> None:
    for kind in ("violence", "veilig_thuis", "urgent"):
        with pytest.raises(ValidationError):
            SignalIn.model_validate(town_signal | {"kind": kind})
    with pytest.raises(ValidationError):
        SignalIn.model_validate(town_signal | {"violence": True})


@pytest.fixture
def town_signal() -> dict[str, object]:
    """All that a signal says openly."""
    return {
        "contactDate": "2026-11-18",
        "kind": "contact",
        "legalBasis": "JW_7_1_4_1",
        "attestation": "weighed",
    }


def test_no_arrangement_has_such_a_route_and_none_can() -> None:
    assert not [one for one in (*IntakeModel, *Target) if LANE.search(one)]
    for path in SHIPPED.glob("*.toml"):
        arrangement = parse_arrangement(read_document(path))
        assert not [rule.code for rule in arrangement.rules if LANE.search(rule.code)]
    document = read_document(SHIPPED / "weekly_meeting.toml")
    with pytest.raises(ArrangementInvalidError) as refusal:
        parse_arrangement({**document, "rules": [{"code": "violence", "to": "veilig_thuis"}]})
    assert "/rules/0/to" in refusal.value.places


def test_it_is_documented_where_it_goes_and_every_page_says_so() -> None:
    page = (ROOT / "docs" / "arrangements.md").read_text("utf-8")
    row = page[page.index("(row 16)") - 200 :]
    assert "Veilig Thuis" in row
    assert "0800-2000" in row
    assert "112" in row
    frame = (ROOT / "hub" / "web" / "templates" / "base.html").read_text("utf-8")
    assert "112" in frame
    assert "Veilig Thuis: 0800 2000" in frame
