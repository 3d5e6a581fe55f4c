"""The desk over HTTP, in both databases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import uuid4

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from hub.consent.router import router
from hub.settings import HubSettings
from hub.subjects.keys import SubjectKeys
from service.database import Database
from service.http import create_api, create_service
from service.work import Caller
from tests import builders
from tests.hub.consent.conftest import PERSON, Desk


@dataclass(frozen=True)
class SmallHub:
    """As much of a hub as these routes need."""

    database: Database
    subject_keys: SubjectKeys
    settings: HubSettings


@dataclass(frozen=True)
class Known:
    """An authenticator that knows one caller."""

    caller: Caller

    def authenticate(
        self,
        method: str,
        path: str,
        authorization: str | None,
        dpop: str | None,
        *,
        body: bytes | None = None,
    ) -> Caller:
        """Return the caller."""
        return self.caller

    def knows(self, authorization: str | None) -> bool:
        """Say that no look in the store is needed."""
        return True


@pytest.fixture
def http(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """The consent routes of a hub, called by the desk."""
    monkeypatch.setattr("service.clock.now", lambda: desk.now)
    with TestClient(
        create_service(api=_api(desk), base="/api/v1", version="0.1.0", is_ready=lambda: None)
    ) as it:
        yield it


def _api(desk: Desk) -> FastAPI:
    api = create_api(title="hub", version="0.1.0", description="consent", server="https://hub.example/api/v1")
    api.state.hub = SmallHub(desk.database, desk.keys, HubSettings(desk_quota_per_day=2))
    api.state.authenticator = Known(desk.caller)
    api.include_router(router)
    return api


def consent(desk: Desk, key: object, **changes: object) -> dict[str, object]:
    return builders.consent_body(
        desk.keys,
        PERSON,
        organisation_id=desk.team.id,
        key=key,
        now=desk.now,
        **changes,  # type: ignore[arg-type]
    )


def test_a_consent_is_recorded_replayed_and_withdrawn(http: TestClient, desk: Desk) -> None:
    key = uuid4()
    body, headers = consent(desk, key, validUntilDate="2090-01-01"), {"Idempotency-Key": str(key)}
    first = http.post("/api/v1/consents", json=body, headers=headers)
    assert first.status_code == 201
    assert first.json()["state"] == "active"
    assert http.post("/api/v1/consents", json=body, headers=headers).json() == first.json()
    place = f"/api/v1/consents/{first.json()['consentId']}/withdrawal"
    for _ in range(2):
        ended = http.post(place, json={})
        assert ended.status_code == 200
        assert ended.json() == {**first.json(), "state": "withdrawn"}


def test_an_objection_is_recorded_and_lifted(http: TestClient, desk: Desk) -> None:
    key = uuid4()
    body = builders.objection_body(
        desk.keys, PERSON, organisation_id=desk.team.id, key=key, scope=["police", "school"]
    )
    first = http.post("/api/v1/objections", json=body, headers={"Idempotency-Key": str(key)})
    assert first.status_code == 201
    place = f"/api/v1/objections/{first.json()['objectionId']}/withdrawal"
    assert http.post(place, json={}).json() == {**first.json(), "state": "lifted"}


def test_an_unknown_consent_is_missing(http: TestClient) -> None:
    answer = http.post(f"/api/v1/consents/{uuid4()}/withdrawal", json={})
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "missing", ["purpose", "partnerKinds", "validUntilDate", "givenBy", "givenHow", "textVersion", "bracket"]
)
def test_con_03_a_missing_element_is_refused_at_its_place(http: TestClient, desk: Desk, missing: str) -> None:
    key = uuid4()
    body = {name: value for name, value in consent(desk, key).items() if name != missing}
    answer = http.post("/api/v1/consents", json=body, headers={"Idempotency-Key": str(key)})
    assert answer.status_code == 400
    assert answer.json()["errors"] == [{"pointer": f"/{missing}"}]


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "any"},
        {"textVersion": "with free text"},
        {"partnerKinds": []},
        {"partnerKinds": ["*", "school"]},
        {"note": "free text"},
        {"bracketEnds": "2028-09"},
    ],
)
def test_the_schema_is_closed(http: TestClient, desk: Desk, changes: dict[str, object]) -> None:
    key = uuid4()
    answer = http.post(
        "/api/v1/consents", json=consent(desk, key, **changes), headers={"Idempotency-Key": str(key)}
    )
    assert answer.status_code == 400
    assert "free text" not in answer.text


def test_recording_needs_an_idempotency_key(http: TestClient, desk: Desk) -> None:
    assert http.post("/api/v1/consents", json=consent(desk, uuid4())).status_code == 400


def test_a_desk_that_has_used_its_day_records_nothing_more_and_its_replays_are_answered(
    http: TestClient, desk: Desk
) -> None:
    bodies = {
        key: builders.objection_body(desk.keys, PERSON, organisation_id=desk.team.id, key=key)
        for key in (uuid4(), uuid4(), uuid4())
    }
    first, second, third = bodies
    for key, status in ((first, 201), (second, 201), (third, 429), (first, 201)):
        answer = http.post("/api/v1/objections", json=bodies[key], headers={"Idempotency-Key": str(key)})
        assert answer.status_code == status
        assert status == 201 or answer.json()["code"] == "quota_exhausted"


def test_an_envelope_for_another_key_is_taken_and_opens_nothing(http: TestClient, desk: Desk) -> None:
    signal, case = desk.signal(), desk.case()
    other = {"Idempotency-Key": str(uuid4())}
    answer = http.post(
        "/api/v1/consents", json=consent(desk, uuid4(), validUntilDate="2090-01-01"), headers=other
    )
    assert answer.status_code == 201
    assert not desk.decide(signal, case).allowed
