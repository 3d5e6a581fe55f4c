"""Promise 15: nothing is disclosed whose record no witness has cosigned; posts go on, up to a bound.

The witness is the key holder's own code on a store of its own; its worker is the hub's own sequencer.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import update

from hub.audit import covering
from hub.audit.covering import Cover
from hub.audit.keys import ledger_signer
from hub.audit.models import AuditCosignedRow
from hub.audit.sequencing import Sequencer
from service import clock
from service.work import SYSTEM
from tests.builders import everything
from tests.promises.acts import prepare_signal
from tests.promises.town import Town, settled
from tests.witnesses import COSIGNER, InProcessWitness

LIMIT = 60  # events that may wait


@dataclass
class Watched:
    """A town whose log a witness cosigns, and what its worker does."""

    town: Town
    witness: InProcessWitness
    worker: Sequencer

    def be_silent_for(self, seconds: int) -> None:
        """Let the witness be away, and its last word be so old."""
        self.witness.is_away = True
        with self.town.database.work(SYSTEM) as work:
            then = clock.now() - timedelta(seconds=seconds)
            work.session.execute(update(AuditCosignedRow).values(cosigned_at=then))

    def seen(self) -> int:
        """How many notices count as shown."""
        return int(self.town.rows("SELECT count(*) FROM notice WHERE seen_at IS NOT NULL")[0][0])

    def look(self) -> Any:
        return self.town.client("anna").get("/notices")


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    """A town whose witness cosigns."""
    folder = tmp_path_factory.mktemp("town")
    (folder / "holder").mkdir()
    with pytest.MonkeyPatch.context() as hasty, settled(folder, f"sqlite:///{folder / 'hub.db'}") as town:
        for name, seconds in (("PATIENCE", 0.05), ("BACK_OFF", 0.0), ("COUNT_EVERY", 0.0)):
            hasty.setattr(covering, name, seconds)
        signer = ledger_signer(town.hub.keys, town.hub.settings.hub_id)
        witness = InProcessWitness(folder / "holder", signer)
        worker = witness.sequencer(town.database, signer)
        object.__setattr__(town.hub, "cover", Cover(COSIGNER.name, limit=LIMIT, nudge=worker.turn))
        yield Watched(town, witness, worker)
        witness.database.close()


@pytest.fixture(autouse=True)
def something_found(watched: Watched) -> None:
    """Anna has a notice in her inbox that she has not seen, and the witness is there."""
    watched.witness.is_away = False
    person = everything(uuid4())
    watched.town.people.case(watched.town.people.anna, person)
    watched.town.people.signal(watched.town.sender("school"), person)
    watched.town.match()
    watched.worker.turn()


def test_without_a_cosignature_for_a_minute_nothing_is_shown_and_nothing_counts_as_shown(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = watched.seen()
    for seconds in (0, 61):
        watched.be_silent_for(seconds)
        answer = watched.look()
        assert (answer.status_code, answer.json()["code"]) == (503, "audit_unavailable")
        assert watched.seen() == before
    watched.witness.is_away = False
    with monkeypatch.context() as refusing:
        refusing.setattr(watched.witness, "add_checkpoint", lambda _body: (403, ""))
        assert watched.look().status_code == 503
    assert "match" in {one["kind"] for one in watched.look().json()["notices"]}
    assert watched.seen() == before + 1


def test_posts_go_on_up_to_a_bound(watched: Watched) -> None:
    watched.be_silent_for(61)
    statuses = [prepare_signal(watched.town)().status_code for _ in range(LIMIT + 2)]
    taken = statuses.count(202)
    assert 0 < taken <= LIMIT
    assert statuses == [202] * taken + [503] * (len(statuses) - taken)
    watched.witness.is_away = False
    watched.worker.turn()
    assert prepare_signal(watched.town)().status_code == 202


def test_mutant_that_shows_before_it_is_witnessed_is_found(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Cover, "require_covered", lambda *_facts, **_more: None)
    monkeypatch.setattr(Cover, "require_witnessed", lambda *_facts: None)
    watched.be_silent_for(61)
    before = watched.seen()
    assert watched.look().status_code == 200
    assert watched.seen() > before
