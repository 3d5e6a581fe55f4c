"""The token endpoint of a hub, and what its tokens are good for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from hub.base import Base
from hub.partners import staffing
from service import clock
from service.work import OPERATOR, SYSTEM
from tests.builders import admit_partner, authorise_staff, register_key
from tests.oauth_client import ApiClient, assertion, new_key, proof, token_form

URL = "https://hub.example"
TOKEN_URL = f"{URL}/api/v1/token"


def client_of(http: TestClient, small_hub: Any, algorithm: str = "EdDSA") -> ApiClient:
    partner = admit_partner(small_hub.database, now=clock.now())
    client_id, key = register_key(small_hub.database, partner, now=clock.now(), algorithm=algorithm)
    return ApiClient(http, client_id, key, public_url=URL)


@pytest.mark.parametrize("algorithm", ["EdDSA", "ES256"])
def test_a_registered_key_calls_as_its_organisation(http: TestClient, small_hub: Any, algorithm: str) -> None:
    client = client_of(http, small_hub, algorithm)
    answer = client.get("/whoami")
    assert answer.status_code == 200
    assert answer.json()["role"] == "partner"
    assert answer.json()["credential"] == client.client_id


def test_a_members_key_calls_as_that_member(http: TestClient, small_hub: Any) -> None:
    now, database = clock.now(), small_hub.database
    team = admit_partner(database, "municipal_team", now=now)
    staff = authorise_staff(database, team, "casemanager", now=now)
    client_id, key = register_key(database, team, now=now, staff=staff)
    said = ApiClient(http, client_id, key, public_url=URL).get("/whoami").json()
    assert said == {
        "role": "staff",
        "organisation": str(team.id),
        "staff": str(staff.id),
        "credential": client_id,
    }


def test_the_answer_is_a_token_of_ten_minutes_bound_to_a_key(http: TestClient, small_hub: Any) -> None:
    client = client_of(http, small_hub)
    answer = http.post(
        "/api/v1/token",
        data=token_form(assertion(client.key, client.client_id, TOKEN_URL)),
        headers={"DPoP": proof(client.key, "POST", TOKEN_URL)},
    )
    assert answer.status_code == 200
    assert {"token_type": "DPoP", "expires_in": 600}.items() <= answer.json().items()


def test_a_token_given_is_a_line_in_the_log(http: TestClient, small_hub: Any) -> None:
    client_of(http, small_hub).fetch_token()
    with small_hub.database.look(SYSTEM) as work:
        leaves = [
            json.loads(leaf)
            for leaf in work.session.scalars(select(Base.metadata.tables["audit_event"].c.leaf))
        ]
    assert [leaf["role"] for leaf in leaves if leaf["ev"] == "auth.ok"] == ["partner"]


def test_an_assertion_is_good_for_one_token(http: TestClient, small_hub: Any) -> None:
    client = client_of(http, small_hub)
    form = token_form(assertion(client.key, client.client_id, TOKEN_URL))
    answers = [
        http.post("/api/v1/token", data=form, headers={"DPoP": proof(client.key, "POST", TOKEN_URL)})
        for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [200, 401]
    assert answers[1].json()["code"] == "invalid_client"


def test_who_gets_no_token_is_a_line_in_the_log_without_what_was_sent(
    http: TestClient, small_hub: Any
) -> None:
    form = token_form(assertion(new_key(), "kanarie-1", TOKEN_URL))
    http.post("/api/v1/token", data=form, headers={"DPoP": proof(new_key(), "POST", TOKEN_URL)})
    with small_hub.database.look(SYSTEM) as work:
        leaves = list(work.session.scalars(select(Base.metadata.tables["audit_event"].c.leaf)))
    said = json.loads(leaves[-1])
    assert (said["ev"], said["lb"]) == ("auth.fail", "client_unknown")
    assert b"kanarie" not in b"".join(leaves)


def test_an_unknown_client_a_wrong_key_and_a_disabled_one_get_the_same_bytes(
    http: TestClient, small_hub: Any
) -> None:
    client = client_of(http, small_hub)
    disabled = client_of(http, small_hub)
    with small_hub.database.work(OPERATOR) as work:
        staffing.disable_credential(work, disabled.client_id)
    tries = [
        assertion(client.key, "unknown-1", TOKEN_URL),
        assertion(new_key(), client.client_id, TOKEN_URL),
        assertion(new_key("ES256"), client.client_id, TOKEN_URL),
        assertion(disabled.key, disabled.client_id, TOKEN_URL),
        "a.b.c",
    ]
    answers = {
        (answer.status_code, answer.content, answer.headers["www-authenticate"])
        for answer in (
            http.post(
                "/api/v1/token", data=token_form(one), headers={"DPoP": proof(client.key, "POST", TOKEN_URL)}
            )
            for one in tries
        )
    }
    assert len(answers) == 1
    assert answers.pop()[0] == 401


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("", "invalid_request"),
        ("grant_type=client_credentials", "invalid_request"),
        ("grant_type=client_credentials&grant_type=client_credentials", "invalid_request"),
        ("grant_type=password&client_assertion_type=x&client_assertion=y", "unsupported_grant_type"),
        ("grant_type=client_credentials&client_assertion_type=x&client_assertion=y", "invalid_request"),
        ("%ff=%ff", "invalid_request"),
        ("no form at all", "invalid_request"),
    ],
)
def test_a_malformed_form_is_a_400_problem(http: TestClient, body: str, code: str) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = http.post("/api/v1/token", content=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_token_needs_a_proof(http: TestClient, small_hub: Any) -> None:
    client = client_of(http, small_hub)
    form = token_form(assertion(client.key, client.client_id, TOKEN_URL))
    answer = http.post("/api/v1/token", data=form)
    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_dpop_proof")


def test_a_disabled_key_gets_no_token_at_once_and_loses_its_own_within_a_minute(
    http: TestClient, small_hub: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_of(http, small_hub)
    assert client.get("/whoami").status_code == 200
    with small_hub.database.work(OPERATOR) as work:
        staffing.disable_credential(work, client.client_id)
    with later(monkeypatch, 60):
        answer = client.get("/whoami")
    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_token")
    with pytest.raises(AssertionError):
        client.fetch_token()


def test_no_request_without_a_token(http: TestClient) -> None:
    for headers in ({}, {"Authorization": "Bearer x"}, {"Authorization": "DPoP x", "DPoP": "y"}):
        answer = http.get("/api/v1/whoami", headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (401, "invalid_token")


def test_a_failing_audit_log_gives_no_token(http: TestClient, small_hub: Any) -> None:
    client = client_of(http, small_hub)
    Base.metadata.tables["audit_event"].drop(small_hub.database.writer)
    form = token_form(assertion(client.key, client.client_id, TOKEN_URL))
    answer = http.post("/api/v1/token", data=form, headers={"DPoP": proof(client.key, "POST", TOKEN_URL)})
    assert answer.status_code == 503


@contextmanager
def later(monkeypatch: pytest.MonkeyPatch, seconds: int) -> Iterator[None]:
    """Let the clock of service and client stand later."""
    real = clock.now
    with monkeypatch.context() as patch:
        patch.setattr(clock, "now", lambda: real() + timedelta(seconds=seconds))
        patch.setattr("tests.oauth_client.time", lambda: clock.now().timestamp())
        yield
