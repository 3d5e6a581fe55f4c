"""A client against a real hub and holders on loopback."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from dat_client import Client, NewSignal, Person, RefusalReason, RefusedPersonError, UnknownReferenceError
from dat_client.errors import IdentifyingReferenceError
from keys.protocol.envelope import Entry
from tests.dat_client.world import CANARY, FACTS, World, make_world, neighbour


def _entries(world: World) -> list[list[Entry]]:
    return [stored.entries for stored in world.hub.list_kind("signalId")]


def test_a_posted_signal_gives_a_receipt_that_is_kept(client: Client, world: World, today: date) -> None:
    receipt = client.post_signal(CANARY, contact_date=today, reference="2026-0017", **FACTS)

    (stored,) = world.hub.list_kind("signalId")
    assert receipt.signal_id == stored.id
    assert {entry.epoch for entry in stored.entries} == {3}
    assert stored.body["bracket"] == "23+"
    assert stored.body["bracketEnds"] is None
    assert client.get_reference(stored.id) == "2026-0017"
    good, bad = client.verify_receipts()
    assert ([post.remote_id for post in good], bad) == ([stored.id], [])


def test_one_person_has_one_pseudonym_at_every_post(client: Client, world: World, today: date) -> None:
    for _ in range(2):
        client.post_signal(CANARY, contact_date=today, **FACTS)

    first, second = _entries(world)
    assert first == second
    holder_elements = [call.json["elements"] for call in world.holder.calls if call.path == "/v1/evaluations"]
    assert len({element for sent in holder_elements for element in sent}) == sum(map(len, holder_elements))


def test_any_two_of_three_holders_give_the_same_pseudonyms(tmp_path: Path, today: date) -> None:
    world = make_world(tmp_path, threshold=2, holders=3)
    home = world.make_home()
    with world.open(home) as client:
        client.post_signal(CANARY, contact_date=today, **FACTS)
        world.services.holders[0].is_down = True
        client.post_signal(CANARY, contact_date=today, **FACTS)
    first, second = _entries(world)
    assert first == second
    assert world.services.holders[2].count("/evaluations") == 2
    world.services.close()


def test_a_batch_posts_many_and_refuses_one_without_stopping(
    client: Client, world: World, today: date
) -> None:
    nameless = Person(surname="", birth_date="19700101")
    people = [neighbour(1), nameless, *map(neighbour, range(2, 6))]
    signals = [
        NewSignal(person=person, contact_date=today, reference=f"F{number}", **FACTS)
        for number, person in enumerate(people)
    ]

    outcomes = list(client.post_signals(signals, batch=3))

    assert [outcome.status for outcome in outcomes] == ["accepted", "refused", *["accepted"] * 4]
    assert outcomes[1].code == "no_name"
    assert client.get_reference(outcomes[5].remote_id) == "F5"  # type: ignore[arg-type]
    assert world.hub.count("/signal-batches") == 2


def test_one_faulty_message_does_not_take_its_batch_along(client: Client, world: World, today: date) -> None:
    world.hub.refusals["CLOSED"] = "covenant_not_in_force"
    signals = [
        NewSignal(person=neighbour(n), contact_date=today, **{**FACTS, "legal_basis": basis})
        for n, basis in enumerate(("NO_OBJECTION", "CLOSED", "NO_OBJECTION"))
    ]
    outcomes = list(client.post_signals(signals))
    assert [outcome.code for outcome in outcomes] == [None, "covenant_not_in_force", None]


def test_a_batch_that_is_refused_for_one_place_is_posted_without_it(
    client: Client, world: World, today: date
) -> None:
    from tests.dat_client.fake_services import problem

    world.hub.before.append(lambda _: problem(400, "invalid", places=["/signals/1/contactDate"]))
    signals = [NewSignal(person=neighbour(n), contact_date=today, **FACTS) for n in range(3)]
    outcomes = list(client.post_signals(signals))
    assert [outcome.status for outcome in outcomes] == ["accepted", "refused", "accepted"]
    assert outcomes[1].places == ("/contactDate",)
    assert len(world.hub.stored) == 2


def test_signals_are_listed_over_pages_and_shown_with_the_own_reference(
    client: Client, world: World, today: date
) -> None:
    for number in range(5):
        client.post_signal(neighbour(number), contact_date=today, reference=f"F{number}", **FACTS)
    listed = list(client.list_signals())
    assert [signal.reference for signal in listed] == [f"F{number}" for number in range(5)]
    assert client.show_signal(listed[3].signal_id).reference == "F3"
    assert client.withdraw(listed[3].signal_id, reason="reason_gone").state == "withdrawn"


def test_another_machine_knows_no_reference(client: Client) -> None:
    with pytest.raises(UnknownReferenceError):
        client.get_reference(uuid4())


@pytest.mark.parametrize("reference", ["Kanariegeel 1", "dossier 999993112", "13-07-1986", "x" * 101])
def test_a_reference_that_tells_who_it_is_is_refused_before_anything_is_sent(
    client: Client, world: World, today: date, reference: str
) -> None:
    with pytest.raises(IdentifyingReferenceError):
        client.post_signal(CANARY, contact_date=today, reference=reference, **FACTS)
    assert list(world.services.sent()) == []


def test_a_person_without_usable_keys_is_refused_before_anything_is_sent(
    client: Client, world: World, today: date
) -> None:
    with pytest.raises(RefusedPersonError) as refused:
        client.post_signal(Person(surname="Zon", birth_date="19700000"), contact_date=today, **FACTS)
    assert refused.value.reason is RefusalReason.UNKNOWN_BIRTH_DATE
    assert list(world.services.sent()) == []


def test_a_case_number_stays_here_and_comes_back_with_the_notice(client: Client, world: World) -> None:
    case = client.register_case(CANARY, legal_basis="JW_WMO_TASK", reference="Z-2026-5")
    world.hub.lists["notices"] = {
        "notices": [{"noticeId": str(uuid4()), "kind": "match", "state": "new", "caseId": str(case.case_id)}],
        "nextCursor": None,
    }
    (notice,) = client.notices()
    assert notice.reference == "Z-2026-5"
    assert b"Z-2026-5" not in b"".join(world.services.sent())
    assert world.holder.calls[-1].json["purpose"] == "case"


def test_somebody_who_does_not_exist_is_sent_as_pseudonyms_only(client: Client, world: World) -> None:
    client.seed_honey_token(CANARY)
    call = world.hub.calls[-1]
    assert call.path.endswith("/honey-tokens")
    assert set(call.json) == {"tokenTypes", "envelope"}


def test_an_objection_carries_no_age_and_a_consent_does(client: Client, world: World, today: date) -> None:
    client.record_objection(CANARY)
    client.record_consent(
        CANARY,
        kind="data_processing",
        purpose="tell_casemanager",
        valid_from=today,
        valid_until=today + timedelta(days=365),
        given_by="subject",
        authority_attested="attested",
        text_version="2026-1",
        given_how="spoken",
    )
    objection, consent = world.hub.stored.values()
    assert set(objection.body) == {"kind", "scope", "tokenTypes", "envelope"}
    assert consent.body["bracket"] == "23+"
    assert consent.body["partnerKinds"] == ["*"]
