"""The holder tells a hub how much was evaluated in an hour, from its own ledger, and nobody else."""

from __future__ import annotations

from starlette.testclient import TestClient

from keys.holder.models import LOG
from keys.holder.opening import Holder
from service import clock
from service.eventlog.sharding import sequence
from service.work import SYSTEM
from tests.keys.holder import world
from tests.keys.holder.test_data_keys import hub_at


def test_a_hub_hears_counts_of_the_ledger_and_a_partner_hears_nothing(
    holder: Holder, http: TestClient, partner: world.Partner
) -> None:
    hub = hub_at(holder, http)
    for count in (3, 4):
        assert partner.ask([one.element for one in world.blindings(count)]).status_code == 200
    assert partner.ask(["x"]).status_code == 400
    with holder.database.work(SYSTEM) as work:
        sequence(work, LOG, holder.signer)
    hour = clock.now().strftime("%Y-%m-%dT%H")
    counts = hub.post("/evaluation-counts", json={"hour": hour}).json()["counts"]
    assert counts == [{"organisationId": str(partner.organisation), "elements": 7}]
    assert hub.post("/evaluation-counts", json={"hour": "2026-01-01T00"}).json() == {"counts": []}
    assert partner.client.post("/evaluation-counts", json={"hour": hour}).status_code == 403
