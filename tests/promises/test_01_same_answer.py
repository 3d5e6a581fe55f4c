"""Promise 1: what a partner sees is the same, byte for byte, whoever it is about and whoever knows them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest

from keys.protocol.envelope import Entry
from keys.protocol.sodium import GENERATOR
from keys.protocol.tokens import TokenType
from tests.builders import entries, everything
from tests.oauth_client import ApiClient
from tests.promises.answers import masked
from tests.promises.town import Message, Town

LANES: dict[str, dict[str, Any]] = {
    "school": {},
    "housing_association": {"legalBasis": "CONSENT", "bracket": "23+", "bracketEnds": None},
}
IDENTITY, UNDECODABLE = bytes(32), b"\xff" * 32
Posting = Callable[[Town, str, str], Message]


def signal(town: Town, lane: str, person: str, **changes: Any) -> Message:
    """A signal about somebody, in the lane of its sender."""
    return town.signal(lane, everything(person), **LANES[lane], **changes)


def unknown(town: Town, lane: str, person: str) -> Message:
    return signal(town, lane, person)


def known(town: Town, lane: str, person: str) -> Message:
    told(town, lane, person)
    signal(town, other(lane), person).post(town.client(other(lane)))
    return signal(town, lane, person)


def known_to_oneself(town: Town, lane: str, person: str) -> Message:
    signal(town, lane, person).post(town.client(lane))
    return signal(town, lane, person)


def possibly_known(town: Town, lane: str, person: str) -> Message:
    tokens = {**everything(person + "-junior"), "A": person}
    town.case(tokens).post(town.client("anna"), "/cases")
    return signal(town, lane, person)


def objected(town: Town, lane: str, person: str) -> Message:
    told(town, lane, person)
    assert town.objection(everything(person)).post(town.client("anna"), "/objections").status_code == 201
    return signal(town, lane, person)


def consented(town: Town, lane: str, person: str) -> Message:
    told(town, lane, person)
    consent(town, person)
    return signal(town, lane, person)


def consent_withdrawn(town: Town, lane: str, person: str) -> Message:
    told(town, lane, person)
    consent_id = consent(town, person)
    answer = town.client("desk").post(f"/consents/{consent_id}/withdrawal", json={})
    assert answer.status_code == 200
    return signal(town, lane, person)


def signal_erased(town: Town, lane: str, person: str) -> Message:
    client = town.client(other(lane))
    signal_id = signal(town, other(lane), person).post(client).json()["signalId"]
    answer = client.post(f"/signals/{signal_id}/withdrawal", json={"reason": "unjustified"})
    assert answer.status_code == 200
    return signal(town, lane, person)


def envelope_moved(town: Town, lane: str, person: str) -> Message:
    return Message(uuid4(), known(town, lane, person).body)


def element_undecodable(town: Town, lane: str, person: str) -> Message:
    return signal(town, lane, person, sealed=broken(person, UNDECODABLE))


def element_identity(town: Town, lane: str, person: str) -> Message:
    return signal(town, lane, person, sealed=broken(person, IDENTITY))


def epoch_unknown(town: Town, lane: str, person: str) -> Message:
    return signal(town, lane, person, sealed=entries(everything(person), epoch=77))


def type_hidden(town: Town, lane: str, person: str) -> Message:
    return signal(
        town, lane, person, sealed=[*entries(everything(person)), Entry(TokenType.BSN, 1, GENERATOR)]
    )


SITUATIONS: tuple[Posting, ...] = (
    unknown, known, known_to_oneself, possibly_known, objected, consented, consent_withdrawn, signal_erased,
    envelope_moved, element_undecodable, element_identity, epoch_unknown, type_hidden,
)  # fmt: skip


def other(lane: str) -> str:
    return next(name for name in LANES if name != lane)


def told(town: Town, lane: str, person: str) -> None:
    """A case of this person, in a bracket that either lane may meet."""
    facts = {name: LANES[lane][name] for name in ("bracket", "bracketEnds") if name in LANES[lane]}
    assert town.case(everything(person), **facts).post(town.client("anna"), "/cases").status_code == 201


def consent(town: Town, person: str) -> str:
    answer = town.consent(everything(person)).post(town.client("desk"), "/consents")
    assert answer.status_code == 201, answer.text
    return str(answer.json()["consentId"])


def broken(person: str, element: bytes) -> list[Entry]:
    first, *rest = entries(everything(person))
    return [Entry(first.token_type, first.epoch, element), *rest]


def transcript(town: Town, lane: str, message: Message, batched: Message) -> Iterator[Any]:
    """Everything that a partner can ask about one person, before and after the worker came by."""
    client = town.client(lane)
    first = message.post(client)
    yield first
    yield message.post(client)
    yield message.with_changes(validMonths=5).post(client)
    batch = client.post("/signal-batches", json={"signals": [batched.item, batched.item, message.item]})
    yield batch
    yield client.get("/signals?pageSize=1")
    path = f"/signals/{first.json()['signalId']}"
    yield client.get(path)
    town.match()
    acknowledge_all(town.client("anna"))
    yield client.get(path)
    yield client.get("/signals?pageSize=1")
    yield message.post(client)
    for reason in ("reason_gone", "unjustified"):
        yield client.post(f"{path}/withdrawal", json={"reason": reason})
        town.match()
        yield client.get(path)
    withdrawn = batch.json()["results"][0]["receipt"]["signalId"]
    yield client.post(f"/signals/{withdrawn}/withdrawal", json={"reason": "unjustified"})
    yield message.post(client)


def acknowledge_all(casemanager: ApiClient) -> None:
    for notice in casemanager.get("/notices").json()["notices"]:
        path = f"/notices/{notice['noticeId']}/acknowledgement"
        casemanager.post(path, json={"outcome": "already_in_contact"})


@pytest.mark.parametrize(
    "lane", ["school", pytest.param("housing_association", marks=pytest.mark.prove_on_postgresql)]
)
def test_sig_11_a_partner_sees_the_same_whoever_the_person_is(town: Town, lane: str) -> None:
    signal(town, lane, f"{lane} first").post(town.client(lane))
    seen = {}
    for situation in SITUATIONS:
        person = f"{lane} {situation.__name__}"
        message, batched = situation(town, lane, person), situation(town, lane, person + " in a batch")
        town.match()
        seen[situation.__name__] = [masked(answer) for answer in transcript(town, lane, message, batched)]
    assert [status for status, _, _ in seen["unknown"]] == [202, 202, 409, *STATUSES]
    for name, answers in seen.items():
        assert answers == seen["unknown"], name


STATUSES = [202, 200, 200, 200, 200, 202, 200, 200, 200, 200, 200, 202]


def test_these_persons_really_are_in_another_situation_each(town: Town) -> None:
    """Without this the first test could hold because nothing is known of anybody."""
    reasons = {}
    for situation in SITUATIONS:
        answer = situation(town, "school", f"once more {situation.__name__}").post(town.client("school"))
        reasons[situation.__name__] = town.kept()[UUID(answer.json()["signalId"])]
    assert {name: reason for name, reason in reasons.items() if reason} == {
        "envelope_moved": "does_not_open",
        "element_undecodable": "element_invalid",
        "element_identity": "element_invalid",
        "epoch_unknown": "epoch_unknown",
        "type_hidden": "types_differ",
    }
    town.match()
    states = {row[0] for row in town.rows("SELECT DISTINCT state FROM person_match")}
    assert states >= {"open", "held", "possible", "void"}
    told = {
        (bool(allowed), why) for allowed, why in town.rows("SELECT DISTINCT allowed, reasons FROM decision")
    }
    assert {allowed for allowed, _ in told} == {True, False}
    assert any("objection" in why for _, why in told)
    assert any("consent" in why for _, why in told)
    assert town.rows("SELECT count(*) FROM notice WHERE seen_at IS NOT NULL")[0][0] > 0
