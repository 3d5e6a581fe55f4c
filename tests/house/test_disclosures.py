"""Every read of the API passes the gate of disclosures, or docs/audit.md says why it shows nothing."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

from hub.app import create_hub_api

GATE = "disclosing("
ROOT = Path(__file__).parents[2]
AUDIT = (ROOT / "docs" / "audit.md").read_text("utf-8")
UNGATED = {
    "/arrangements",
    "/audit-questions",
    "/arrangements/{arrangementHash}",
    "/cases",
    "/change-proposals",
    "/change-proposals/{changeId}",
    "/log-gaps",
    "/municipalities",
    "/notice-texts",
    "/onboardings",
    "/openapi.json",
    "/policy-sets",
    "/policy-sets/{policyHash}",
    "/policy-sets/{policyHash}/differences",
    "/processing-activities",
    "/receipts/{leafHash}/proof",
    "/rights-requests",
    "/signals",
    "/signals/{signalId}",
    "/statistic-releases",
    "/statistic-tables",
    "/teams",
    "/telling-previews",
}
SHOWING = {
    "/audit-answers",
    "/case-transfers/{transferId}/acceptance",
    "/intake-items/{itemId}/acceptance",
    "/matches/{matchId}/hand-over-answer",
    "/matches/{matchId}/view",
    "/notices/{noticeId}/acknowledgement",
    "/rights-requests/{requestId}/search",
    "/statistic-releases",
}


def gated(method: str) -> dict[str, bool]:
    """Whether each path's endpoint opens the gate."""
    found = {}
    for route in create_hub_api().routes:
        for one in getattr(route, "effective_route_contexts", lambda route=route: [route])():
            if method in one.methods:
                found[one.path] = GATE in inspect.getsource(one.endpoint)
    return found


def test_a_read_passes_the_gate_unless_it_is_on_the_list() -> None:
    assert {path for path, passes in gated("GET").items() if not passes} == UNGATED


def test_acts_that_show_somebody_something_pass_the_gate() -> None:
    assert {path for path, passes in gated("POST").items() if passes} == SHOWING


@pytest.mark.parametrize("path", sorted(UNGATED))
def test_the_privacy_officer_reads_why_a_read_is_no_disclosure(path: str) -> None:
    assert f"`{path}`" in AUDIT


def test_whoever_shows_an_inbox_takes_back_what_no_witness_cosigned() -> None:
    """Or a notice that was never shown counts as seen, and its next showing is not decided anew."""
    texts = {path: path.read_text("utf-8") for path in (ROOT / "hub").rglob("*.py")}
    showing = {path for path, text in texts.items() if re.search(r"= (service\.)?list_notices\(", text)}
    assert showing
    assert [path for path in showing if "take_back_shown" not in texts[path]] == []
