"""What a receipt promises is proved by the hub, checked by the client, and missed when it was dropped."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest

from dat_client.errors import ProblemError, UnavailableError
from dat_client.proofs import prove
from hub.audit import covering
from hub.audit.covering import Cover
from hub.audit.exporting import export_trees
from hub.audit.keys import ledger_signer
from hub.audit.sequencing import Sequencer
from hub.audit.service import sequence_events
from keys.protocol.encoding import b64u
from ledger import verify
from service.work import SYSTEM
from tests.hub.audit.test_service import force
from tests.promises.acts import prepare_signal
from tests.promises.town import Town, settled
from tests.witnesses import COSIGNER, InProcessWitness


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """A municipality on SQLite."""
    with settled(tmp_path, f"sqlite:///{tmp_path / 'hub.db'}") as town:
        yield town


@pytest.fixture
def worker(town: Town, tmp_path: Path) -> Iterator[Sequencer]:
    """Its sequencer, and the witness of its log."""
    signer = ledger_signer(town.hub.keys, town.hub.settings.hub_id)
    (tmp_path / "holder").mkdir()
    witness = InProcessWitness(tmp_path / "holder", signer)
    yield witness.sequencer(town.database, signer)
    witness.database.close()


class Asked:
    """The hub as the client's transport gives it."""

    def __init__(self, town: Town) -> None:
        self.client = town.client("school")

    def get(self, path: str) -> Any:
        answer = self.client.get(path)
        said = answer.json()
        if answer.status_code == 503:
            raise UnavailableError
        if answer.status_code != 200:
            raise ProblemError(status=answer.status_code, code=said["code"], title=said["title"])
        return said


def manifest(town: Town) -> Any:
    signer = ledger_signer(town.hub.keys, town.hub.settings.hub_id)
    publics = {signer.name: signer.verifier.public, COSIGNER.name: COSIGNER.keys[0].public}
    return SimpleNamespace(hub_id=town.hub.settings.hub_id, ledger_publics=publics)


def ask(town: Town, receipts: list[dict[str, str]], keys: Any = None) -> tuple[int, int, int]:
    posts: Any = [
        SimpleNamespace(receipt=SimpleNamespace(leaf_hash=one["leafHash"]), remote_id=UUID(one["signalId"]))
        for one in receipts
    ]
    hub: Any = Asked(town)
    proved = prove(hub, keys or manifest(town), posts)
    return len(proved.standing), len(proved.dropped), len(proved.unknown)


def test_every_receipt_is_proved_once_it_has_its_place(town: Town, worker: Sequencer) -> None:
    receipts = [prepare_signal(town)().json() for _ in range(3)]
    assert ask(town, receipts) == (0, 0, 3)
    worker.turn()
    assert ask(town, receipts) == (3, 0, 0)


def test_a_proof_that_no_witness_saw_is_not_enough(town: Town, worker: Sequencer) -> None:
    receipts = [prepare_signal(town)().json()]
    worker.turn()
    other = manifest(town)
    other.ledger_publics["other.example/witness"] = bytes(range(32))
    del other.ledger_publics[COSIGNER.name]
    assert ask(town, receipts, other) == (0, 1, 0)
    stranger = manifest(town)
    stranger.ledger_publics[f"{stranger.hub_id}/audit"] = bytes(range(32))
    assert ask(town, receipts, stranger) == (0, 1, 0)


def test_what_was_dropped_before_it_got_its_place_is_proved_to_be_dropped(
    town: Town, worker: Sequencer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, dropped = (prepare_signal(town)().json() for _ in range(2))
    hashed = f"leaf_hash = X'{dropped['leafHash']}'"
    event_id = f"(SELECT event_id FROM audit_pending WHERE {hashed})"
    force(town.database, f"DELETE FROM audit_event WHERE event_id = {event_id}")
    force(town.database, f"DELETE FROM audit_pending WHERE {hashed}")
    worker.turn()
    assert ask(town, [kept, dropped]) == (1, 1, 0)

    with town.database.look(SYSTEM) as work:
        ((shard, _),) = export_trees(work, tmp_path / "log")
    signer = ledger_signer(town.hub.keys, town.hub.settings.hub_id)
    keys = ["--key", signer.verifier.to_text(), "--witness", COSIGNER.keys[0].to_text()]
    keys += ["--receipt-key", b64u(bytes(town.hub.receipt_signer.verify_key))]

    def judge(receipt: dict[str, str]) -> int:
        path = tmp_path / "receipt.json"
        path.write_text(json.dumps(receipt))
        return verify.main(["receipt", str(path), str(tmp_path / "log" / shard), *keys])

    assert (judge(kept), judge(dropped)) == (0, 2)
    # Only a head that was cosigned later proves that it was dropped, and not merely waiting.
    monkeypatch.setattr(verify, "MERGED", -verify.MERGED)
    assert (judge(kept), judge(dropped)) == (0, 1)
    assert judge({**dropped, "leafHash": kept["leafHash"]}) == 1


def test_a_disclosure_of_a_witnessed_hub_waits_for_its_witness(town: Town, worker: Sequencer) -> None:
    prepare_signal(town)()
    worker.turn()
    waiting = Cover(COSIGNER.name, nudge=worker.turn)
    object.__setattr__(town.hub, "cover", waiting)
    assert town.client("anna").get("/notices").status_code == 200


DISCLOSING = {
    "GET /notices": "anna",
    "GET /intake-items": "lead",
    "POST /intake-items/{id}/acceptance": "lead",
    "GET /possible-matches": "lead",
    "POST /notices/{id}/acknowledgement": "anna",
    "POST /rights-requests/{id}/search": "rights",
    "GET /rights-requests/{id}/report": "rights",
    "GET /rights-requests/{id}/letter": "rights",
}


def test_without_a_witness_that_answers_nothing_is_shown_and_posts_go_on(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare_signal(town)()
    monkeypatch.setattr(covering, "PATIENCE", 0.05)
    with town.database.work(SYSTEM) as work:
        sequence_events(work, ledger_signer(town.hub.keys, town.hub.settings.hub_id))
    object.__setattr__(town.hub, "cover", Cover(COSIGNER.name))
    bodies = {"acceptance": {}, "acknowledgement": {"outcome": "acknowledged"}, "search": {}}
    for name, who in DISCLOSING.items():
        verb, path = name.replace("{id}", str(UUID(int=0))).split()
        body = {"json": bodies[path.rpartition("/")[2]]} if verb == "POST" else {}
        answer = getattr(town.client(who), verb.lower())(path, **body)
        assert (answer.status_code, answer.json()["code"]) == (503, "audit_unavailable"), (name, answer.text)
        assert answer.headers["retry-after"] == "5"
    assert prepare_signal(town)().status_code == 202
