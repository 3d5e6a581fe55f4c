"""`dat-hub teams` as an operator uses it."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest
from typer.testing import CliRunner

from hub.teams.commands import teams_app
from service import clock
from service.clock import dutch_date
from service.database import Database
from tests.builders import admit_partner, authorise_staff


@pytest.fixture(autouse=True)
def environment(hub_database: Database, database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands find the hub's store by its settings."""
    monkeypatch.setenv("DAT_HUB_DATABASE_URL", database_url)


def run(*arguments: str) -> Any:
    result = CliRunner().invoke(teams_app, list(arguments), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout.strip()


def test_an_operator_lays_out_teams_and_posts(hub_database: Database) -> None:
    now: datetime = clock.now()
    organisation = admit_partner(hub_database, "municipal_team", now=now)
    school = admit_partner(hub_database, "school", now=now)
    coach = str(authorise_staff(hub_database, organisation, "casemanager", now=now).id)
    assert run("show") == "none"
    team, other = (
        json.loads(run("open", str(organisation.id), "--municipality", code))["teamId"]
        for code in ("0352", "0344")
    )
    post = json.loads(run("post", team, coach))["postId"]
    run("profile", coach, "--employer", "welfare", "--expertise", "youth", "--specialist")
    run("school-contact", str(school.id), "Dorp", "--team", team, "--staff", coach, "--since", "2026-01-01")
    run("intake", team)
    assert run("show") == team
    listed = {one["teamId"]: one for one in json.loads(run("list"))}
    assert (listed[team]["staff"], listed[other]["staff"]) == ([coach], [])
    run("end-post", post)
    run("succeed", team, other, "--on", str(dutch_date(now)))
    assert run("show") == other


def test_every_command_shows_an_example() -> None:
    for command in (
        "intake",
        "show",
        "open",
        "succeed",
        "post",
        "end-post",
        "profile",
        "school-contact",
        "list",
    ):
        result = CliRunner().invoke(teams_app, [command, "--help"])
        assert "Example: dat-hub teams" in result.stdout
