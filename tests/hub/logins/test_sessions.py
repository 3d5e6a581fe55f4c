"""Logins on both databases: opened, found, over, and never more than the hub itself knows."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest

from hub.logins.errors import LoginNeededError, LoginRefusedError
from hub.logins.provider import Identity
from hub.logins.sessions import (
    end_at_provider,
    end_own,
    find_caller,
    get_session,
    list_sessions,
    open_session,
)
from hub.logins.settings import LoginSettings
from hub.partners.service import StaffRole, require_role
from service.database import Database
from service.work import SYSTEM
from tests.builders import town

LIMITS = LoginSettings(
    issuer="https://login.example", client_id="dat-hub", roles={"cm": StaffRole.CASEMANAGER}
)
CASEMANAGER = frozenset({StaffRole.CASEMANAGER})


def log_in(
    database: Database, staff_id: UUID, *, now: datetime, token: str, session: bytes = b"s" * 32
) -> None:
    """Log somebody in as a casemanager."""
    with database.look(SYSTEM, now=now) as work:
        caller = find_caller(work, staff_id, CASEMANAGER)
    identity = Identity(staff_id, CASEMANAGER, session, staff_id.bytes * 2)
    with database.work(caller, now=now) as work:
        open_session(work, identity, token=token, proven=False)


def test_a_login_is_found_until_it_was_idle_too_long_or_lasted_too_long(
    hub_database: Database, now: datetime
) -> None:
    anna = town(hub_database, now=now).anna
    log_in(hub_database, anna.id, now=now, token="one")
    for later, over in (
        (timedelta(minutes=19), False),
        (timedelta(minutes=20), True),
        (timedelta(hours=10), True),
    ):
        with hub_database.look(SYSTEM, now=now + later) as work:
            if over:
                with pytest.raises(LoginNeededError):
                    get_session(work, "one", LIMITS)
            else:
                assert get_session(work, "one", LIMITS).roles == CASEMANAGER


def test_who_is_no_member_of_staff_or_has_no_such_role_gets_no_login(
    hub_database: Database, now: datetime
) -> None:
    people = town(hub_database, now=now)
    for staff_id in (uuid4(), people.lead.id):
        with pytest.raises(LoginRefusedError):
            log_in(hub_database, staff_id, now=now, token="one")


def test_a_login_gives_no_more_than_the_provider_says(hub_database: Database, now: datetime) -> None:
    people = town(hub_database, now=now)
    with hub_database.look(SYSTEM, now=now) as work:
        caller = find_caller(work, people.lead.id, CASEMANAGER)
    with pytest.raises(Exception, match="role_not_allowed"), hub_database.look(caller, now=now) as work:
        require_role(work, StaffRole.TEAM_LEAD)


def test_a_login_ends_for_its_owner_and_at_the_provider(hub_database: Database, now: datetime) -> None:
    people = town(hub_database, now=now)
    log_in(hub_database, people.anna.id, now=now, token="one", session=b"1" * 32)
    log_in(hub_database, people.anna.id, now=now, token="two", session=b"2" * 32)
    log_in(hub_database, people.bram.id, now=now, token="bram", session=b"3" * 32)
    with hub_database.work(SYSTEM, now=now) as work:
        end_at_provider(work, b"1" * 32, None)
    with hub_database.look(SYSTEM, now=now) as work:
        caller = get_session(work, "two", LIMITS).caller
        with pytest.raises(LoginNeededError):
            get_session(work, "one", LIMITS)
    with hub_database.look(caller, now=now) as work:
        assert len(list_sessions(work, LIMITS)) == 1
    with hub_database.work(caller, now=now) as work:
        end_own(work)
    with hub_database.look(SYSTEM, now=now) as work:
        assert get_session(work, "bram", LIMITS)
        with pytest.raises(LoginNeededError):
            get_session(work, "two", LIMITS)


def test_the_level_of_assurance_decides_which_roles_a_login_has() -> None:
    limits = LIMITS.model_copy(update={"acr_of_role": {StaffRole.CASEMANAGER: ("high",)}})
    assert limits.roles_of(["cm", "unknown"], "high") == CASEMANAGER
    assert limits.roles_of(["cm"], "low") == frozenset()
