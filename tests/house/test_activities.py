"""Each purpose that the log can name is an activity of processing with a controller. Source: ONB-07."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import hub.app
import hub.worker  # noqa: F401
from hub.audit.events import AuditEvent
from hub.audit.reading import ReadingPurpose
from hub.consent.facts import Purpose
from hub.logbook.activities import load_activities

ROOT = Path(__file__).resolve().parents[2]
GIVEN = re.compile(r"\bpurpose=\"([a-z_]+)\"")


def kinds(kind: type[AuditEvent] = AuditEvent) -> Iterator[type[AuditEvent]]:
    """Every kind of event."""
    yield kind
    for one in kind.__subclasses__():
        yield from kinds(one)


def test_onb_07_each_purpose_of_the_log_has_a_controller_and_none_is_made_up() -> None:
    said = {str(one) for one in (*ReadingPurpose, *Purpose)}
    for kind in kinds():
        said |= {
            str(field.default)
            for field in fields(kind)
            if field.name == "purpose" and isinstance(field.default, str)
        }
    for path in (ROOT / "hub").rglob("*.py"):
        said |= set(GIVEN.findall(path.read_text("utf-8")))
    assert set(load_activities()) == said


def test_onb_07_who_runs_the_hub_is_controller_of_nothing() -> None:
    assert {one.controller for one in load_activities().values()} == {"partner", "college", "all"}
