"""`dat-keys`: a holder set up, and refused when it is unsafe."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from typer.testing import CliRunner, Result

from keys.holder.app import create_app
from keys.holder.cli import app
from keys.holder.errors import RotationRefusedError
from keys.holder.opening import open_database
from keys.holder.settings import HolderSettings
from keys.protocol.encoding import b64u, unb64u
from keys.protocol.rotation import check_delta
from ledger.note import Signer
from service.errors import UnsafeSettingsError
from service.work import SYSTEM
from tests.oauth_client import new_key, public_jwk


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A holder's own directory, after `init`."""
    place = tmp_path / "holder"
    monkeypatch.setenv("DAT_KEYS_DATA", str(place))
    run("init")
    return place


def run(*words: object) -> Result:
    """Run a command that must succeed."""
    done = CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done


def said(*words: object) -> Any:
    return json.loads(run(*words).stdout)


def test_a_partner_is_admitted_listed_and_disabled(data: Path, tmp_path: Path) -> None:
    jwk, organisation, reporter = tmp_path / "public.jwk", uuid4(), uuid4()
    jwk.write_text(json.dumps(public_jwk(new_key())))
    run("admit", "--client-id", "school-1", "--organisation", organisation, "--jwk", jwk, "--scheme", "bsn=5")
    run("reporter", "add", "--organisation", organisation, "--reporter", reporter, "--per-day", 7)
    (client,) = said("list", "--json")
    assert (client["schemes"], client["reporters"], client["disabled"]) == ({"bsn": 5}, 1, False)
    run("reporter", "end", "--organisation", organisation, "--reporter", reporter)
    run("disable", "school-1")
    assert said("list", "--json")[0]["disabled"]
    assert said("log", "verify", "--json") == {"verified": True, "events": 5, "pending": 0, "findings": []}


@pytest.mark.parametrize("name", ["token", "ledger", "share.bsn.1.1.1-of-1"])
def test_a_key_that_others_can_read_stops_the_start(data: Path, name: str) -> None:
    (data / "keys" / name).chmod(0o644)
    with pytest.raises(UnsafeSettingsError, match="chmod 600"):
        create_app(HolderSettings(data=data))


def test_tables_of_another_version_stop_the_start(data: Path) -> None:
    (data / "holder.db").unlink()
    with pytest.raises(UnsafeSettingsError, match="dat-keys migrate"):
        create_app(HolderSettings(data=data))


def test_init_twice_keeps_the_keys(data: Path) -> None:
    assert said("init") == said("public-part")


def test_the_root_signs_what_the_parties_print(data: Path, tmp_path: Path) -> None:
    hub, holder, root = (tmp_path / name for name in ("hub.json", "holder.json", "root.key"))
    log = Signer.generate("hub.example/audit").verifier.to_text()
    hub.write_text(
        json.dumps({"hubId": "hub.example", "receiptKey": b64u(bytes(32)), "ledger": log, "envelopeKeys": []})
    )
    holder.write_text(run("public-part").stdout)
    pinned = run("root", "create", "--out", root).stdout.strip()
    assert stat.S_IMODE(root.stat().st_mode) == 0o600
    out = data / "manifest.jws"
    run("manifest", "sign", "--root", root, "--hub", hub, "--holder", holder, "--out", out)
    assert "hub.example" in run("manifest", "show", out, "--root-public", pinned).output


def test_a_rotation_writes_the_scalar_between_two_epochs(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "bsn.delta"
    assert said("rotate", "--scheme", "bsn", "--out", out)["epoch"] == 2
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    publics = {
        share["epoch"]: share["public"] for share in said("public-part")["shares"] if share["scheme"] == "bsn"
    }
    check_delta(out.read_bytes(), unb64u(publics[1]), unb64u(publics[2]))
    run("destroy-epoch", "--scheme", "bsn", "--epoch", 1)
    assert not (data / "keys" / "share.bsn.1.1.1-of-1").exists()


def test_the_only_epoch_is_not_destroyed(data: Path) -> None:
    with pytest.raises(RotationRefusedError):
        CliRunner().invoke(app, ["destroy-epoch", "--scheme", "bsn", "--epoch", "1"], catch_exceptions=False)
    assert said("log", "verify", "--json")["pending"] == 0


def test_the_log_is_verified_while_others_write(data: Path) -> None:
    database = open_database()
    with database.work(SYSTEM):
        assert said("log", "verify", "--json")["verified"]
    database.close()


def test_no_scalar_leads_away_from_a_compromised_shared_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DAT_KEYS_DATA", str(tmp_path / "holder"))
    run("init", "--dealt")
    run("deal", "--threshold", 2, "--shares", 3, "--out", tmp_path / "dealt")
    files = sorted((tmp_path / "dealt").iterdir())
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    run("import-share", files[1])
    delta = tmp_path / "delta"
    run("draw-delta", "--out", delta)
    assert said("rotate", "--scheme", "bsn", "--delta", delta)["epoch"] == 2
    run("rotate", "--scheme", "bsn", "--compromised")
    with pytest.raises(RotationRefusedError):
        CliRunner().invoke(app, ["rotate", "--scheme", "bsn", "--delta", str(delta)], catch_exceptions=False)


def test_a_share_file_that_others_can_read_is_refused(data: Path, tmp_path: Path) -> None:
    run("deal", "--threshold", 1, "--shares", 1, "--epoch", 3, "--out", tmp_path / "dealt")
    (file,) = (tmp_path / "dealt").iterdir()
    file.chmod(0o640)
    with pytest.raises(UnsafeSettingsError):
        CliRunner().invoke(app, ["import-share", str(file)], catch_exceptions=False)
