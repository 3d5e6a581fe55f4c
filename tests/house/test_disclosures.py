"""Every read of the API passes the gate of disclosures, or docs/audit.md says why it shows nothing."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import typer

from hub.app import create_hub_api
from hub.cli import app as dat_hub
from hub.web.app import PAGES

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
    "/log-verifications",
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


# What the operator's machine prints without the gate: what the operator keeps there itself, rules, hashes.
OWN = {
    "arrangement directory",
    "arrangement explain",
    "arrangement versions",
    "audit submission",
    "doctor",
    "notice-text",
    "onboarding show",
    "openapi",
    "partners list",
    "partners staff roles",
    "policy diff",
    "policy show",
    "policy tables",
    "policy template",
    "policy versions",
    "preview",
    "public-part",
    "rights gaps",
    "statistics list",
    "statistics tables",
    "teams intake",
    "teams list",
    "teams show",
}
ACTS = {"admit", "covenant", "add", "end", "train", "grant", "revoke", "disable", "record", "location"} | {
    "addendum", "live", "open", "succeed", "post", "end-post", "profile", "school-contact", "coordinator",
    "allow", "propose", "lay", "cosignature", "reopen", "release", "close", "caseload", "desk",
    "init", "migrate", "serve", "worker", "mandate", "end-mandate",
}  # fmt: skip
GATED = {
    "alarms list",
    "audit ask",
    "audit export-tiles",
    "audit verify",
    "orphans",
    "policy explain",
    "retention report",
    "retention runs",
    "rights overdue",
    "statistics public",
    "statistics release",
    "statistics show",
}


def commands(group: typer.Typer, *names: str) -> Iterator[tuple[str, Callable[..., object]]]:
    """Every command of the hub's command line, and what it runs."""
    for one in group.registered_commands:
        assert one.callback is not None
        yield " ".join((*names, one.name or one.callback.__name__.replace("_", "-"))), one.callback
    for inner in group.registered_groups:
        assert inner.typer_instance is not None
        yield from commands(inner.typer_instance, *names, str(inner.name or inner.typer_instance.info.name))


def test_a_command_that_shows_what_others_did_passes_the_gate() -> None:
    found = dict(commands(dat_hub))
    passes = {
        name for name, run in found.items() if re.search("disclosing\\(|reading\\(", inspect.getsource(run))
    }
    assert passes == GATED
    assert {name for name in set(found) - GATED - OWN if name.split()[-1] not in ACTS} == set()
    assert set(found) >= OWN


# What a page shows without the gate: what anybody may read, rules, one's own sessions and team, counts.
OPEN_PAGES = {
    "/",
    "/about",
    "/absence",
    "/accessibility",
    "/arrangements",
    "/arrangements/{arrangement}",
    "/changes",
    "/changes/{change:uuid}",
    "/health",
    "/login",
    "/login/callback",
    "/parents",
    "/partners",
    "/questions",
    "/register",
    "/sessions",
    "/young-people",
    "/your-rights",
}


def test_a_page_that_shows_what_others_did_passes_the_gate() -> None:
    read = {page.path: inspect.getsource(page.show) for page in PAGES if page.method == "GET"}
    assert {path for path, source in read.items() if GATE not in source} == OPEN_PAGES
