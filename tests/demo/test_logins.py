"""Whoever has a page has somebody in the demo to log in as."""

from __future__ import annotations

from uuid import uuid4

from demo.desks import SCHOOL
from demo.logins import invent_logins
from hub.partners.values import StaffRole
from hub.web.app import PAGES

# A reporter works with the client of their own organisation, or its desk page.
CLIENT_ONLY = {StaffRole.REPORTER}


def test_every_role_that_has_a_page_has_a_login_and_an_erasure_has_its_two() -> None:
    team = [("noord", "casemanager"), ("lead", "team_lead"), ("balie", "desk")]
    logins = invent_logins([(name, role, uuid4()) for name, role in team])
    roles = [login.role for login in logins]
    assert set(roles) == {role for page in PAGES for role in page.roles or ()} - CLIENT_ONLY
    assert roles.count("rights_officer") == 2
    assert next(login.folder for login in logins if login.role == "partner_coordinator") == SCHOOL.folder
    assert len({login.name for login in logins}) == len(logins)
