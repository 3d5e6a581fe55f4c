"""`dat` about telling the person and overrides: what is sent, and what is shown."""

from __future__ import annotations

import json
from pathlib import Path
from uuid import uuid4

import pytest

from dat_client.cli import run
from tests.dat_client.world import World

SIGNAL, OVERRIDE = uuid4(), uuid4()
STATUS = {
    "overrideId": str(OVERRIDE),
    "signalId": str(SIGNAL),
    "ground": "vital_interest",
    "state": "open",
    "askedAt": "2026-11-20T10:00:00Z",
    "closesAt": "2026-11-21T10:00:00Z",
    "confirmed": False,
    "outcome": None,
    "toldDate": None,
    "postponedUntilDate": None,
}
TEXT = {
    "letters": [
        {"reader": "youth", "title": "Een bericht over jou", "sections": [
            {"code": "that", "title": "Wat gebeurt er?", "text": "Er was contact."}]}],
    "guidance": ["Is er nu gevaar? Bel 112."],
    "policy": "0" * 32,
}  # fmt: skip
PREVIEW = {
    "mayPost": True, "reasons": [], "noticeTo": ["subject"], "consentOf": [], "exceptionPossible": True,
    "told": [{"recipientKind": "municipal_team", "level": 2, "text": "dat er contact was"}],
    "feedbackConsents": [], "policy": "0" * 32,
}  # fmt: skip


def dat(home: Path, *arguments: object) -> int:
    return run(["--home", str(home), *map(str, arguments)])


def test_the_letters_are_printed_and_the_guidance_goes_beside_them(
    world: World, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world.hub.lists["notice-texts"] = TEXT
    assert dat(home, "notice-text", "school", "JW_7_1_4_1", "12-15") == 0
    printed = capsys.readouterr()
    assert "Er was contact." in printed.out
    assert "112" in printed.err


def test_a_preview_names_who_would_hear(world: World, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    world.hub.lists["telling-previews"] = PREVIEW
    assert dat(home, "preview", "school", "JW_7_1_4_1", "12-15", "--json") == 0
    assert json.loads(capsys.readouterr().out)["told"][0]["recipient_kind"] == "municipal_team"


def test_a_notice_is_attested_and_an_exception_asked(
    world: World, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = {
        "signalId": str(SIGNAL),
        "subjectNotice": "given",
        "givenDate": "2026-11-20",
        "givenTo": ["subject"],
    }
    world.hub.lists[f"signals/{SIGNAL}/subject-notice"] = told
    assert dat(home, "subject-notice", "attest", SIGNAL, "--given", "2026-11-20", "--to", "both") == 0
    assert world.hub.calls[-1].json["givenTo"] == ["representative", "subject"]
    asked = {
        "signalId": str(SIGNAL),
        "changeId": str(uuid4()),
        "state": "open",
        "expiresAt": STATUS["askedAt"],
    }
    world.hub.lists[f"signals/{SIGNAL}/notice-exception"] = asked
    assert dat(home, "subject-notice", "except", SIGNAL, "--code", "investigation") == 0
    assert str(asked["changeId"]) in capsys.readouterr().out
    assert dat(home, "subject-notice", "overdue") == 0


def test_an_override_is_asked_confirmed_reviewed_and_told(
    world: World, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world.hub.lists["overrides"] = {"overrides": [STATUS]}
    for act in ("confirmation", "review", "subject-notice"):
        world.hub.lists[f"overrides/{OVERRIDE}/{act}"] = STATUS
    assert dat(home, "override", "ask", SIGNAL, "--ground", "vital_interest") == 0
    assert "0800-2000" in capsys.readouterr().err
    assert dat(home, "override", "list", "--json") == 0
    assert json.loads(capsys.readouterr().out)[0]["override_id"] == str(OVERRIDE)
    assert dat(home, "override", "confirm", OVERRIDE) == 0
    assert dat(home, "override", "review", OVERRIDE, "--outcome", "justified") == 0
    assert dat(home, "override", "told", OVERRIDE, "--given", "2026-11-20") == 0
    assert dat(home, "override", "told", OVERRIDE) == 0
