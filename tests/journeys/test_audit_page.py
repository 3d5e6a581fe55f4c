"""A privacy officer does what docs/audit.md says: every command on the page is run as it is written there."""

from __future__ import annotations

import json
import re
import shlex
import threading
from collections.abc import Iterator, Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from typer.testing import CliRunner

import hub.audit.witness
from dat_client.cli import app as dat
from hub.alarms.service import raise_alarms
from hub.alarms.values import AlarmCode, Found
from hub.audit.keys import ledger_signer
from hub.audit.lines import index_lines
from hub.cli import app as dat_hub
from hub.initialising import public_part
from keys.holder.cli import app as dat_keys
from ledger import verify, witness
from service import clock
from service.clock import dutch_date
from service.eventlog.appending import shard_of
from service.work import SYSTEM
from tests.builders import everything
from tests.promises.acts import searched
from tests.promises.town import Town, settled
from tests.witnesses import COSIGNER, InProcessWitness

PAGE = (Path(__file__).parents[2] / "docs" / "audit.md").read_text("utf-8")
COMMAND = re.compile(r"```sh\n(.*?)```|`((?:dat|dat-hub|dat-keys|python)\s[^`]+)`", flags=re.DOTALL)
PROGRAMS = {"dat": dat, "dat-hub": dat_hub, "dat-keys": dat_keys}
ALONE = {"verify.py": verify, "witness.py": witness}
# Named on the page without what they need: whoever follows the link asks them what that is.
NAMED = {
    "dat-hub audit submission",
    "dat-hub audit export-tiles",
    "dat-hub audit ask",
    "dat-hub rights desk",
}
# Of the partner's machine: run there in tests/dat_client/test_cli.py and at the end of the demo.
PARTNERS = {"dat honey", "dat receipts verify --log"}


def written() -> list[str]:
    """The commands of the page in its order, without what is said beside them."""
    found: list[str] = []
    for block, alone in COMMAND.findall(PAGE):
        lines = re.sub(r"\\\n\s*", "", block).splitlines() or [" ".join(alone.split())]
        found += [line.partition("  #")[0].strip() for line in lines if line.strip()]
    return found


@dataclass
class Officer:
    """Somebody with the page in hand, at the hub's machine and at a laptop.

    Attributes:
        values: what stands for the values that the page cannot know.
        said: what every command printed.
    """

    folder: Path
    shard: str
    values: Mapping[str, str]
    said: dict[str, str] = field(default_factory=dict)

    def follow(self, command: str) -> None:
        """Run a command of the page."""
        line = command
        for name, value in self.values.items():
            line = line.replace(name, value)
        words, _, target = line.partition(" > ")
        program, *arguments = shlex.split(words)
        if command in NAMED | PARTNERS:
            arguments = [one for one in arguments if not one.startswith("-")] + ["--help"]
        self.said[command] = said = self._run(program, arguments, command)
        if target:
            (self.folder / target).write_text(said)
        self._go_on(command, said)

    def _run(self, program: str, arguments: list[str], command: str) -> str:
        if program == "python":
            with redirect_stdout(StringIO()) as said:
                assert ALONE[arguments[0]].main(arguments[1:]) == 0, command
            return said.getvalue()
        answer = CliRunner().invoke(PROGRAMS[program], arguments)
        # Whoever lists alarms is told by the exit that one is open.
        told = program == "dat-hub" and arguments[:2] == ["alarms", "list"]
        assert answer.exit_code in ((0, 1) if told else (0,)), (command, answer.output)
        return answer.output

    def _go_on(self, command: str, said: str) -> None:
        """Do what the page says in words."""
        if "export-tiles /media" in command:
            head = self.folder / "log" / self.shard / "checkpoint"
            (self.folder / "kept.checkpoint").write_bytes(head.read_bytes())
        if "witness.py init" in command:
            with (self.folder / "witnesses").open("a") as keys:
                keys.write("\n".join(re.findall(r"\S+\+[0-9a-f]{8}\+\S+", said)) + "\n")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the officer works, and the hub beside it."""
    return tmp_path_factory.mktemp("page")


@pytest.fixture(scope="module")
def town(folder: Path) -> Iterator[Town]:
    """A hub in which something happened."""
    with settled(folder, f"sqlite:///{folder / 'hub.db'}", hub_id="hub.example") as town:
        yield town


@pytest.fixture(scope="module")
def officer(town: Town, folder: Path) -> Iterator[Officer]:
    """The officer of a hub whose witness cosigns every head as soon as somebody waits for it."""
    values = happen(town, folder)
    signer = ledger_signer(town.hub.keys, "hub.example")
    (folder / "holder").mkdir()
    cosigning, stopped = InProcessWitness(folder / "holder", signer), threading.Event()
    sequencer = cosigning.sequencer(town.database, signer)
    sequencer.turn()
    with town.database.work(SYSTEM) as work:
        index_lines(work, limit=10_000)
    (folder / "witnesses").write_text("".join(f"{key.to_text()}\n" for key in COSIGNER.keys))
    cosigns = threading.Thread(target=sequencer.run_when_wanted, args=(stopped,))
    cosigns.start()
    with pytest.MonkeyPatch.context() as here:
        here.setattr(hub.audit.witness, "HttpWitness", lambda *_a, **_k: cosigning)
        here.chdir(folder)
        for name, value in {
            "DAT_HUB_DATA": str(folder / "hub"),
            "DAT_HUB_DATABASE_URL": town.hub.settings.database_url,
            "DAT_HUB_HUB_ID": "hub.example",
            "DAT_HUB_WITNESS_URL": "https://holder.example/v1/witness",
            "DAT_HUB_WITNESS_KEYS": str(folder / "witnesses"),
            "DAT_KEYS_DATA": str(folder / "keys"),
        }.items():
            here.setenv(name, value)
        assert CliRunner().invoke(dat_keys, ["init"]).exit_code == 0
        yield Officer(folder, shard_of(clock.now()), values)
    stopped.set()
    cosigns.join()
    cosigning.database.close()


def happen(town: Town, folder: Path) -> dict[str, str]:
    """Let a signal, a citizen's request and an alarm come; returns what the page leaves open."""
    receipt = town.signal("school", everything("mila")).post(town.client("school")).json()
    (folder / "receipt.json").write_text(json.dumps(receipt))
    request, staff = searched(town, kind="access"), town.staff("anna")
    with town.database.work(SYSTEM) as work:
        found = Found(AlarmCode.UNUSUAL_READING, staff.organisation_id, staff.id, 61, 60, "looked")
        raise_alarms(work, [found])
    public, shard = public_part(town.hub.settings), shard_of(clock.now())
    [(alarm,)] = town.rows("SELECT id FROM alarm")
    return {
        "/media/stick": str(folder),
        "2026h2": shard,
        "hub.example/audit+…+…": str(public["ledger"]),
        "$KEY": str(public["ledger"]),
        "$HOLDER": COSIGNER.keys[0].to_text(),
        "holder.example/witness+…+…": COSIGNER.keys[0].to_text(),
        "--receipt-key '…'": f"--receipt-key={public['receiptKey']}",
        "6f1c…": request,
        "90b2…": str(staff.id),
        "3a55…": str(alarm),
        "5b0c…": str(staff.organisation_id),
    }


