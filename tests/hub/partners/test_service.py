"""What other slices ask of the partner directory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import event

from hub.partners import errors, service, staffing
from service.database import Database
from service.oauth.store import take_assertion
from service.work import OPERATOR, SYSTEM, Caller, Role
from tests.builders import admit_partner, authorise_staff


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    statements: list[str] = []

    def count(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(database.reader, "before_cursor_execute", count)
    yield statements
    event.remove(database.reader, "before_cursor_execute", count)


def test_posting_facts_of_many_senders_take_one_query(hub_database: Database, now: datetime) -> None:
    police, school = admit_partner(hub_database, now=now), admit_partner(hub_database, "school", now=now)
    agent, teacher = (authorise_staff(hub_database, one, now=now) for one in (police, school))
    stranger = (uuid4(), agent.id)
    pairs = [(police.id, agent.id), (school.id, teacher.id), (school.id, agent.id), (police.id, uuid4())]
    with hub_database.look(SYSTEM, now=now) as work, counted(hub_database) as statements:
        facts = service.posting_facts(work, [*pairs, stranger])
    assert len([one for one in statements if "SELECT" in one]) == 1
    assert [facts[pair].partner for pair in pairs] == [police, school, school, police]
    assert [facts[pair].reporter for pair in pairs] == [agent, teacher, None, None]
    assert stranger not in facts


def test_posting_facts_of_nobody_ask_nothing(hub_database: Database, now: datetime) -> None:
    with hub_database.look(SYSTEM, now=now) as work, counted(hub_database) as statements:
        assert service.posting_facts(work, []) == {}
    assert not [one for one in statements if "SELECT" in one]


def test_a_partner_is_found_got_or_missing(hub_database: Database, now: datetime) -> None:
    partner = admit_partner(hub_database, now=now)
    with hub_database.look(SYSTEM, now=now) as work:
        assert service.get_partner(work, partner.id) == partner
        assert service.find_partners(work, [partner.id, uuid4()]) == {partner.id: partner}
        with pytest.raises(errors.PartnerMissingError):
            service.get_partner(work, uuid4())


def test_only_active_staff_in_the_role_are_listed(hub_database: Database, now: datetime) -> None:
    team = admit_partner(hub_database, "municipal_team", now=now)
    active, ended, _lead = (
        authorise_staff(hub_database, team, role, now=now)
        for role in ("casemanager", "casemanager", "team_lead")
    )
    with hub_database.work(OPERATOR, now=now) as work:
        staffing.end_staff(work, ended.id)
        assert service.list_staff(work, team.id, "casemanager") == [active]
        assert service.list_staff(work, uuid4(), "casemanager") == []
        assert set(service.find_staff(work, [active.id, ended.id])) == {active.id, ended.id}


def test_a_role_is_required_of_the_callers_own_staff_record(hub_database: Database, now: datetime) -> None:
    team = admit_partner(hub_database, "municipal_team", now=now)
    other = admit_partner(hub_database, "municipal_team", now=now)
    lead = authorise_staff(hub_database, team, "team_lead", now=now)
    mine = Caller(Role.STAFF, team.id, lead.id, "team-1")
    with hub_database.look(mine, now=now) as work:
        assert service.require_role(work, "casemanager", "team_lead") == lead
        assert service.get_own_partner(work) == team
    wrong = [
        (mine, ["casemanager"], now),
        (mine, [], now),
        (mine, ["team_lead"], now - timedelta(days=30)),
        (Caller(Role.STAFF, other.id, lead.id, "team-1"), ["team_lead"], now),
        (Caller(Role.PARTNER, team.id, None, "team-1"), ["team_lead"], now),
    ]
    for caller, roles, moment in wrong:
        with pytest.raises(errors.RoleNotAllowedError), hub_database.look(caller, now=moment) as work:
            service.require_role(work, *roles)


def test_callers_without_an_organisation_have_no_partner(hub_database: Database) -> None:
    with pytest.raises(errors.RoleNotAllowedError), hub_database.look(SYSTEM) as work:
        service.get_own_partner(work)


def test_used_assertions_are_kept_until_they_expire(hub_database: Database, now: datetime) -> None:
    from hub.partners.models import USED_ASSERTION

    with hub_database.work(SYSTEM, now=now) as work:
        for client, jti in (("a-1", "x"), ("b-1", "x")):
            assert take_assertion(work, USED_ASSERTION, client, jti, now + timedelta(minutes=5))
        assert not take_assertion(work, USED_ASSERTION, "a-1", "x", now + timedelta(minutes=5))
        assert service.delete_used_assertions(work) == 0
    with hub_database.work(SYSTEM, now=now + timedelta(minutes=6)) as work:
        assert service.delete_used_assertions(work) == 2
