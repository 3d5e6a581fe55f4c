"""A list that is signed offline says who may ask; whoever is not on it may not."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner, Result

from keys.holder import administration
from keys.holder.administration import Admitted
from keys.holder.cli import app
from keys.holder.errors import ClientTakenError, PermissionListError, SignedListRequiredError
from keys.holder.listing import load_list
from keys.holder.manifests import root_public
from keys.holder.opening import Holder
from keys.holder.permission_list import PermissionList, parse_list, read_list, sign_list
from keys.holder.settings import HolderSettings
from keys.protocol.encoding import b64u
from keys.protocol.errors import ManifestError
from keys.protocol.manifest import load_manifest
from service import clock
from service.work import OPERATOR
from tests.keys.holder.world import Partner, blindings
from tests.oauth_client import new_key, public_jwk

SEED = os.urandom(32)
PINNED = HolderSettings(permissions_public=b64u(root_public(SEED)))


def organisation(**changes: Any) -> dict[str, Any]:
    """An organisation with one key and one reporter."""
    client = {"clientId": f"school-{uuid4().hex[:8]}", "jwk": public_jwk(new_key())}
    facts = {
        "organisation": str(uuid4()),
        "schemes": {"demographic": 50},
        "clients": [client],
        "reporters": {str(uuid4()): 40},
    }
    return {**facts, **changes}


def listed(*organisations: dict[str, Any], serial: int = 1, **changes: Any) -> PermissionList:
    """Write a list for the holder of these tests."""
    facts = {"holder": PINNED.name, "serial": serial, "organisations": organisations, **changes}
    return parse_list(json.dumps(facts).encode())


def load(holder: Holder, permissions: PermissionList) -> dict[str, Admitted]:
    """Load a list, and return who is admitted then."""
    with holder.database.work(OPERATOR) as work:
        load_list(work, permissions)
    with holder.database.look(OPERATOR) as work:
        return {one.client_id: one for one in administration.list_clients(work)}


def test_a_signed_list_is_read_back(holder: Holder) -> None:
    permissions = listed(organisation(), organisation())
    assert read_list(sign_list(permissions, SEED), PINNED) == permissions


@pytest.mark.parametrize(
    ("seed", "settings", "changes"),
    [
        (os.urandom(32), PINNED, {}),
        (SEED, HolderSettings(), {}),
        (SEED, PINNED, {"holder": "another.example"}),
    ],
    ids=["another key", "no key pinned", "another holder"],
)
def test_a_list_of_somebody_else_is_refused(
    seed: bytes, settings: HolderSettings, changes: dict[str, Any]
) -> None:
    with pytest.raises(PermissionListError):
        read_list(sign_list(listed(organisation(), **changes), seed), settings)


def test_a_list_is_no_manifest(holder: Holder) -> None:
    with pytest.raises(ManifestError):
        load_manifest(sign_list(listed(), SEED), pinned_root=root_public(SEED), now=clock.now())


@pytest.mark.parametrize(
    "organisations",
    [
        [organisation(note="free text")],
        [organisation(schemes={"bsn": 0})],
        [organisation(schemes={"iris": 5})],
        [organisation(organisation="5b0cfc3e-0000-4000-8000-000000000000")] * 2,
        [organisation(clients=[{"clientId": "school-1", "jwk": {}}]) for _ in range(2)],
    ],
    ids=["unknown field", "nothing a day", "unknown scheme", "organisation twice", "client twice"],
)
def test_a_list_that_says_more_or_other_than_agreed_is_refused(organisations: list[dict[str, Any]]) -> None:
    with pytest.raises(PermissionListError):
        listed(*organisations)


def test_who_is_on_the_list_may_ask_and_who_no_longer_is_may_not(
    holder: Holder, http: TestClient, partner: Partner
) -> None:
    blinded = [one.element for one in blindings()]
    assert partner.ask(blinded).status_code == 200
    stays, goes = organisation(), organisation()
    staying, going = (one["clients"][0]["clientId"] for one in (stays, goes))
    first = load(holder, listed(stays, goes))
    assert not first[staying].disabled
    assert (first[staying].schemes, first[staying].reporters) == ({"demographic": 50}, 1)
    assert first[partner.client.client_id].disabled
    assert partner.ask(blinded).json()["code"] == "unknown_reporter"

    stays["schemes"] = {"bsn": 7}
    second = load(holder, listed(stays, serial=2))
    assert (second[staying].schemes, second[staying].disabled) == ({"bsn": 7}, False)
    assert (second[going].schemes, second[going].reporters, second[going].disabled) == ({}, 0, True)


def test_an_old_list_brings_nobody_back(holder: Holder) -> None:
    one = organisation()
    load(holder, listed(one, serial=3))
    load(holder, listed(serial=4))
    for serial in (3, 4):
        with pytest.raises(PermissionListError):
            load(holder, listed(one, serial=serial))


def test_a_key_that_was_disabled_by_hand_stays_so(holder: Holder) -> None:
    one = organisation()
    client_id = one["clients"][0]["clientId"]
    load(holder, listed(one))
    with holder.database.work(OPERATOR) as work:
        administration.disable(work, client_id)
    assert load(holder, listed(one, serial=2))[client_id].disabled


def test_a_client_id_is_never_given_to_another_key_and_the_whole_list_is_refused(holder: Holder) -> None:
    one = organisation()
    load(holder, listed(one))
    other = organisation(clients=[{**one["clients"][0], "jwk": public_jwk(new_key())}])
    with pytest.raises(ClientTakenError):
        load(holder, listed(other, serial=2))
    assert load(holder, listed(one, serial=2))


def test_from_an_offline_machine_to_the_holder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def run(*words: object) -> Result:
        return CliRunner().invoke(app, [str(word) for word in words])

    monkeypatch.setenv("DAT_KEYS_DATA", str(tmp_path / "holder"))
    key, plain, signed = (tmp_path / name for name in ("permissions.key", "list.json", "permissions.jws"))
    public = run("permissions", "key", "--out", key).stdout.strip()
    monkeypatch.setenv("DAT_KEYS_PERMISSIONS_PUBLIC", public)
    one = organisation()
    plain.write_text(json.dumps({"holder": PINNED.name, "serial": 1, "organisations": [one]}))
    assert run("init").exit_code == 0
    assert run("permissions", "sign", plain, "--key", key, "--out", signed).exit_code == 0
    assert json.loads(run("permissions", "load", signed).stdout) == {"serial": 1, "organisations": 1}
    (client,) = json.loads(run("list", "--json").stdout)
    assert (client["client_id"], client["schemes"]) == (one["clients"][0]["clientId"], {"demographic": 50})

    mine = ("--organisation", one["organisation"])
    assert isinstance(run("permit", *mine, "--scheme", "bsn=5").exception, SignedListRequiredError)
    assert isinstance(run("reporter", "add", *mine, "--reporter", uuid4()).exception, SignedListRequiredError)
    (tmp_path / "jwk").write_text(json.dumps(public_jwk(new_key())))
    admit = run("admit", "--client-id", "school-9", *mine, "--jwk", tmp_path / "jwk")
    assert isinstance(admit.exception, SignedListRequiredError)
    assert run("permit", *mine, "--scheme", "demographic=0").exit_code == 0
    assert run("disable", client["client_id"]).exit_code == 0
