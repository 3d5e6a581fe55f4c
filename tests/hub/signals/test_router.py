"""Signals over HTTP."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from starlette.testclient import TestClient

from hub.context import Hub
from hub.signals.models import SignalRow
from keys.protocol.encoding import canonical_json, unb64u
from service import clock
from service.work import Caller, Role
from tests import builders
from tests.hub.signals.conftest import KEYS, SIGNER

PERSON = {"A": 1, "F": 1}


@pytest.fixture
def sender(hub: Hub, http: TestClient) -> builders.Sender:
    return known(hub, http, "school")


def known(hub: Hub, http: TestClient, name: str, kind: str = "school") -> builders.Sender:
    one = builders.sender(hub.database, kind, now=clock.now())
    http.app.state.authenticator.callers[name] = one.caller  # type: ignore[attr-defined]
    return one


def body_of(sender: builders.Sender, key: UUID, **changes: Any) -> dict[str, Any]:
    return builders.signal_body(KEYS, PERSON, sender=sender, key=key, now=clock.now(), **changes)


def post(http: TestClient, body: Any, *, key: object, name: str = "school") -> Any:
    return http.post("/signals", json=body, headers={"Authorization": name, "Idempotency-Key": str(key)})


def test_a_post_is_answered_with_a_receipt_that_the_partner_can_check(
    http: TestClient, sender: builders.Sender
) -> None:
    from hashlib import sha256

    key = uuid4()
    body = body_of(sender, key)
    answer = post(http, body, key=key)
    assert answer.status_code == 202
    receipt = answer.json()
    assert list(receipt) == ["signalId", "bodyHash", "leafHash", "receivedAt", "signature"]
    assert receipt["bodyHash"] == sha256(canonical_json(body)).hexdigest()
    signature = unb64u(receipt.pop("signature"))
    SIGNER.verify_key.verify(b"dat-hub/receipt/v1" + canonical_json(receipt), signature)


def test_every_answer_has_the_same_size_and_a_replay_the_same_bytes(
    http: TestClient, sender: builders.Sender
) -> None:
    keys = [uuid4() for _ in range(3)]
    bodies = [body_of(sender, key, validMonths=3) for key in keys]
    answers = [post(http, body, key=key) for body, key in zip(bodies, keys, strict=True)]
    assert len({len(answer.content) for answer in answers}) == 1
    assert post(http, bodies[0], key=keys[0]).content == answers[0].content


def test_an_envelope_copied_to_another_post_is_answered_alike(
    hub: Hub, http: TestClient, sender: builders.Sender
) -> None:
    other, key = known(hub, http, "other"), uuid4()
    body = body_of(sender, key)
    answers = [
        post(http, body, key=key),
        post(http, body, key=uuid4()),
        post(http, body | {"validMonths": 5}, key=uuid4()),
        post(http, body | {"reporter": str(other.reporter.id)}, key=key, name="other"),
    ]
    assert [answer.status_code for answer in answers] == [202] * 4
    assert len({len(answer.content) for answer in answers}) == 1


def test_the_same_key_for_another_message_is_a_conflict(http: TestClient, sender: builders.Sender) -> None:
    key = uuid4()
    post(http, body_of(sender, key), key=key)
    answer = post(http, body_of(sender, key, validMonths=5), key=key)
    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_conflict")


CLOSED: list[tuple[dict[str, Any], str]] = [
    ({"note": "de wijkagent was er"}, "/*"),
    ({"contactDate": "2026-02-30"}, "/contactDate"),
    ({"contactDate": "2026-11-01T00:00:00Z"}, "/contactDate"),
    ({"kind": "worry"}, "/kind"),
    ({"attestation": True}, "/attestation"),
    ({"attestation": "absent"}, "/attestation"),
    ({"bracketEnds": "absent"}, "/bracketEnds"),
    ({"bracketEnds": "2028-09"}, "/bracketEnds"),
    ({"reporter": "{00000000-0000-0000-0000-000000000001}"}, "/reporter"),
    ({"validMonths": 25}, "/validMonths"),
    ({"validMonths": "3"}, "/validMonths"),
    ({"legalBasis": "jansen"}, "/legalBasis"),
    ({"legalBasis": "_X"}, "/legalBasis"),
    ({"legalBasis": "123456782"}, "/legalBasis"),
    ({"legalBasis": "X" * 33}, "/legalBasis"),
    ({"tokenTypes": ["F", "A"]}, "/tokenTypes"),
    ({"tokenTypes": ["A", "A"]}, "/tokenTypes"),
    ({"tokenTypes": ["Z"]}, "/tokenTypes"),
    ({"tokenTypes": []}, "/tokenTypes"),
    ({"envelope": {"kid": "kid-1", "sealed": "AAAA"}}, "/envelope/sealed"),
    ({"envelope": {"kid": "Jan Jansen", "sealed": "A" * 811}}, "/envelope/kid"),
]


def test_what_is_not_of_the_closed_form_is_refused_by_place_and_never_repeated(
    http: TestClient, sender: builders.Sender
) -> None:
    for changes, place in CLOSED:
        key = uuid4()
        body = {name: value for name, value in (body_of(sender, key) | changes).items() if value != "absent"}
        answer = post(http, body, key=key)
        assert answer.status_code == 400, place
        assert place in {error["pointer"] for error in answer.json()["errors"]}
        for value in changes.values():
            assert str(value) not in answer.text


def test_an_idempotency_key_is_a_uuid_in_one_spelling(http: TestClient, sender: builders.Sender) -> None:
    body = body_of(sender, uuid4())
    for key in (None, "", "1", "{" + str(UUID(int=1)) + "}", str(UUID(int=0xABC)).upper()):
        headers = {"Authorization": "school"} | ({} if key is None else {"Idempotency-Key": key})
        assert http.post("/signals", json=body, headers=headers).status_code == 400


def test_a_refusal_is_a_problem_and_stores_nothing(
    hub: Hub, http: TestClient, sender: builders.Sender
) -> None:
    key = uuid4()
    answer = post(http, body_of(sender, key, bracket="23+", bracketEnds=None), key=key)
    assert (answer.status_code, answer.json()["code"]) == (403, "bracket_not_in_lane")
    assert signals(http) == []


def signals(http: TestClient, name: str = "school", **query: Any) -> Any:
    answer = http.get("/signals", headers={"Authorization": name}, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()["signals"]


def test_of_the_reference_of_a_decision_only_its_presence_is_kept(hub: Hub, http: TestClient) -> None:
    police, key, reference = known(hub, http, "police", "police"), uuid4(), uuid4()
    body = body_of(police, key, legalBasis="WPG_YOUTH", decisionReference=str(reference))
    assert post(http, body, key=key, name="police").status_code == 202
    with hub.database.look(police.caller) as work:
        assert work.session.query(SignalRow).one().has_decision_reference
        cells = [
            cell
            for table in SignalRow.metadata.sorted_tables
            for row in work.session.execute(table.select())
            for cell in row
        ]
    assert reference not in cells
    hidden = (reference.bytes, reference.hex.encode(), str(reference).encode())
    assert not any(value in cell for cell in cells if isinstance(cell, bytes) for value in hidden)


def test_a_batch_answers_each_signal_in_its_place(http: TestClient, sender: builders.Sender) -> None:
    keys = [uuid4() for _ in range(30)]
    items = [
        body_of(sender, key, legalBasis="JW_7_1_4_1" if n != 7 else "WPG_YOUTH")
        | {"idempotencyKey": str(key)}
        for n, key in enumerate(keys)
    ]
    answer = http.post("/signal-batches", json={"signals": items}, headers={"Authorization": "school"})
    assert answer.status_code == 202, answer.text
    results = answer.json()["results"]
    assert [result["status"] for result in results] == ["accepted"] * 7 + ["refused"] + ["accepted"] * 22
    assert results[7] == {
        "status": "refused",
        "code": "legal_basis_missing",
        "title": "No legal basis that is in force for this kind of organisation was named.",
        "places": ["/legalBasis"],
    }
    single = {name: value for name, value in items[0].items() if name != "idempotencyKey"}
    assert post(http, single, key=keys[0]).json() == results[0]["receipt"]
    assert len(signals(http, pageSize=200)) == 29


def test_a_batch_of_none_or_too_many_is_refused(http: TestClient, sender: builders.Sender) -> None:
    key = uuid4()
    item = body_of(sender, key) | {"idempotencyKey": str(key)}
    for items in ([], [item] * 1001):
        answer = http.post("/signal-batches", json={"signals": items}, headers={"Authorization": "school"})
        assert answer.status_code == 400


def test_own_signals_are_seen_and_withdrawn_by_their_own_organisation_only(
    hub: Hub, http: TestClient, sender: builders.Sender
) -> None:
    known(hub, http, "other")
    key = uuid4()
    signal_id = post(http, body_of(sender, key), key=key).json()["signalId"]
    (seen,) = signals(http)
    assert seen["signalId"] == signal_id
    assert set(seen) == {
        "signalId", "contactDate", "kind", "legalBasis", "reporter", "submittedBy", "onBehalfOf", "state",
        "validUntilDate", "subjectNotice", "noticeDueDate",
    }  # fmt: skip
    assert http.get(f"/signals/{signal_id}", headers={"Authorization": "school"}).json() == seen
    assert signals(http, "other") == []
    path = f"/signals/{signal_id}/withdrawal"
    for name, status in (("other", 404), ("school", 200), ("school", 200)):
        answer = http.post(path, json={"reason": "unjustified"}, headers={"Authorization": name})
        assert answer.status_code == status
    assert answer.json() == seen | {"state": "withdrawn"}
    assert http.post(path, json={"reason": "x"}, headers={"Authorization": "school"}).status_code == 400


def test_nobody_posts_without_an_organisation(http: TestClient, sender: builders.Sender) -> None:
    callers = http.app.state.authenticator.callers  # type: ignore[attr-defined]
    callers["system"] = Caller(Role.SYSTEM)
    callers["staff"] = replace(sender.caller, role=Role.STAFF, staff_id=uuid4())
    key = uuid4()
    body = body_of(sender, key)
    assert post(http, body, key=key, name="nobody").status_code == 401
    assert post(http, body, key=key, name="system").status_code == 403
    assert post(http, body, key=key, name="staff").json()["code"] == "reporter_not_authorised"


def test_no_value_of_the_message_is_a_column_name_of_the_person(hub: Hub) -> None:
    columns = set(SignalRow.metadata.tables["signal"].c.keys())
    assert not columns & {"name", "birth_date", "bsn", "address", "note"}
