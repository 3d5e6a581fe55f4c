"""The holder keeps data keys for the hub alone, and what it destroyed it has nowhere any more."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from nacl.signing import SigningKey
from sqlalchemy import select
from starlette.testclient import TestClient

from keys.holder import administration
from keys.holder.administration import Admission
from keys.holder.custody import public_part
from keys.holder.datakeys.models import DataKeyNodeRow, DataKeyRationRow
from keys.holder.datakeys.rations import permit_hub
from keys.holder.datakeys.wrapping import LIFE, UnreadableSecretError
from keys.holder.errors import HubApartError
from keys.holder.models import LOG
from keys.holder.opening import Holder
from keys.protocol.data_keys import derive_all, key_id
from keys.protocol.destruction import DestructionReceipt, require_destroyed
from keys.protocol.encoding import unb64u
from keys.protocol.errors import ReceiptError
from ledger.tree import leaf_hash
from service.keystore import FileKeyStore
from service.work import OPERATOR, SYSTEM
from tests.keys.holder import world
from tests.oauth_client import ApiClient, new_key, public_jwk


def hub_at(holder: Holder, http: TestClient, name: str = "hub", **rations: int) -> ApiClient:
    """A hub whose data keys are kept here."""
    key, organisation = new_key(), uuid4()
    with holder.database.work(OPERATOR) as work:
        administration.admit(work, Admission(name, organisation, public_jwk(key)))
        permit_hub(work, organisation, rations)
    return ApiClient(http, name, key, public_url=holder.settings.public_url, base="/v1")


@pytest.fixture
def hub(holder: Holder, http: TestClient) -> ApiClient:
    """A hub whose data keys are kept here."""
    return hub_at(holder, http)


def batch(hub: ApiClient) -> dict[bytes, bytes]:
    """A fresh batch, as the hub derives it: secrets by key id."""
    said = hub.post("/data-key-batches", json={}).json()
    secrets = derive_all(unb64u(said["root"]))
    return {key_id(bytes.fromhex(said["batchId"]), at): secret for at, secret in enumerate(secrets)}


def release(hub: ApiClient, ids: Sequence[bytes], purpose: str = "log_reading") -> dict[bytes, bytes]:
    body = {"purpose": purpose, "keyIds": [id_.hex() for id_ in ids]}
    said = hub.post("/data-key-releases", json=body).json()
    return {bytes.fromhex(one["keyId"]): unb64u(one["secret"]) for one in said["keys"]}


def destroy(hub: ApiClient, ids: Sequence[bytes]) -> list[dict[str, Any]]:
    answer = hub.post("/data-key-destructions", json={"keyIds": [id_.hex() for id_ in ids]})
    assert answer.status_code == 200, answer.text
    return list(answer.json()["receipts"])


def read(said: dict[str, Any]) -> DestructionReceipt:
    return DestructionReceipt(
        said["holder"],
        bytes.fromhex(said["keyId"]),
        said["destroyedAt"],
        bytes.fromhex(said["leafHash"]),
        unb64u(said["signature"]),
    )


def leaves(holder: Holder) -> list[bytes]:
    with holder.database.look(SYSTEM) as work:
        return list(work.session.execute(select(LOG.event.c.leaf)).scalars())


def test_a_key_is_given_back_until_it_is_destroyed_and_its_neighbours_are(hub: ApiClient) -> None:
    keys = batch(hub)
    gone, near, far = (list(keys)[at] for at in (5, 4, 4_000))
    assert release(hub, [gone, near, far]) == {id_: keys[id_] for id_ in (gone, near, far)}
    destroy(hub, [gone])
    destroy(hub, [far])
    assert release(hub, [gone, near, far]) == {near: keys[near]}


def test_a_receipt_verifies_offline_names_its_key_and_stands_in_the_log(
    holder: Holder, hub: ApiClient
) -> None:
    gone, other, *_ = batch(hub)
    (said,) = destroy(hub, [gone])
    part = public_part(FileKeyStore(holder.settings.keys), name="x", url="y")
    public = unb64u(str(part["receiptKey"]))
    require_destroyed(read(said), public, key_id=gone)
    with pytest.raises(ReceiptError):
        require_destroyed(read(said), public, key_id=other)
    with pytest.raises(ReceiptError):
        require_destroyed(read(said), bytes(SigningKey.generate().verify_key), key_id=gone)
    with holder.database.look(SYSTEM) as work:
        hashes = {leaf_hash(leaf) for leaf in work.session.execute(select(LOG.event.c.leaf)).scalars()}
    assert read(said).leaf_hash in hashes


def test_destroying_twice_gives_the_same_receipt_and_is_one_line_in_the_log(
    holder: Holder, hub: ApiClient
) -> None:
    ids = list(batch(hub))[:3]
    receipts = destroy(hub, ids)
    before = len(leaves(holder))
    assert destroy(hub, ids) == receipts
    assert len(leaves(holder)) == before


@pytest.mark.parametrize("path", ["/data-key-batches", "/data-key-releases", "/data-key-destructions"])
def test_a_partner_is_refused_and_the_refusal_is_in_the_log(
    holder: Holder, partner: world.Partner, path: str
) -> None:
    body: dict[str, Any] = {} if path.endswith("batches") else {"keyIds": [bytes(16).hex()]}
    if path.endswith("releases"):
        body["purpose"] = "log_reading"
    answer = partner.client.post(path, json=body)
    assert (answer.status_code, answer.json()["code"]) == (403, "data_keys_not_permitted")
    assert any(b"data_keys_not_permitted" in leaf for leaf in leaves(holder))


def test_another_hub_reads_and_destroys_nothing(holder: Holder, http: TestClient, hub: ApiClient) -> None:
    other = hub_at(holder, http, "other-hub")
    mine = next(iter(batch(hub).items()))
    assert release(other, [mine[0]]) == {}
    destroy(other, [mine[0]])
    assert release(hub, [mine[0]]) == dict([mine])
    destroy(hub, [mine[0]])
    assert release(hub, [mine[0]]) == {}


def test_each_purpose_has_a_ration_of_its_own(holder: Holder, http: TestClient) -> None:
    hub = hub_at(holder, http, "small-hub", log_reading=2, destroy=2, issue=1)
    ids = list(batch(hub))[:3]
    assert len(release(hub, ids[:2])) == 2
    for path, body in (
        ("/data-key-releases", {"purpose": "log_reading", "keyIds": [ids[0].hex()]}),
        ("/data-key-releases", {"purpose": "rotation", "keyIds": [ids[0].hex()]}),
        ("/data-key-destructions", {"keyIds": [id_.hex() for id_ in ids]}),
        ("/data-key-batches", {}),
    ):
        answer = hub.post(path, json=body)
        assert (answer.status_code, answer.json()["code"]) == (429, "data_key_quota_exhausted")
    assert len(release(hub, ids, "log_checking")) == 3


def test_who_has_tokens_evaluated_keeps_no_data_keys_and_the_other_way_round(
    holder: Holder, partner: world.Partner, hub: ApiClient
) -> None:
    def permit_partner() -> None:
        with holder.database.work(OPERATOR) as work:
            permit_hub(work, partner.organisation, {})

    def permit_scheme() -> None:
        with holder.database.work(OPERATOR) as work:
            hubs = work.session.scalars(select(DataKeyRationRow.organisation_id))
            administration.permit(work, next(iter(hubs)), "bsn", per_day=9)

    for act in (permit_partner, permit_scheme):
        with pytest.raises(HubApartError):
            act()


def test_the_log_says_how_many_and_for_what_and_never_which(holder: Holder, hub: ApiClient) -> None:
    keys = batch(hub)
    ids = list(keys)[:2]
    release(hub, ids)
    destroy(hub, ids)
    log = b"".join(leaves(holder))
    assert b'"n":2' in log
    assert b"log_reading" in log
    assert not [id_ for id_ in ids if id_.hex().encode() in log or keys[id_].hex().encode() in log]


def test_a_malformed_id_is_refused_and_not_repeated(hub: ApiClient) -> None:
    for wrong in ("ff" * 16, "canary", "00" * 15):
        answer = hub.post("/data-key-destructions", json={"keyIds": [wrong]})
        assert answer.status_code == 400
        assert wrong not in answer.text


def test_what_was_above_a_destroyed_key_is_in_no_file_and_dies_with_its_wrapping(
    holder: Holder, hub: ApiClient, tmp_path: Path
) -> None:
    keys = batch(hub)
    gone, near, *_ = keys
    with holder.database.look(SYSTEM) as work:
        (root,) = work.session.scalars(select(DataKeyNodeRow)).all()
        old = DataKeyNodeRow(
            batch_id=root.batch_id, node=root.node, wrapping=root.wrapping, wrapped=root.wrapped
        )
    destroy(hub, [gone])
    if holder.database.dialect == "sqlite":
        with closing(sqlite3.connect(str(holder.database.url.database))) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        files = [path for path in tmp_path.rglob("*.db*") if path.is_file()]
        assert files
        assert not [path for path in files if old.wrapped in path.read_bytes()]
    # A server's own log and its backups still have that row: within seven days nothing opens it.
    wrapping, now = holder.data_keys.wrapping, datetime.now(UTC)
    assert wrapping.unwrap(old)
    for later in (LIFE, 2 * LIFE):
        wrapping.renew(holder.database, now=now + later + timedelta(minutes=1))
    assert timedelta(days=7) >= 2 * LIFE
    with pytest.raises(UnreadableSecretError):
        wrapping.unwrap(old)
    assert release(hub, [gone, near]) == {near: keys[near]}


def listed(hub: ApiClient, **place: str) -> list[dict[str, str]]:
    answer = hub.get("/data-key-destructions", params=place)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["receipts"])


def test_a_hub_that_was_restored_hears_again_what_was_destroyed_and_only_its_own(
    hub: ApiClient, holder: Holder, http: TestClient
) -> None:
    ids = sorted(batch(hub))[:3]
    said = [destroy(hub, [id_]) for id_ in ids]
    assert all(said)
    other = hub_at(holder, http, "other")
    destroy(other, sorted(batch(other))[:1])
    begin = "2020-01-01T00:00:00Z"
    found = listed(hub, since=begin)
    assert sorted(one["keyId"] for one in found) == [id_.hex() for id_ in ids]
    last = found[0]
    assert last not in listed(hub, since=last["destroyedAt"], after=last["keyId"])
    assert listed(hub, since="2099-01-01T00:00:00Z") == []
    assert len(listed(other, since=begin)) == 1
