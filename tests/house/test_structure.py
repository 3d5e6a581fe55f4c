"""The house, measured: what no room may do, whoever builds in it next."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
ROOMS = ("keys", "ledger", "look", "service", "dat_client", "hub", "demo")
SOURCES = sorted(
    path for room in ROOMS for path in (ROOT / room).rglob("*.py") if "migrations" not in path.parts
)
FORBIDDEN_NAMES = {"utils.py", "util.py", "helpers.py", "common.py", "manager.py", "misc.py"}
# Programs that are carried elsewhere as one file, and may import nothing of ours.
ALONE = {"ledger/verify.py", "ledger/witness.py"}
CLOCKS = {"service/clock.py", "dat_client/clock.py"}


def calls(path: Path) -> Iterator[tuple[str, str]]:
    """List (receiver, method) of every call by attribute in a file."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield ast.unparse(node.func.value), node.func.attr


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def files_that_call(*methods: str, on: set[str] | None = None) -> set[str]:
    return {
        name_of(path)
        for path in SOURCES
        for receiver, method in calls(path)
        if method in methods and (on is None or receiver in on)
    }


def test_nobody_commits_but_the_unit_of_work() -> None:
    assert {name for name in files_that_call("commit") if not name.startswith("dat_client/")} == set()


def test_only_the_clock_looks_at_the_clock() -> None:
    assert files_that_call("now", "utcnow", "today", on={"datetime", "date"}) <= CLOCKS


def test_rules_are_told_the_time() -> None:
    assert not {name for name in files_that_call("now", on={"clock"}) if name.endswith("policy.py")}


def test_rooms_have_a_name_that_says_what_they_are() -> None:
    assert not [name_of(path) for path in SOURCES if path.name in FORBIDDEN_NAMES]


def test_files_stay_readable() -> None:
    long = {name_of(path) for path in SOURCES if len(path.read_text().splitlines()) > 320}
    assert long <= ALONE
    assert not [name for name in ALONE if len((ROOT / name).read_text().splitlines()) > 540]


def test_no_router_speaks_of_http_errors() -> None:
    routers = [path for path in SOURCES if path.name == "router.py"]
    assert not [name_of(path) for path in routers if "HTTPException" in path.read_text()]
