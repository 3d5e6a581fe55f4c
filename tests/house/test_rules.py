"""Every rule on signals, consent and transparency is named where it is kept, and by a test."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RULES = [
    f"{letters}-{number:02}"
    for letters, last in (("SIG", 18), ("CON", 16), ("TRA", 14))
    for number in range(1, last + 1)
]


@lru_cache(maxsize=1)
def sources() -> str:
    """All that the program says of itself, and the packaged rules and texts."""
    paths = [path for folder in ("hub", "dat_client") for path in sorted((ROOT / folder).rglob("*.py"))]
    return "\n".join(path.read_text("utf-8") for path in paths)


@lru_cache(maxsize=1)
def named_in_tests() -> frozenset[str]:
    """The rules in the names of tests and of their cases."""
    texts = [path.read_text("utf-8") for path in sorted((ROOT / "tests").rglob("test_*.py"))]
    names = re.findall(r"def (test_\w+)", "\n".join(texts))
    found = {f"{one.upper()}-{number}" for name in names for one, number in rules_in(name)}
    return frozenset(found | set(re.findall(r'"((?:SIG|CON|TRA)-\d\d) [a-z]', "\n".join(texts))))


def rules_in(name: str) -> list[tuple[str, str]]:
    return re.findall(r"(?:^|_)(sig|con|tra)_(\d\d)(?=_|$)", name)


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_is_named_where_it_is_kept_and_by_a_test(rule: str) -> None:
    assert rule in sources()
    assert rule in named_in_tests()


def test_a_name_may_hold_more_than_one() -> None:
    assert rules_in("test_sig_07_sig_10_it_ends") == [("sig", "07"), ("sig", "10")]


@pytest.mark.parametrize("room", ["hub", "keys", "dat_client", "service", "demo", "bench"])
def test_the_date_of_a_moment_is_the_one_in_the_netherlands(room: str) -> None:
    """From midnight to two in the Netherlands it is yesterday by UTC: nobody is told of the wrong day."""
    utc = re.compile(r"(?:_at|now|now\(\)|timedelta\([^()]*\)\))\.date\(\)")
    files = sorted((ROOT / room).rglob("*.py"))
    assert files
    assert [str(path) for path in files if utc.search(path.read_text("utf-8"))] == []
