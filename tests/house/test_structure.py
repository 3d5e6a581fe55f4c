"""The house, measured: what no room may do, whoever builds in it next."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
ROOMS = ("keys", "ledger", "service", "dat_client", "hub")
SOURCES = sorted(
    path for room in ROOMS for path in (ROOT / room).rglob("*.py") if "migrations" not in path.parts
)
FORBIDDEN_NAMES = {"utils.py", "util.py", "helpers.py", "common.py", "manager.py", "misc.py"}


def calls(path: Path) -> Iterator[tuple[str, str]]:
    """List (receiver, method) of every call by attribute in a file."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield ast.unparse(node.func.value), node.func.attr


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_nobody_commits_but_the_unit_of_work(path: Path) -> None:
    own_store = name_of(path).startswith("dat_client/")
    committed = [receiver for receiver, method in calls(path) if method == "commit"]
    assert own_store or not committed


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_only_the_clock_looks_at_the_clock(path: Path) -> None:
    if name_of(path) in {"service/clock.py", "dat_client/clock.py"}:
        return
    looked = [
        method
        for receiver, method in calls(path)
        if receiver in {"datetime", "date"} and method in {"now", "utcnow", "today"}
    ]
    assert not looked


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_rooms_have_a_name_that_says_what_they_are(path: Path) -> None:
    assert path.name not in FORBIDDEN_NAMES


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_files_stay_readable(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 320


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_no_router_speaks_of_http_errors(path: Path) -> None:
    if path.name == "router.py":
        assert "HTTPException" not in path.read_text()
