"""Inquiries, households, teams and how matches go, as `dat` is typed."""

from __future__ import annotations

import json
from typing import Any

import pytest

from dat_client.cli import run
from tests.dat_client.world import World

ID, OTHER = "3f0a2a7e-0f0c-4b56-9c5e-0d4f7a0c2b11", "9e1d3a1e-6b0e-4b56-9c5e-0d4f7a0c2b12"
AT = "2026-11-18T12:00:00Z"
CLOCKS = [{"code": "assess", "dueAt": AT, "doneAt": AT}, {"code": "decide", "dueAt": "2026-12-02T12:00:00Z"}]
INQUIRY = {"matchId": ID, "openedAt": AT, "clocks": CLOCKS}
LEAD = {"householdId": ID, "lead": OTHER}
OWNED = {"matchId": ID, "state": "taken_up", "caseLead": "subject", "effect": "earlier"}
ACTS: list[tuple[str, str, dict[str, Any], dict[str, Any]]] = [
    ("inquiries record {} --done assess --child-heard 2026-11-20 --parents-not-involved unsafe",
     "matches/{}/inquiry",
     {"done": ["assess"], "childHeardDate": "2026-11-20", "parentsNotInvolved": "unsafe"}, INQUIRY),
    ("households lead {} {other}", "households/{}/lead", {"staffId": OTHER}, LEAD),
    ("households offer {} {other}", "households/{}/lead-offer", {"colleague": OTHER}, LEAD),
    ("households answer {} accepted", "households/{}/lead-answer", {"answer": "accepted"}, LEAD),
    ("matches progress {} --subject-leads --contacted 2026-11-20 --effect earlier", "matches/{}/follow-up",
     {"caseLead": "subject", "contactedDate": "2026-11-20", "effect": "earlier"}, OWNED),
    ("matches assign {} {other}", "matches/{}/assignment", {"staffId": OTHER}, {}),
    ("matches retract {} --verified own_file", "matches/{}/retraction", {"verified": "own_file"}, {}),
]  # fmt: skip
LISTS: list[tuple[str, str, dict[str, Any], str]] = [
    ("inquiries list", "inquiries", {"inquiries": [INQUIRY]}, "decide"),
    ("households list", "households", {"households": [{**LEAD, "since": AT, "matches": 2}]}, OTHER),
    ("follow-ups list", "follow-ups", {"followUps": [{"matchId": ID, "openedAt": AT, "state": "asked"}]}, ID),
    ("follow-ups orphans", "orphans", {"followUps": []}, ""),
    ("teams list", "teams",
     {"teams": [{"teamId": ID, "members": [{"staffId": OTHER, "leads": True}]}]}, "lead"),
    ("teams schools", "school-locations",
     {"locations": [{"organisationId": ID, "location": "Dorp", "face": "Schoolteam"}]}, "Schoolteam"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "path", "body", "answer"), ACTS, ids=lambda one: str(one)[:24])
def test_each_act_says_what_was_typed_and_no_more(
    world: World,
    capsys: pytest.CaptureFixture[str],
    line: str,
    path: str,
    body: dict[str, Any],
    answer: dict[str, Any],
) -> None:
    home, typed = world.make_home(), line.format(ID, other=OTHER).split()
    world.hub.lists[path.format(ID)] = answer
    assert run(["--home", str(home), *typed]) == 0
    (call,) = (one for one in world.hub.calls if one.path.endswith(path.format(ID)))
    assert call.json == body
    if answer:
        assert run(["--home", str(home), *typed, "--json"]) == 0
        assert json.loads(capsys.readouterr().out.splitlines()[-1])


@pytest.mark.parametrize(("line", "path", "answer", "shown"), LISTS, ids=lambda one: str(one)[:24])
def test_each_list_is_shown(
    world: World, capsys: pytest.CaptureFixture[str], line: str, path: str, answer: dict[str, Any], shown: str
) -> None:
    home = world.make_home()
    world.hub.lists[path] = answer
    assert run(["--home", str(home), *line.split()]) == 0
    assert shown in capsys.readouterr().out
    assert run(["--home", str(home), *line.split(), "--json"]) == 0
    json.loads(capsys.readouterr().out)


@pytest.mark.parametrize(
    "line",
    [
        "matches progress {} --lead {other} --subject-leads",
        "inquiries record {} --child-heard 2026-11-20 --child-not-heard unsafe",
    ],
)
def test_what_contradicts_itself_is_not_sent(world: World, line: str) -> None:
    home = world.make_home()
    assert run(["--home", str(home), *line.format(ID, other=OTHER).split()]) == 2
    assert not [one for one in world.hub.calls if ID in one.path]


def test_somebody_says_that_they_are_away(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    home = world.make_home()
    said = {"sinceDate": "2026-12-21", "untilDate": "2027-01-04", "cover": OTHER, "staffId": None}
    world.hub.lists["absences"] = {**said, "absenceId": ID, "staffId": OTHER}
    line = ["teams", "away", "--since", "2026-12-21", "--until", "2027-01-04", "--cover", OTHER]
    assert run(["--home", str(home), *line]) == 0
    assert ID in capsys.readouterr().out
    (call,) = (one for one in world.hub.calls if one.path.endswith("absences"))
    assert call.json == said
