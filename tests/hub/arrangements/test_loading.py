"""Files of arrangements: every shipped one holds, and a wrong one is refused at its places."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from hub.arrangements.commands import arrangement_app
from hub.arrangements.errors import ArrangementInvalidError
from hub.arrangements.explanation import Language, explain
from hub.arrangements.loading import load_arrangement, parse_arrangement
from hub.documents import read_document

ROOT = Path(__file__).resolve().parents[3]
SHIPPED = sorted((ROOT / "deploy" / "arrangements").glob("*.toml"))
FILE = ROOT / "deploy" / "arrangements" / "access_team.toml"


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_shipped_file_holds_has_a_journey_and_can_be_explained(path: Path) -> None:
    found = load_arrangement(path)
    assert found.name == path.stem
    assert list((ROOT / "tests" / "journeys" / "arrangements").glob(f"test_row_*_{path.stem}.py"))
    assert f"`{path.stem}`" in (ROOT / "docs" / "arrangements.md").read_text("utf-8")
    lines = [explain(found, language) for language in Language]
    for rule in found.rules:
        assert all(any(f"[{rule.code}]" in line for line in told) for told in lines)
    assert lines[0] != lines[1]


def document(*steps: Any, value: Any) -> dict[str, Any]:
    """The file with one thing changed."""
    wrong: dict[str, Any] = deepcopy(read_document(FILE))
    place: Any = wrong
    for step in steps[:-1]:
        place = place[step]
    place[steps[-1]] = value
    return wrong


@pytest.mark.parametrize(
    ("steps", "value", "place"),
    [
        (("colour",), "blue", "/"),
        (("residences",), ["Utrecht"], "/residences/0"),
        (("residences",), [], "/residences"),
        (("residences",), ["034401"], "/residences/0"),
        (("controller",), "Utrecht", "/controller"),
        (("rules", 0, "to"), "somebody", "/rules/0/to"),
        (("rules", 0, "case"), False, "/rules/0/case"),
        (("rules", 1, "tier"), "nowhere", "/rules/1/tier"),
        (("rules", 2, "employers"), ["certified_institution"], "/rules/2/employers"),
        (("rules", 3, "case"), True, "/rules"),
        (("rules", 3, "code"), "casemanager", "/rules"),
        (("rules", 1, "region"), "somewhere", "/rules/1/region"),
        (("teams", 0, "areas"), ["0344"], "/rules"),
        (("casemanagers", "employers"), ["partner_service"], "/casemanagers/employers"),
        (("casemanagers", "employers"), ["provider"], "/casemanagers/employers"),
        (("casemanagers", "provider_separation"), False, "/casemanagers/without_separation_because"),
    ],
    ids=lambda value: "/".join(map(str, value)) if isinstance(value, (tuple, list)) else str(value),
)
def test_a_wrong_file_is_refused_at_its_place(steps: tuple[Any, ...], value: Any, place: str) -> None:
    with pytest.raises(ArrangementInvalidError) as failure:
        parse_arrangement(document(*steps, value=value))
    assert place in failure.value.places


def test_the_command_says_it_in_plain_words(tmp_path: Path) -> None:
    told = CliRunner().invoke(arrangement_app, ["explain", str(FILE), "--language", "en"])
    assert "1. If the person has a casemanager, the person's own casemanager hears" in told.output
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(FILE.read_text("utf-8").replace('to = "queue"', 'to = "nowhere"'))
    failed = CliRunner().invoke(arrangement_app, ["explain", str(wrong)])
    assert "/rules/1/to" in str(failed.exception)
