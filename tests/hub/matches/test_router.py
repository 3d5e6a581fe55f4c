"""Cases, notices, the intake and possible matches over HTTP; and no act without a line in the log."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from fastapi import FastAPI
from sqlalchemy import text
from starlette.testclient import TestClient

import hub.cases.router as cases
import hub.matches.follow_up_router as notices
import hub.matches.router as matches
from hub.matches.service import match_changed
from hub.settings import HubSettings
from hub.subjects.keys import SubjectKeys
from service import clock
from service.database import Database
from service.errors import UnauthenticatedError, UnavailableError
from service.http import create_service
from service.work import Caller, Work
from tests import builders
from tests.builders import Sender, Town, case_body, everything, staff_caller

JAN = everything("jan")
DOUBT = {**everything("jan-junior"), "A": "jan", "C": "jan"}
TABLES = ("caseload", "person_match", "notice", "intake_item", "assignment", "quota_day", "registration")


@dataclass(frozen=True)
class SmallHub:
    """As much of a hub as these routes need."""

    settings: HubSettings
    database: Database
    subject_keys: SubjectKeys

    def disclosing(self, caller: Caller, *, otherwise: object = None) -> AbstractContextManager[Work]:
        return self.database.work(caller)


class KnownCallers:
    """An authenticator that believes a name."""

    def __init__(self, callers: dict[str, Caller]) -> None:
        self.callers = callers

    def knows(self, token: str | None) -> bool:
        return True

    def authenticate(
        self,
        method: str,
        path: str,
        authorization: str | None,
        dpop: str | None,
        *,
        body: bytes | None = None,
    ) -> Caller:
        if authorization not in self.callers:
            raise UnauthenticatedError
        return self.callers[authorization]


@pytest.fixture
def now() -> datetime:
    """This moment: a request is answered now."""
    return clock.now()


@pytest.fixture
def callers(town: Town) -> dict[str, Caller]:
    """Who calls, by name."""
    return {
        name: staff_caller(staff)
        for name, staff in (("anna", town.anna), ("bram", town.bram), ("lead", town.lead))
    }


@pytest.fixture
def http(town: Town, callers: dict[str, Caller]) -> Iterator[TestClient]:
    """The team's part of the API, behind the same front as the whole."""
    hub = SmallHub(HubSettings(), town.database, town.keys)
    api = FastAPI(redirect_slashes=False)
    api.state.hub, api.state.authenticator = hub, KnownCallers(callers)
    for router in (cases.router, notices.router, matches.router):
        api.include_router(router)
    app = create_service(api=api, base="/api/v1", version="0", is_ready=lambda: None)
    with TestClient(app, base_url="http://hub/api/v1", raise_server_exceptions=False) as client:
        yield client


def get(http: TestClient, path: str, name: str) -> Any:
    return http.get(path, headers={"Authorization": name})


def post(http: TestClient, path: str, name: str, body: Any = None, **headers: str) -> Any:
    return http.post(path, json=body or {}, headers={"Authorization": name, **headers})


def register(http: TestClient, town: Town, name: str = "anna", **changes: object) -> Any:
    key = uuid4()
    body = case_body(town.keys, JAN, organisation_id=town.team.id, key=key, **changes)
    return post(http, "/cases", name, body, **{"Idempotency-Key": str(key)})


def test_a_story_from_case_to_acknowledgement(http: TestClient, town: Town, school: Sender) -> None:
    answer = register(http, town)
    assert answer.status_code == 201
    assert list(answer.json()) == ["caseId", "casemanager", "openedAt"]
    town.signal(school, JAN)
    town.later(seconds=5).match()
    (notice,) = get(http, "/notices", "anna").json()["notices"]
    assert sorted(notice) == [
        "caseId", "contactDate", "dueAt", "handle", "kind", "level", "matchId", "noticeId",
        "partner", "policeOrigin", "queuedAt", "reporterContact", "signalKind", "state", "verifyPerson",
    ]  # fmt: skip
    assert notice["caseId"] == answer.json()["caseId"]
    done = post(
        http, f"/notices/{notice['noticeId']}/acknowledgement", "anna", {"outcome": "already_in_contact"}
    )
    assert done.json()["state"] == "already_in_contact"
    assert get(http, "/notices", "anna").json() == {"notices": [], "nextCursor": None}
    assert len(get(http, "/notices?state=all", "anna").json()["notices"]) == 1
    closed = post(http, f"/cases/{notice['caseId']}/closure", "bram")
    assert closed.json()["state"] == "closed"
    assert get(http, "/cases", "lead").json()["cases"] == [closed.json()]


def test_a_story_of_the_intake(http: TestClient, town: Town, school: Sender, police: Sender) -> None:
    town.signal(school, JAN)
    town.signal(police, JAN)
    town.match()
    (item,) = get(http, "/intake-items", "bram").json()["items"]
    assert sorted(item) == ["brackets", "itemId", "left", "partners", "policeOrigin", "state", "waitingSince"]
    taken = post(http, f"/intake-items/{item['itemId']}/acceptance", "bram")
    assert sorted(taken.json()["handles"][0]) == ["partner", "policeOrigin", "reporterContact", "signalId"]
    late = post(http, f"/intake-items/{item['itemId']}/acceptance", "anna")
    assert (late.status_code, late.json()["code"]) == (409, "intake_item_taken")


