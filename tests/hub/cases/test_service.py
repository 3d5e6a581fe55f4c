"""Cases: whose they are, once per key, rationed, closed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from hub.cases.errors import (
    CasemanagerInvalidError,
    CaseMissingError,
    CaseQuotaExhaustedError,
    IdempotencyConflictError,
    OwnCaseError,
)
from hub.cases.schemas import NewCase
from hub.cases.service import (
    Case,
    allow_more,
    close,
    list_own,
    register,
    require_not_own_case,
)
from hub.partners.errors import (
    CovenantNotInForceError,
    PartnerMissingError,
    RoleNotAllowedError,
    TokenTypeNotAllowedError,
)
from hub.partners.service import Staff
from hub.teams.administration import set_intake_team
from hub.teams.errors import NotATeamError, TeamNotConfigurableError
from hub.teams.service import find_team_for
from service.clock import dutch_date
from service.database import Database
from service.errors import DatError, RefusedError
from service.work import OPERATOR, SYSTEM
from tests import builders
from tests.builders import Town, case_body, everything, staff_caller

JAN = everything("jan")


def post(
    town: Town,
    staff: Staff,
    body: dict[str, object],
    *,
    key: UUID,
    quota: int = 100,
    database: Database | None = None,
) -> Case:
    with (database or town.database).work(staff_caller(staff), now=town.now) as work:
        message = NewCase.model_validate(body)
        return register(work, town.keys, message, idempotency_key=key, quota_per_day=quota)


def body_of(town: Town, key: UUID, **changes: object) -> dict[str, object]:
    return case_body(town.keys, JAN, organisation_id=town.team.id, key=key, **changes)


def count(town: Town, table: str) -> int:
    with town.database.look(SYSTEM) as work:
        return int(work.session.scalar(text(f"SELECT count(*) FROM {table}")))


def test_the_caller_is_the_casemanager_unless_another_is_named(town: Town) -> None:
    key, other = uuid4(), uuid4()
    assert post(town, town.anna, body_of(town, key), key=key).casemanager == town.anna.id
    named = body_of(town, other, casemanager=str(town.bram.id))
    assert post(town, town.anna, named, key=other).casemanager == town.bram.id


def test_the_same_key_and_body_is_the_same_case_and_takes_no_quota(town: Town) -> None:
    key = uuid4()
    body = body_of(town, key)
    first, again = (post(town, town.anna, body, key=key, quota=1) for _ in range(2))
    assert first == again
    assert (count(town, "caseload"), count(town, "registration")) == (1, 1)


def test_the_same_key_with_another_body_is_refused(town: Town) -> None:
    key = uuid4()
    post(town, town.anna, body_of(town, key), key=key)
    with pytest.raises(IdempotencyConflictError):
        post(town, town.anna, body_of(town, key, bracket="16-17"), key=key)


def test_the_key_itself_is_not_kept(town: Town) -> None:
    key = uuid4()
    post(town, town.anna, body_of(town, key), key=key)
    with town.database.look(SYSTEM) as work:
        (row,) = work.session.execute(text("SELECT * FROM caseload")).all()
    assert key.bytes not in [bytes(cell) for cell in row if isinstance(cell, bytes | memoryview)]
    assert all(str(key) != cell and key.hex != cell for cell in row)


def test_a_team_registers_no_more_than_its_quota_in_a_day(town: Town) -> None:
    for _ in range(3):
        key = uuid4()
        post(town, town.anna, body_of(town, key), key=key, quota=3)
    key = uuid4()
    with pytest.raises(CaseQuotaExhaustedError):
        post(town, town.bram, body_of(town, key), key=key, quota=3)
    assert count(town, "caseload") == 3
    tomorrow = town.later(days=1)
    assert post(tomorrow, town.anna, body_of(town, key), key=key, quota=3)


def test_what_an_operator_allows_more_is_for_that_organisation_and_that_day(town: Town) -> None:
    with town.database.work(OPERATOR, now=town.now) as work:
        for extra in (5, 2):  # said again: the last holds
            allow_more(work, town.team.id, extra=extra, on=dutch_date(town.now))
    for moment, allowed in ((town, 3), (town.later(days=1), 1)):
        for _ in range(allowed):
            key = uuid4()
            assert post(moment, town.anna, body_of(town, key), key=key, quota=1)
        key = uuid4()
        with pytest.raises(CaseQuotaExhaustedError):
            post(moment, town.bram, body_of(town, key), key=key, quota=1)


def test_an_operator_allows_nothing_to_an_organisation_that_is_not_there(town: Town) -> None:
    with pytest.raises(PartnerMissingError), town.database.work(OPERATOR) as work:
        allow_more(work, uuid4(), extra=1, on=dutch_date(town.now))


def test_a_quota_is_not_passed_by_many_at_once(town: Town) -> None:
    databases = [Database(town.database.url.render_as_string(hide_password=False)) for _ in range(4)]

    def attempt(number: int) -> bool:
        key = uuid4()
        try:
            post(town, town.anna, body_of(town, key), key=key, quota=5, database=databases[number % 4])
        except DatError:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(attempt, range(12)))
    for database in databases:
        database.close()
    assert sum(done) == 5
    assert count(town, "caseload") == 5


def test_a_key_that_is_used_twice_at_once_gives_one_case(town: Town) -> None:
    key = uuid4()
    body = body_of(town, key)
    databases = [Database(town.database.url.render_as_string(hide_password=False)) for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        cases = list(pool.map(lambda one: post(town, town.anna, body, key=key, database=one), databases))
    for database in databases:
        database.close()
    assert cases[0] == cases[1]
    assert count(town, "registration") == 1


def test_an_envelope_that_does_not_open_gets_the_same_answer(town: Town) -> None:
    key, other = uuid4(), uuid4()
    moved = {**body_of(town, key), "envelope": body_of(town, other)["envelope"]}
    case = post(town, town.anna, moved, key=key)
    assert (case.casemanager, case.opened_at) == (town.anna.id, town.now)
    assert count(town, "match_index") == 0


def test_strangers_reporters_and_desks_register_no_case(town: Town) -> None:
    school = builders.sender(town.database, "school", now=town.now)
    desk = builders.authorise_staff(town.database, town.team, "desk", now=town.now)
    for staff in (school.reporter, desk):
        key = uuid4()
        body = case_body(town.keys, JAN, organisation_id=staff.organisation_id, key=key)
        with pytest.raises(RoleNotAllowedError):
            post(town, staff, body, key=key)


def test_a_team_without_covenant_registers_no_case(town: Town) -> None:
    ended = builders.admit_partner(town.database, "municipal_team", now=town.now, days=(-400, -1))
    staff = builders.authorise_staff(town.database, ended, "casemanager", now=town.now)
    key = uuid4()
    body = case_body(town.keys, JAN, organisation_id=ended.id, key=key)
    with pytest.raises(CovenantNotInForceError):
        post(town, staff, body, key=key)


def test_the_casemanager_is_of_the_own_team_and_active(town: Town) -> None:
    elsewhere = builders.admit_partner(town.database, "municipal_team", now=town.now)
    stranger = builders.authorise_staff(town.database, elsewhere, "casemanager", now=town.now)
    desk = builders.authorise_staff(town.database, town.team, "desk", now=town.now)
    for staff in (stranger, desk):
        key = uuid4()
        with pytest.raises(CasemanagerInvalidError):
            post(town, town.anna, body_of(town, key, casemanager=str(staff.id)), key=key)


def test_a_token_type_of_a_scheme_that_is_not_the_teams_is_refused(town: Town) -> None:
    key = uuid4()
    body = body_of(town, key) | {"tokenTypes": ["household"]}
    with pytest.raises(TokenTypeNotAllowedError):
        post(town, town.anna, body, key=key)


def test_a_basis_that_is_not_the_teams_is_refused(town: Town) -> None:
    key = uuid4()
    with pytest.raises(RefusedError):
        post(town, town.anna, body_of(town, key, legalBasis="WPG_YOUTH"), key=key)


def test_a_case_is_closed_by_its_own_team_and_twice_is_once(town: Town) -> None:
    case_id = town.case(town.anna, JAN)
    elsewhere = builders.admit_partner(town.database, "municipal_team", now=town.now)
    stranger = builders.authorise_staff(town.database, elsewhere, "casemanager", now=town.now)
    with pytest.raises(CaseMissingError):
        town.close(stranger, case_id)
    later = town.later(hours=1)
    later.close(town.bram, case_id)
    with town.database.work(staff_caller(town.anna), now=town.later(hours=2).now) as work:
        assert close(work, case_id).closed_at == later.now


def test_a_team_lists_its_own_cases_page_after_page(town: Town) -> None:
    elsewhere = builders.admit_partner(town.database, "municipal_team", now=town.now)
    stranger = builders.authorise_staff(town.database, elsewhere, "casemanager", now=town.now)
    town.case(stranger, JAN)
    own = {town.case(town.anna, everything(number)) for number in range(5)}
    with town.database.look(staff_caller(town.lead), now=town.now) as work:
        first, cursor = list_own(work, page_size=3)
        second, end = list_own(work, cursor=cursor, page_size=3)
    assert {case.id for case in [*first, *second]} == own
    assert len(first) + len(second) == 5
    assert end is None


def test_one_team_takes_the_intake(town: Town) -> None:
    other = builders.admit_partner(town.database, "municipal_team", now=town.now)
    for team in (other, other, town.team):
        with town.database.work(OPERATOR, now=town.now) as work:
            set_intake_team(work, team.id)
        with town.database.look(SYSTEM) as work:
            found = find_team_for(work)
        assert found is not None
        assert found.organisation_id == team.id


def test_only_the_operator_sets_the_intake_team_and_only_to_a_team(town: Town) -> None:
    school = builders.sender(town.database, "school", now=town.now)
    with pytest.raises(TeamNotConfigurableError), town.database.work(staff_caller(town.lead)) as work:
        set_intake_team(work, town.team.id)
    with pytest.raises(NotATeamError), town.database.work(OPERATOR, now=town.now) as work:
        set_intake_team(work, school.partner.id)


def test_a_case_stops_by_itself_after_two_years(town: Town) -> None:
    town.case(town.anna, JAN)
    much_later = replace(town, now=town.now.replace(year=town.now.year + 2, month=town.now.month + 1))
    with much_later.database.look(SYSTEM, now=much_later.now) as work:
        until = work.session.scalar(text("SELECT max(active_until) FROM caseload"))
    assert str(until)[:4] == str(town.now.year + 2)


def test_a_casemanager_decides_on_no_request_about_their_own_case(town: Town) -> None:
    case_id = town.case(town.anna, JAN)
    with town.database.look(SYSTEM, now=town.now) as work:
        require_not_own_case(work, town.bram.id, [case_id])
        require_not_own_case(work, town.anna.id, [uuid4()])
        with pytest.raises(OwnCaseError):
            require_not_own_case(work, town.anna.id, [uuid4(), case_id])
