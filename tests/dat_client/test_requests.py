"""The rights desk of the client: what leaves it, and the own file numbers that come back."""

from __future__ import annotations

import stat
from pathlib import Path
from uuid import uuid4

import pytest

from dat_client import Client
from dat_client.cli import run
from tests.dat_client.world import CANARY, World


def test_a_filed_request_says_how_and_by_whom_and_nothing_of_the_person(client: Client, world: World) -> None:
    request_id = client.file_request(
        CANARY,
        kind="access",
        identification="document_at_desk",
        filed_by="subject",
        reference="VERZOEK-7",
    )
    (stored,) = world.hub.list_kind("requestId")
    assert stored.id == request_id
    assert stored.body["identification"] == "document_at_desk"
    assert set(stored.body) == {
        "kind", "identification", "filedBy", "authority", "authorityHolders", "holdersAsking", "ability",
        "bracket", "bracketEnds", "tokenTypes", "envelope",
    }  # fmt: skip
    assert world.holder.calls[-1].json["purpose"] == "rights"
    assert b"VERZOEK-7" not in b"".join(world.services.sent())
    assert CANARY.surname.encode() not in b"".join(world.services.sent())
    world.hub.lists["rights-requests"] = {
        "requests": [{"requestId": str(request_id), "kind": "access", "state": "received"}]
    }
    assert [one.reference for one in client.list_requests()] == ["VERZOEK-7"]


def test_whoever_is_asked_for_advice_sees_the_own_file_number(client: Client, world: World) -> None:
    request_id = client.file_request(
        CANARY, kind="erasure", identification="digid", filed_by="subject", reference="DOSSIER-3"
    )
    asked = {
        "adviceId": str(uuid4()),
        "requestKind": "erasure",
        "registrationId": str(request_id),
        "registrationKind": "signal",
        "doubt": True,
    }
    world.hub.lists["rights-advices"] = {"advices": [asked]}
    (one,) = client.list_asked()
    assert (one.doubt, one.reference) == (True, "DOSSIER-3")


def test_a_letter_is_saved_for_its_owner_only(client: Client, world: World, tmp_path: Path) -> None:
    world.hub.lists["rights-requests"] = {"letter": "%PDF"}
    out = tmp_path / "brief.pdf"
    client.save_letter(uuid4(), out, part="police")
    assert b"%PDF" in out.read_bytes()
    assert stat.S_IMODE(out.stat().st_mode) == 0o600


def test_an_organisation_learns_what_became_of_its_own(client: Client, world: World) -> None:
    told = {"tellingId": str(uuid4()), "about": str(uuid4()), "effect": "erase", "ground": "wrong_person"}
    world.hub.lists["rights-tellings"] = {"tellings": [told]}
    assert [one.effect for one in client.list_told()] == ["erase"]


def test_a_decision_may_be_about_one_finding_and_a_report_about_one_controller(
    client: Client, world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.hub.lists["rights-requests"] = {"requestId": str(uuid4())}
    finding = str(uuid4())
    granted = ["--outcome", "granted", "--ground", "wrong_person"]
    assert run(["--home", str(client.home), "rights", "report", finding, "--part", "police"]) == 0
    assert world.hub.calls[-1].query == {"controller": ["police"]}
    run(["--home", str(client.home), "rights", "decide", finding, *granted, "--finding", finding])
    assert world.hub.calls[-1].json["findingIds"] == [finding]
    assert "Traceback" not in capsys.readouterr().err
