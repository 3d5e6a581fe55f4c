"""Cases that change hands, and addresses by which nobody is a household, as `dat` is typed."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest

from dat_client import RefusedPersonError
from dat_client.cli import run
from dat_client.client import Client
from tests.dat_client.world import World

TRANSFER = {
    "transferId": str(uuid4()),
    "state": "offered",
    "municipality": "0344",
    "offeredAt": "2026-11-18T12:00:00Z",
    "sender": "Wijkteam Oost",
    "bracket": None,
    "contact": None,
}


def test_an_address_is_excluded_by_its_pseudonym_only(client: Client, world: World) -> None:
    address_id = client.exclude_address(postcode="9871 QZ", house_number="4713", house_addition="bis")
    (stored,) = world.hub.list_kind("addressId")
    assert stored.id == address_id
    assert [entry.token_type.value for entry in stored.entries] == ["household"]
    assert set(stored.body) == {"tokenTypes", "envelope"}
    assert not [said for said in world.services.sent() if b"9871" in said or b"4713" in said]
    with pytest.raises(RefusedPersonError):
        client.exclude_address(postcode="nergens", house_number="4713")


def test_a_transfer_goes_its_way_by_command(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    home, id_ = world.make_home(), TRANSFER["transferId"]
    ways: list[tuple[list[str], str, dict[str, Any]]] = [
        (["offer", id_, "--municipality", "0344", "--reason", "came_of_age"], f"cases/{id_}/transfer",
         {"municipality": "0344", "reason": "came_of_age"}),
        (["accept", id_], f"case-transfers/{id_}/acceptance", {}),
        (["return", id_, "--reason", "not_reached"], f"case-transfers/{id_}/return",
         {"reason": "not_reached"}),
        (["complete", id_, "--case-id", id_], f"case-transfers/{id_}/completion", {"caseId": id_}),
    ]  # fmt: skip
    for typed, path, body in ways:
        world.hub.lists[path] = TRANSFER
        assert run(["--home", str(home), "transfers", *typed, "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["municipality"] == "0344"
        (call,) = (one for one in world.hub.calls if one.path.endswith(path))
        assert call.json == body
    world.hub.lists["case-transfers"] = {"transfers": [TRANSFER]}
    assert run(["--home", str(home), "transfers", "list"]) == 0
    assert "Wijkteam Oost" in capsys.readouterr().out
