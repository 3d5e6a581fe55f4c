"""Role x object x municipality: what one municipality has is nothing to the same role of another."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from hub.web.app import PAGES
from hub.web.visiting import Page
from service import clock
from service.clock import dutch_date
from tests.pages.conftest import Site
from tests.pages.provider import ROLES
from tests.promises import acts

TODAY = dutch_date(clock.now()).isoformat()
# What everybody in that role may see, of whichever municipality: rules, questions, and the hub's own mail.
SHARED = {
    "GET /arrangements/{arrangement}",
    "GET /questions/{question}",
    "POST /mails/{mail:uuid}/again",
    "POST /sessions/{session:uuid}/end",  # of a login that is not one's own it says nothing at all: see below
}
# An object of Wijkteam Oost for each name in a path.
THINGS: dict[str, Callable[[Site], Any]] = {
    "match": lambda site: site.owned("anna"),
    "notice": lambda site: one_of(site, "SELECT id FROM notice WHERE state = 'new' AND kind = 'match'"),
    "task": lambda site: acts.prepare_consent_task(site.town).path.split("/")[2],
    "item": lambda site: acts.prepare_acceptance(site.town).path.split("/")[2],
    "possible": lambda site: acts.prepare_judgement(site.town).path.split("/")[2],
    "case": lambda site: acts.prepare_closure(site.town).path.split("/")[2],
    "transfer": lambda site: acts.prepare_transfer_acceptance(site.town).path.split("/")[2],
    "warning": lambda site: acts.prepare_alarm_closure(site.town).path.split("/")[2],
    "override": lambda site: acts.override(site.town),
    "disclosure": lambda site: one_of(site, "SELECT id FROM notice WHERE seen_at IS NOT NULL"),
    "household": lambda site: acts.at_home(site.town),
    "change": lambda site: acts.prepare_rights_decision(site.town)().json()["changeId"],
    "request": lambda site: acts.advised(site.town),
    "finding": lambda site: acts.asked(site.town)[1],
    "correction": lambda site: acts.prepare_correction(site.town).path.split("/")[2],
    "telling": lambda site: acts.prepare_telling(site.town).path.split("/")[2],
    "advice": lambda site: acts.asked(site.town)[1],
    "objection": lambda site: acts.prepare_objection_decision(site.town).path.split("/")[2],
}
# What each form says when it is filled in well.
FORM = {
    "outcome": "acknowledged", "answer": "accepted", "days": "2", "reason": "no_capacity", "language": "nl",
    "judged": "rejected.with_reporter", "decision": "granted.unjustified", "extension": "complex",
    "advice": "justified", "finding": "in_order", "given_date": TODAY, "contacted_on": TODAY,
    "judgement": "rejected", "child_heard": TODAY, "feedback": "taken_up", "nothing": "yes",
}  # fmt: skip
OTHERWISE = {
    "/consent-tasks/{task:uuid}/answer": {"answer": "asked"},
    "/warnings/{warning:uuid}/closure": {"reason": "explained"},
    "/overrides/{override:uuid}/review": {"outcome": "justified"},
    "/transfers/{transfer:uuid}/return": {"reason": "not_resident"},
    "/changes/{change:uuid}/rejection": {"reason": "not_needed"},
    "/matches/{match:uuid}/retraction": {"verified": "with_person"},
}
# Who gives a case away is not who takes it on.
SENDERS = {"casemanager": "anna", "team_lead": "lead"}
WALLED = [page for page in PAGES if "{" in page.path and f"{page.method} {page.path}" not in SHARED]


def one_of(site: Site, question: str) -> UUID:
    """An id that the store knows."""
    site.meeting()
    site.town.client("anna").get("/notices")
    return UUID(str(site.town.rows(question)[-1][0]))


@pytest.fixture(scope="module")
def kept() -> dict[str, str]:
    """What was made already: nobody here can change it."""
    return {}


def path_to(site: Site, page: Page, kept: dict[str, str]) -> str:
    """Where an action of Wijkteam Oost's is."""

    def fill(found: re.Match[str]) -> str:
        name = "possible" if page.path.startswith("/possible") else found[1]
        if name not in kept:
            kept[name] = str(THINGS[name](site))
        return kept[name]

    return re.sub(r"{(\w+):uuid}", fill, page.path)


@pytest.mark.parametrize("page", WALLED, ids=[f"{page.method} {page.path}" for page in WALLED])
def test_what_one_municipality_has_is_nothing_to_the_same_role_of_another(
    site: Site, kept: dict[str, str], page: Page
) -> None:
    path, colleague = path_to(site, page, kept), str(site.town.staff("bram").id)
    more = {"colleague": colleague, "desk": str(site.town.staff("dora").organisation_id)}
    form = FORM | more | {"case_id": colleague} | OTHERWISE.get(page.path, {})
    roles = sorted(set(ROLES.values()) & set(page.roles or ROLES.values()))
    assert roles
    for role in roles:
        name = SENDERS[role] if page.path.startswith("/transfers") else f"other_{role}"
        visitor = site.visitor(name)
        if page.proven:
            visitor.prove(name)
        sent = visitor.post(path, form, follow=False) if page.method == "POST" else visitor.get(path)
        empty = page.method == "GET" and path.split("/")[2] not in sent.text.replace(path, "")
        # Whoever agrees to other changes hears that this kind is not theirs, whosever it is.
        refused = sent.status_code == 403 and page.path.startswith("/changes")
        assert empty or refused or sent.status_code == 404, (role, sent.status_code)


def test_nobody_ends_the_login_of_another(site: Site) -> None:
    anna = site.visitor("anna")
    for (session_id,) in site.town.rows("SELECT id FROM login_session WHERE ended_at IS NULL"):
        site.visitor("other_casemanager").post(f"/sessions/{UUID(str(session_id))}/end")
    assert anna.get("/inbox", follow=False).status_code == 200