def test_every_command_of_the_page_works_as_it_is_written(officer: Officer) -> None:
    commands = written()
    assert len(commands) > 25
    assert {"dat-hub audit cosignature cosigned.note", *NAMED, *PARTNERS} <= set(commands)
    for command in commands:
        officer.follow(command)
    said = officer.said
    assert "fg.gemeente.example/w1: cosigned" in said["dat-hub audit cosignature cosigned.note"]
    assert "nothing was changed" in said["dat-hub audit verify --open"]
    [asked] = [said[one] for one in commands if one.startswith("dat-hub audit ask AUD-03")]
    assert "een signaal afgegeven" in asked


def test_every_question_is_answered_in_words_over_the_api_and_on_the_command_line(
    officer: Officer, town: Town
) -> None:
    asking, today = town.client("officer"), dutch_date(clock.now())
    period = {"fromDate": str(today - timedelta(days=30)), "untilDate": str(today)}
    about = {
        "AUD-03": {"purpose": "rights_request", "requestId": officer.values["6f1c…"]},
        "AUD-04": {"purpose": "misuse_check", "staffId": officer.values["90b2…"]},
        "AUD-14": {"purpose": "breach", "lost": ["hub_database"]},
    }
    on_the_page = set(re.findall(r"audit ask (AUD-\d\d)", PAGE))
    known = [one["question"] for one in asking.get("/audit-questions").json()["questions"]]
    assert known == [f"AUD-{number:02}" for number in range(1, 16)]
    for id_ in known:
        body = {"question": id_, "purpose": "supervision", **period, **about.get(id_, {})}
        answer = asking.post("/audit-answers", json=body)
        assert answer.status_code == 200, answer.text
        said = [line["said"] for line in answer.json()["lines"]]
        assert all(one["nl"] != one["en"] for one in said)
        if id_ not in on_the_page:
            words = ["audit", "ask", id_, "--purpose", "supervision", "--json"]
            printed = json.loads(CliRunner().invoke(dat_hub, words).output)
            assert len(printed["lines"]) >= len(said), id_


def test_the_page_asks_at_most_nine_things_in_ten_minutes() -> None:
    part = PAGE.partition("## In ten minutes")[2].partition("```sh")[2].partition("```")[0]
    assert part.count("dat-hub ") + part.count("python ") == 9
