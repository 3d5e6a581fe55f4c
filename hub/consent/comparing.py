"""Say what differs between two policy documents, row by row: for whoever must approve the second."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

# By what a row of each table is known; a row that begins on another day is another row.
KEYS = {
    "bases": ("code", "valid_from_on"),
    "partners": ("kind",),
    "caps": ("sender", "basis", "recipient"),
    "brackets": ("bracket",),
    "acts": ("act",),
    "profiles": ("name",),
    "exceptions": ("code",),
    "terms": ("code",),
    "overrides": ("code",),
    "keeping": ("rule",),
    "rules": ("fact",),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs; `before` or `after` is None where there is none."""

    place: str
    before: Any
    after: Any


def compare(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """List what differs, by place: `/bases/JW_7_1_4_1 2015-01-01/valid_to_on`."""
    return sorted(_differ("", _keyed(before), _keyed(after)), key=lambda one: one.place)


def _keyed(document: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: {_key(row, KEYS[name]): row for row in value} if name in KEYS else value
        for name, value in document.items()
    }


def _key(row: Mapping[str, Any], names: tuple[str, ...]) -> str:
    return " ".join(str(row.get(name, "")) for name in names)


def _differ(place: str, before: Any, after: Any) -> Iterator[Difference]:
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for name in sorted(before.keys() | after.keys()):
            yield from _differ(f"{place}/{name}", before.get(name), after.get(name))
    elif _plain(before) != _plain(after):
        yield Difference(place, before, after)


def _plain(value: Any) -> Any:
    """Take a list for what it is here: a set of names, whose order says nothing."""
    return sorted(map(str, value)) if isinstance(value, list) else value
