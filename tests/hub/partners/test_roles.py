"""Roles of staff: several at once, dated, given by somebody, and never two that may not meet."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import combinations
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.partners import errors, roles, service
from hub.partners.policy import FORBIDDEN_PAIRS, holds, require_grant
from hub.partners.values import Grant, HeldRole, Staff, StaffRole
from service.database import Database
from service.work import OPERATOR, Work
from tests.builders import admit_partner, authorise_staff, staff_caller
from tests.hub.partners.test_policy import POLICE, REPORTER, TODAY

TOWN = POLICE.__class__(**{name: getattr(POLICE, name) for name in POLICE.__slots__} | {"may_receive": True})
DAYS = st.dates(date(2026, 1, 1), date(2026, 1, 12))


def holding(*held: HeldRole) -> Staff:
    return Staff(REPORTER.id, POLICE.id, held, None, None, date(2026, 1, 1), None)


def give(work: Work, staff: Staff, role: str, **facts: object) -> Staff:
    return roles.grant_role(work, Grant(staff_id=staff.id, role=StaffRole(role), **facts))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "pair",
    [
        ("reporter", "privacy_officer"),
        ("functional_administrator", "privacy_officer"),
        ("covenant_manager", "functional_administrator"),
        ("casemanager", "privacy_officer"),
    ],
)
def test_forbidden_pairs_are_refused_in_both_orders(pair: tuple[str, str]) -> None:
    for first, second in (pair, pair[::-1]):
        held = holding(HeldRole(StaffRole(first), TODAY))
        with pytest.raises(errors.RolesConflictError):
            require_grant(HeldRole(StaffRole(second), TODAY), held, TOWN)


@given(st.sampled_from(StaffRole), st.sampled_from(StaffRole), DAYS, DAYS, DAYS, DAYS)
def test_no_day_ever_sees_one_person_in_two_roles_that_may_not_meet(
    first: StaffRole, second: StaffRole, since: date, until: date, begins: date, ends: date
) -> None:
    held, new = HeldRole(first, since, max(since, until)), HeldRole(second, begins, ends)
    try:
        require_grant(new, holding(held), TOWN)
    except (errors.RolesConflictError, errors.GrantInvalidError):
        return
    staff = holding(held, new)
    for day in (date(2026, 1, 1) + timedelta(days=n) for n in range(12)):
        today = [one.role for one in staff.roles if one.since <= day < (one.until or date.max)]
        assert len(today) == len(set(today))
        assert not any(frozenset(pair) in FORBIDDEN_PAIRS for pair in combinations(today, 2))


def test_roles_that_may_meet_are_held_together(hub_database: Database, now: datetime) -> None:
    team = admit_partner(hub_database, "municipal_team", now=now)
    lead = authorise_staff(hub_database, team, "team_lead", now=now)
    with hub_database.work(OPERATOR, now=now) as work:
        give(work, lead, "casemanager")
    with hub_database.look(staff_caller(lead), now=now) as work:
        assert service.require_role(work, "casemanager") == service.require_role(work, "team_lead")
        assert [one.id for one in service.list_staff(work, team.id, "casemanager")] == [lead.id]


def test_a_role_ends_on_its_day_and_the_other_one_stays(hub_database: Database, now: datetime) -> None:
    team = admit_partner(hub_database, "municipal_team", now=now)
    lead = authorise_staff(hub_database, team, "team_lead", now=now)
    last = now.date() + timedelta(days=2)
    with hub_database.work(OPERATOR, now=now) as work:
        give(work, lead, "casemanager", until=last)
    for days, allowed in ((1, True), (2, False)):
        moment = now + timedelta(days=days)
        with hub_database.look(staff_caller(lead), now=moment) as work:
            service.require_role(work, "team_lead")
            if allowed:
                service.require_role(work, "casemanager")
            else:
                with pytest.raises(errors.RoleNotAllowedError):
                    service.require_role(work, "casemanager")


def test_a_role_may_be_ended_and_begun_again_on_one_day(hub_database: Database, now: datetime) -> None:
    team = admit_partner(hub_database, "municipal_team", now=now)
    lead = authorise_staff(hub_database, team, "team_lead", now=now)
    with hub_database.work(OPERATOR, now=now) as work:
        for _twice in range(2):
            held = give(work, lead, "desk")
            assert holds(held, [StaffRole.DESK], now.date())
            with pytest.raises(errors.GrantInvalidError):
                give(work, lead, "desk")
            assert not holds(roles.end_role(work, lead.id, StaffRole.DESK), [StaffRole.DESK], now.date())
        with pytest.raises(errors.GrantMissingError):
            roles.end_role(work, lead.id, StaffRole.DESK)
        give(work, lead, "desk", since=now.date() - timedelta(days=3))


def test_who_has_which_role_since_when_granted_by_whom_aud_11(hub_database: Database, now: datetime) -> None:
    team = admit_partner(hub_database, "municipal_team", now=now)
    lead = authorise_staff(hub_database, team, "team_lead", now=now)
    manager = authorise_staff(hub_database, team, "covenant_manager", now=now)
    with hub_database.work(OPERATOR, now=now) as work:
        give(work, lead, "casemanager", granted_by=manager.id)
        found = {(one.staff_id, one.held.role): one for one in roles.list_roles(work, team.id)}
        assert roles.list_roles(work, uuid4()) == []
    given_ = found[lead.id, StaffRole.CASEMANAGER]
    assert (given_.granted_by, given_.granted_at, given_.held.since) == (manager.id, now, now.date())
    assert found[lead.id, StaffRole.TEAM_LEAD].granted_by is None


def test_only_who_may_gives_a_role_and_never_to_themselves(hub_database: Database, now: datetime) -> None:
    team, school = (admit_partner(hub_database, kind, now=now) for kind in ("municipal_team", "school"))
    lead, manager = (
        authorise_staff(hub_database, team, one, now=now) for one in ("team_lead", "covenant_manager")
    )
    theirs = authorise_staff(hub_database, school, "partner_coordinator", now=now)
    teacher = authorise_staff(hub_database, school, now=now)
    wrong = [(lead, lead.id), (manager, manager.id), (manager, lead.id), (lead, theirs.id), (lead, uuid4())]
    for staff, by in wrong:
        with pytest.raises(errors.RoleNotAllowedError), hub_database.work(OPERATOR, now=now) as work:
            give(work, staff, "desk", granted_by=by)
    with hub_database.work(OPERATOR, now=now) as work:
        give(work, teacher, "partner_coordinator", granted_by=theirs.id)
    with pytest.raises(errors.RoleNotForKindError), hub_database.work(OPERATOR, now=now) as work:
        give(work, teacher, "casemanager")
    with pytest.raises(errors.RoleNotAllowedError), hub_database.work(staff_caller(manager), now=now) as work:
        give(work, lead, "desk", granted_by=manager.id)
    with pytest.raises(errors.StaffMissingError), hub_database.work(OPERATOR, now=now) as work:
        roles.end_role(work, uuid4(), StaffRole.DESK)


def test_a_second_role_that_may_not_meet_the_first_is_not_given(
    hub_database: Database, now: datetime
) -> None:
    team = admit_partner(hub_database, "municipal_team", now=now)
    officer = authorise_staff(hub_database, team, "privacy_officer", now=now)
    with pytest.raises(errors.RolesConflictError), hub_database.work(OPERATOR, now=now) as work:
        give(work, officer, "functional_administrator")
