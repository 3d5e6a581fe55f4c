"""A privacy officer checks the hub in ten minutes: every command of docs/audit.md, as it is written there."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from hub.cli import app
from hub.initialising import initialise, public_part
from hub.opening import open_hub
from hub.settings import HubSettings
from ledger import verify
from service import clock
from service.eventlog.appending import shard_of
from service.work import SYSTEM

PAGE = Path(__file__).parents[2] / "docs" / "audit.md"


def written() -> list[str]:
    """The commands of the page's last part, without what is said beside them."""
    part = PAGE.read_text("utf-8").partition("## In ten minutes")[2]
    [block] = re.findall(r"```sh\n(.*?)```", part, flags=re.DOTALL)
    return [line.partition("#")[0].strip() for line in block.splitlines() if line.strip()]


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> HubSettings:
    """A hub of which something stands in the log already."""
    for name, value in {"DATA": str(tmp_path / "hub"), "HUB_ID": "hub.example"}.items():
        monkeypatch.setenv(f"DAT_HUB_{name}", value)
    settings = HubSettings()
    initialise(settings)
    hub = open_hub(settings)
    with hub.database.work(SYSTEM):
        """What the first start wrote gets its place."""
    hub.database.close()
    return settings


def test_every_command_works_as_it_is_written(settings: HubSettings, tmp_path: Path) -> None:
    key, shard = str(public_part(settings)["ledger"]), shard_of(clock.now())
    commands = written()
    assert len(commands) == 9
    for command in commands:
        here = command.replace("/media/stick", str(tmp_path)).replace("2026h2", shard).replace('"$KEY"', key)
        program, *words = shlex.split(here)
        if program == "dat-hub":
            answer = CliRunner().invoke(app, words)
            assert answer.exit_code == 0, (command, answer.output)
        else:
            assert words.pop(0) == "verify.py", command
            assert verify.main(words) == 0, command