def test_a_story_of_a_possible_match(http: TestClient, town: Town, school: Sender) -> None:
    town.case(town.anna, JAN)
    town.signal(school, DOUBT)
    town.match()
    assert get(http, "/possible-matches", "anna").status_code == 403
    (one,) = get(http, "/possible-matches", "lead").json()["possibleMatches"]
    assert sorted(one) == ["brackets", "matchId", "partner", "policeOrigin", "waitingSince"]
    path = f"/possible-matches/{one['matchId']}/decision"
    assert post(http, path, "lead", {"decision": "confirmed"}).json() == {
        "matchId": one["matchId"],
        "state": "confirmed",
    }
    assert post(http, path, "lead", {"decision": "rejected"}).status_code == 409


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/cases", {"legalBasis": "JW_WMO_TASK", "name": "canary"}),
        ("/notices/00000000-0000-4000-8000-000000000000/acknowledgement", {"outcome": "canary"}),
        ("/intake-items/00000000-0000-4000-8000-000000000000/acceptance", {"note": "canary"}),
        ("/possible-matches/canary/decision", {"decision": "confirmed"}),
        ("/cases/00000000-0000-4000-8000-000000000000/closure", {"reason": "canary"}),
    ],
)
def test_the_shapes_are_closed_and_an_error_repeats_nothing(
    http: TestClient, path: str, body: dict[str, str]
) -> None:
    answer = post(http, path, "lead", body, **{"Idempotency-Key": str(uuid4())})
    assert answer.status_code == 400
    assert "canary" not in answer.text


def snapshot(town: Town) -> list[list[Any]]:
    with town.database.look(town_caller(town)) as work:
        return [
            sorted(map(str, work.session.execute(text(f"SELECT * FROM {table}")).all())) for table in TABLES
        ]


def town_caller(town: Town) -> Caller:
    return staff_caller(town.lead)


@pytest.fixture
def broken_log(town: Town) -> Iterator[Callable[[], None]]:
    """Let the database refuse every new line in the log, from when this is called until the test ends."""
    yield lambda: break_audit(town.database)
    table = "" if town.database.dialect == "sqlite" else " ON audit_event"
    with town.database.writer.begin() as connection:
        connection.execute(text(f"DROP TRIGGER audit_full{table}"))


def break_audit(database: Database) -> None:
    with database.writer.begin() as connection:
        if database.dialect == "sqlite":
            statement = (
                "CREATE TRIGGER audit_full BEFORE INSERT ON audit_event "
                "BEGIN SELECT RAISE(ABORT, 'full'); END"
            )
        else:
            statement = (
                "CREATE TRIGGER audit_full BEFORE INSERT ON audit_event FOR EACH ROW "
                "EXECUTE FUNCTION refuse_change()"
            )
        connection.execute(text(statement))


def test_without_a_line_in_the_log_nothing_is_done(
    http: TestClient, town: Town, school: Sender, police: Sender, broken_log: Callable[[], None]
) -> None:
    case_id = town.case(town.anna, JAN)
    town.signal(school, JAN)
    town.signal(school, DOUBT)
    town.signal(school, everything("piet"))
    town.signal(police, everything("piet"))
    town.match()
    item = get(http, "/intake-items", "lead").json()["items"][0]["itemId"]
    possible = get(http, "/possible-matches", "lead").json()["possibleMatches"][0]["matchId"]
    notice = town.inbox(town.anna)[0].notice_id
    town.signal(police, JAN)
    broken_log()
    before = snapshot(town)
    acts = [
        lambda: register(http, town),
        lambda: post(http, f"/cases/{case_id}/closure", "anna"),
        lambda: get(http, "/notices", "lead"),
        lambda: post(http, f"/notices/{notice}/acknowledgement", "anna", {"outcome": "acknowledged"}),
        lambda: post(http, f"/intake-items/{item}/acceptance", "anna"),
        lambda: post(http, f"/possible-matches/{possible}/decision", "lead", {"decision": "confirmed"}),
        lambda: post(http, f"/possible-matches/{possible}/decision", "lead", {"decision": "rejected"}),
    ]
    for act in acts:
        answer = act()
        assert answer.status_code == 503, answer.text
        assert str(case_id) not in answer.text
        assert snapshot(town) == before
    with pytest.raises(UnavailableError):
        match_changed(town.database, now=clock.now())
    assert snapshot(town) == before


def test_a_refusal_that_cannot_be_recorded_is_not_answered(
    http: TestClient, broken_log: Callable[[], None]
) -> None:
    broken_log()
    assert get(http, "/possible-matches", "anna").status_code == 503


def test_a_stranger_is_not_answered(http: TestClient) -> None:
    for path in ("/cases", "/notices", "/intake-items", "/possible-matches"):
        assert get(http, path, "nobody").status_code == 401


def test_another_team_sees_nothing_of_this_one(
    http: TestClient, callers: dict[str, Caller], town: Town, school: Sender, police: Sender
) -> None:
    other = builders.admit_partner(town.database, "municipal_team", now=town.now)
    stranger = builders.authorise_staff(town.database, other, "team_lead", now=town.now)
    callers["stranger"] = staff_caller(stranger)
    town.case(town.anna, JAN)
    town.signal(school, JAN)
    town.signal(school, DOUBT)
    town.signal(school, everything("piet"))
    town.signal(police, everything("piet"))
    town.match()
    assert get(http, "/cases", "stranger").json()["cases"] == []
    assert get(http, "/notices?state=all", "stranger").json()["notices"] == []
    assert get(http, "/intake-items", "stranger").json()["items"] == []
    assert get(http, "/possible-matches", "stranger").json()["possibleMatches"] == []
