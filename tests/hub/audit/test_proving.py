"""What a receipt promises is proved by the hub, checked by the client, and missed when it was dropped."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest

from dat_client.clock import parse_time
from dat_client.errors import ProblemError, UnavailableError
from dat_client.proofs import Proved, prove
from hub.audit import covering
from hub.audit.covering import Cover
from hub.audit.errors import AuditGapError
from hub.audit.exporting import export_trees
from hub.audit.keys import ledger_signer
from hub.audit.restoring import reopen_log
from hub.audit.sequencing import Sequencer
from hub.audit.service import sequence_events
from keys.protocol.encoding import b64u, canonical_json
from ledger import verify
from service.work import SYSTEM
from tests.hub.audit.conftest import Watched
from tests.hub.audit.test_restoring import SHARD
from tests.hub.audit.test_sequencing import keep, roll_back
from tests.hub.audit.test_service import force
from tests.promises.acts import prepare_signal
from tests.promises.town import Town, settled
from tests.witnesses import COSIGNER, InProcessWitness


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """A municipality in which events wait for the worker, as on PostgreSQL."""
    with settled(tmp_path, f"sqlite:///{tmp_path / 'hub.db'}") as town:
        town.database.before_commit = None
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
    """Say how many receipts stand in the log, were dropped, and are unknown."""
    proved = prove_all(town, receipts, keys)
    assert not proved.lost
    return len(proved.standing), len(proved.dropped), len(proved.unknown)


def prove_all(town: Town, receipts: list[dict[str, str]], keys: Any = None) -> Proved:
    posts: Any = [
        SimpleNamespace(
            receipt=SimpleNamespace(leaf_hash=one["leafHash"], received_at=one["receivedAt"]),
            remote_id=UUID(one["signalId"]),
        )
        for one in receipts
    ]
    hub: Any = Asked(town)
    return prove(hub, keys or manifest(town), posts)


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

    export(town, tmp_path)
    assert (judge(town, kept, tmp_path), judge(town, dropped, tmp_path)) == (0, 2)
    # Only a head that was cosigned later proves that it was dropped, and not merely waiting.
    monkeypatch.setattr(verify, "MERGED", -verify.MERGED)
    assert (judge(town, kept, tmp_path), judge(town, dropped, tmp_path)) == (0, 1)
    assert judge(town, {**dropped, "leafHash": kept["leafHash"]}, tmp_path) == 1


def export(town: Town, folder: Path) -> list[str]:
    """Write the log as an auditor gets it."""
    with town.database.look(SYSTEM) as work:
        return [shard for shard, _ in export_trees(work, folder / "log")]


def keys_of(town: Town) -> list[str]:
    verifier = ledger_signer(town.hub.keys, town.hub.settings.hub_id).verifier
    return ["--key", verifier.to_text(), "--witness", COSIGNER.keys[0].to_text()]


def judge(town: Town, receipt: dict[str, str], folder: Path) -> int:
    """Have the stand-alone verifier look for what a receipt promises."""
    path = folder / "receipt.json"
    path.write_text(json.dumps(receipt))
    exports = sorted(str(one) for one in (folder / "log").iterdir())
    receipt_key = b64u(bytes(town.hub.receipt_signer.verify_key))
    return verify.main(["receipt", str(path), *exports, *keys_of(town), "--receipt-key", receipt_key])


def test_a_manifest_that_names_no_key_of_the_log_says_nothing_of_the_hub(
    town: Town, worker: Sequencer
) -> None:
    receipts = [prepare_signal(town)().json()]
    worker.turn()
    bare = manifest(town)
    del bare.ledger_publics[f"{bare.hub_id}/audit"]
    assert ask(town, receipts, bare) == (0, 0, 1)


@dataclass
class Restored:
    """A hub that was restored from a backup; a posting that it kept, and one that it lost."""

    kept: dict[str, str]
    lost: dict[str, str]
    later: dict[str, str]


@pytest.fixture
def restored(town: Town, worker: Sequencer) -> Restored:
    kept = prepare_signal(town)().json()
    worker.turn()
    watched = Watched(town.database, worker._watch.witness)  # type: ignore[union-attr,arg-type]
    ((_, (size, _)),) = watched.sizes().items()
    keep(watched)
    lost = prepare_signal(town)().json()
    worker.turn()
    roll_back(watched, to=size)
    waiting = prepare_signal(town)().json()
    with pytest.raises(AuditGapError):
        worker.turn()
    assert worker._watch is not None
    reopen_log(town.database, worker._signer, worker._watch)
    worker.turn()
    return Restored(kept, lost, waiting)


def test_after_a_restore_a_receipt_says_in_which_tree_it_stands_or_that_the_gap_took_it(
    town: Town, worker: Sequencer, restored: Restored
) -> None:
    proved = prove_all(town, [restored.kept, restored.lost, restored.later])
    origin = f"{town.hub.settings.hub_id}/audit/{SHARD}"
    assert proved.trees == {origin: 1, f"{origin}.2": 1}
    assert [str(one.remote_id) for one in proved.lost] == [restored.lost["signalId"]]
    assert not proved.dropped + proved.unknown


def test_a_receipt_of_a_second_history_is_vouched_for_by_the_tree_that_names_it(
    town: Town, worker: Sequencer, tmp_path: Path
) -> None:
    """A standby that lagged took posts, signed over them, and no witness ever cosigned that tree again."""
    prepare_signal(town)()
    worker.turn()
    watched = Watched(town.database, worker._watch.witness)  # type: ignore[union-attr,arg-type]
    ((_, (size, _)),) = watched.sizes().items()
    keep(watched)
    prepare_signal(town)()
    worker.turn()
    roll_back(watched, to=size)
    worker._seen = None
    receipts = [prepare_signal(town)().json() for _ in range(3)]
    with pytest.raises(AuditGapError):
        worker.turn()
    assert worker._watch is not None
    reopen_log(town.database, worker._signer, worker._watch)
    worker.turn()
    proved = prove_all(town, receipts)
    assert proved.trees == {f"{town.hub.settings.hub_id}/audit/{SHARD}": 3}
    export(town, tmp_path)
    assert [judge(town, receipt, tmp_path) for receipt in receipts] == [0, 0, 0]


def test_a_gap_excuses_nothing_that_was_dropped_before_or_after_it(
    town: Town, worker: Sequencer, restored: Restored, monkeypatch: pytest.MonkeyPatch
) -> None:
    dropped = prepare_signal(town)().json()
    hashed = f"leaf_hash = X'{dropped['leafHash']}'"
    event_id = f"(SELECT event_id FROM audit_pending WHERE {hashed})"
    force(town.database, f"DELETE FROM audit_event WHERE event_id = {event_id}")
    force(town.database, f"DELETE FROM audit_pending WHERE {hashed}")
    worker.turn()
    for hours, is_lost in ((-1, False), (0, True), (1, False)):
        moment = parse_time(dropped["receivedAt"]) + timedelta(hours=hours)
        proved = prove_all(town, [{**dropped, "receivedAt": f"{moment:%Y-%m-%dT%H:%M:%SZ}"}])
        assert (len(proved.lost), len(proved.dropped)) == (is_lost, not is_lost), hours


def test_the_stand_alone_verifier_tells_dropped_from_lost_by_a_restore(
    town: Town, worker: Sequencer, restored: Restored, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shards = export(town, tmp_path)
    assert shards == [SHARD, f"{SHARD}.2"]
    assert (judge(town, restored.kept, tmp_path), judge(town, restored.later, tmp_path)) == (0, 0)
    # Signed two minutes before, in what the restore kept: that it is not there is no restore's doing.
    signer = town.hub.receipt_signer
    early = parse_time(restored.lost["receivedAt"]) - timedelta(minutes=2)
    facts = {name: restored.lost[name] for name in verify.RECEIPT}
    facts["receivedAt"] = f"{early:%Y-%m-%dT%H:%M:%SZ}"
    signed = b"dat-hub/receipt/v1" + canonical_json(facts)
    forged = {**facts, "signature": b64u(signer.sign(signed).signature)}
    capsys.readouterr()
    assert judge(town, forged, tmp_path) == 1
    assert "DROPPED" in capsys.readouterr().out


def test_a_closed_tree_is_judged_by_the_one_after_it(
    town: Town, worker: Sequencer, restored: Restored, tmp_path: Path
) -> None:
    first, second = (str(tmp_path / "log" / shard) for shard in export(town, tmp_path))
    assert verify.main(["log", first, *keys_of(town), "--next", second]) == 0
    assert verify.main(["log", second, *keys_of(town), "--next", first]) == 1


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
