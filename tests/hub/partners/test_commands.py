"""`dat-hub partners` as an operator uses it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from typer.testing import CliRunner

from hub.onboarding.commands import onboarding_app
from hub.partners.commands import partners_app
from hub.partners.errors import DecisionMissingError, SchemeNotForKindError
from service.database import Database
from service.oauth.errors import InvalidKeyError
from tests.oauth_client import new_key, public_jwk

ADMIT = ["admit", "--kind", "school", "--oin", "00000099000000010000", "--name", "School De Linde",
         "--covenant-from", "2026-01-01", "--covenant-until", "2099-12-31"]  # fmt: skip


@pytest.fixture(autouse=True)
def environment(hub_database: Database, database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands find the hub's store by its settings."""
    monkeypatch.setenv("DAT_HUB_DATABASE_URL", database_url)


def run(*arguments: str) -> Any:
    result = CliRunner().invoke(partners_app, list(arguments), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def invoke(*arguments: str) -> None:
    result = CliRunner().invoke(partners_app, list(arguments), catch_exceptions=False)
    assert result.exit_code == 0, result.output


def onboard(*line: str) -> str:
    result = CliRunner().invoke(onboarding_app, line, catch_exceptions=False)
    return f"{result.exit_code} {result.output}"


def join(organisation: str) -> None:
    """Record what is asked, one thing after the other, and go live."""
    assert "1 not in order yet" in onboard("live", organisation)
    shown = ("--accession", "TV-1", "--dpia", "D-1", "--dpia-review", "2099-01-01")
    profile = [
        part for name in ("criteria", "functions", "coordinator", "notice") for part in ("--profile", name)
    ]
    assert onboard("record", organisation, *shown, *profile).startswith("0")
    assert onboard("record", organisation, "--linkage", "95").startswith("2")
    linkage = ("--linkage", "960/1000", "--linkage-date", "2026-01-01")
    assert onboard("record", organisation, *linkage).startswith("0")
    assert onboard("location", organisation, "Hoofdstraat", "--since", "2026-01-01").startswith("0")
    assert onboard("live", organisation).startswith("0")
    assert '"missing":[]' in onboard("show")


def test_an_operator_admits_authorises_registers_and_ends(tmp_path: Path) -> None:
    organisation = run(*ADMIT, "--location", "Hoofdstraat")["organisationId"]
    staff = run("staff", "add", organisation, "--role", "reporter", "--contact", "IB, 050-0000000")["staffId"]
    jwk = tmp_path / "public.jwk"
    key = new_key()
    jwk.write_text(json.dumps(public_jwk(key)))
    added = run("credential", "add", organisation, "linde-1", "--jwk", str(jwk), "--staff", staff)
    assert added == {"clientId": "linde-1", "thumbprint": key.thumbprint()}
    assert run("credential", "disable", "linde-1")["disabled"]
    assert run("staff", "end", staff, "--on", "2026-12-01")["activeUntil"] == "2026-12-01"
    assert run("covenant", organisation, "--covenant-from", "2100-01-01", "--covenant-until", "2100-12-31")
    assert run("staff", "train", staff, "--on", "2026-11-01")["trainedOn"] == "2026-11-01"
    join(organisation)
    assert run("list", "--json")[0]["state"] == "active"
    onboard("end", organisation, "--signals", "withdraw")
    [listed] = run("list", "--json")
    assert (listed["name"], listed["schemes"], listed["state"]) == (
        "School De Linde",
        ["demographic"],
        "ended",
    )


def test_an_organisation_and_its_staff_may_have_the_ids_that_the_key_holder_knows() -> None:
    organisation, staff = str(uuid4()), str(uuid4())
    assert run(*ADMIT, "--id", organisation)["organisationId"] == organisation
    assert run("staff", "add", organisation, "--role", "reporter", "--id", staff)["staffId"] == staff


def test_what_may_not_be_is_refused() -> None:
    with pytest.raises(SchemeNotForKindError):
        run(*ADMIT, "--scheme", "bsn")
    police = ["police" if word == "school" else word for word in ADMIT]
    with pytest.raises(DecisionMissingError):
        run(*police)
    assert run(*police, "--scheme", "bsn", "--decision", "BESLUIT-1")["schemes"] == ["bsn"]


def test_a_kind_may_come_from_the_deployment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kinds = tmp_path / "kinds.toml"
    kinds.write_text(
        '[debt_help]\ndomain = "income"\nmay_signal = true\nmay_receive = false\n'
        'schemes = ["demographic"]\nschemes_at_most = ["demographic"]\n'
    )
    monkeypatch.setenv("DAT_HUB_PARTNER_KINDS", str(kinds))
    assert run(*["debt_help" if word == "school" else word for word in ADMIT])["kind"] == "debt_help"


def test_sig_12_a_mandate_is_given_listed_and_ended_by_command() -> None:
    school = run(*ADMIT)["organisationId"]
    health = run(
        *[{"school": "youth_health", ADMIT[4]: "00000099000000020000"}.get(word, word) for word in ADMIT]
    )["organisationId"]
    invoke("mandate", school, "--to", health, "--mandate-from", "2026-01-01", "--mandate-until", "2099-12-31")
    listed = {one["organisationId"]: one["broughtBy"] for one in run("list", "--json")}
    assert listed == {
        school: [{"organisationId": health, "from": "2026-01-01", "until": "2099-12-31"}],
        health: [],
    }
    invoke("end-mandate", school, "--to", health)
    [ended] = {one["organisationId"]: one["broughtBy"] for one in run("list", "--json")}[school]
    assert ended["until"] < "2099-01-01"


@pytest.mark.parametrize("text", ["", "[]", "{", '{"kty": "RSA"}', "\x00"])
def test_a_file_that_is_no_public_key_is_refused(tmp_path: Path, text: str) -> None:
    organisation = UUID(run(*ADMIT)["organisationId"])
    jwk = tmp_path / "public.jwk"
    jwk.write_text(text)
    with pytest.raises(InvalidKeyError):
        run("credential", "add", str(organisation), "linde-1", "--jwk", str(jwk))


def test_every_command_shows_an_example() -> None:
    commands = [
        "admit",
        "covenant",
        "list",
        "mandate",
        "end-mandate",
        "staff add",
        "staff train",
        "staff end",
        "staff grant",
        "staff revoke",
        "staff roles",
        "credential add",
        "credential disable",
    ]
    for command in commands:
        result = CliRunner().invoke(partners_app, [*command.split(), "--help"])
        assert "Example: dat-hub partners" in result.stdout
