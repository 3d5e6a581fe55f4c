"""Which municipality answers for a person (woonplaatsbeginsel); worked out here, and only its code leaves.

Source: Jeugdwet 1.1, woonplaats (Stb. 2020, 78, from 2022); domain.md MAT-08, ROU-15.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from dat_client.errors import ConfigurationError
from dat_client.identity.nl1 import normalise_postcode

MUNICIPALITY = re.compile(r"(?:GM)?([0-9]{4})", re.IGNORECASE)
STATED = re.compile(r"GM([0-9]{4})", re.IGNORECASE)
DISTRICT = re.compile(r"(?:WK)?([0-9]{6})", re.IGNORECASE)


class Step(StrEnum):
    """By which step of the rule a municipality answers."""

    HOME = "home"
    BEFORE_CARE = "before_care"
    MOTHER_AT_BIRTH = "mother_at_birth"
    STAYS = "stays"


class Certainty(StrEnum):
    """How much the poster knows of where a person lives; of two who disagree, whoever knows more is followed.

    Whether somebody stays in care is said to nobody: `established` says only that the poster knows which.
    """

    ESTABLISHED = "established"
    ADDRESS = "address"
    ASSUMED = "assumed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Living:
    """Where a person lives, as this organisation knows it; each a postcode, or a municipality as `GM0352`.

    Attributes:
        home: the address in the register (BRP), or the municipality where only that is known.
        in_care: whether the person stays in care with an overnight stay; the home address is then the care's.
            None where this organisation does not know.
        before_care: where the person lived immediately before.
        mother_at_birth: where the mother was registered at birth.
        stays: where the person is now.
    """

    home: str = field(default="", repr=False)
    in_care: bool | None = None
    before_care: str = field(default="", repr=False)
    mother_at_birth: str = field(default="", repr=False)
    stays: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Residence:
    """The code that goes along with a signal: a municipality of four digits, or a district of six."""

    code: str
    step: Step
    certainty: Certainty = Certainty.ADDRESS


Places = Mapping[str, str]
"""Postcode to code; a postcode that lies in two municipalities is in it with neither."""


def resolve(living: Living, places: Places) -> Residence | None:
    """Return which municipality answers for a person, by the first step that gives one.

    Of a person who stays in care the home address is never asked: it is where the care is, and a move into
    care leaves the municipality responsible that was so before.
    """
    for step, where in _steps(living):
        if code := _code_of(where, places):
            return Residence(code, step, _certainty_of(step, living))
    return None


def _certainty_of(step: Step, living: Living) -> Certainty:
    if step in {Step.MOTHER_AT_BIRTH, Step.STAYS}:
        return Certainty.ASSUMED
    return Certainty.ADDRESS if living.in_care is None else Certainty.ESTABLISHED


def _steps(living: Living) -> Iterator[tuple[Step, str]]:
    if living.in_care:
        yield Step.BEFORE_CARE, living.before_care
    else:
        yield Step.HOME, living.home
    yield Step.MOTHER_AT_BIRTH, living.mother_at_birth
    yield Step.STAYS, living.stays


def _code_of(where: str, places: Places) -> str | None:
    if found := STATED.fullmatch(where.strip()):
        return found[1]
    postcode = normalise_postcode(where) if where.strip() else None
    return places.get(postcode) or None if postcode else None


def load_places(path: Path) -> Places:
    """Read a table of postcodes, once per process: columns `postcode` and `gemeente`, and perhaps `wijk`.

    The yearly file of Statistics Netherlands (CBS, postcode by house number) has columns that begin so.

    Raises:
        ConfigurationError: It is not there, or not such a table.
    """
    try:
        return _load(path, path.stat().st_mtime_ns)
    except (OSError, UnicodeDecodeError, csv.Error, KeyError, ValueError):
        raise ConfigurationError("the postcode table has no columns postcode and gemeente") from None


@lru_cache(maxsize=2)
def _load(path: Path, _changed: int) -> Places:
    found: dict[str, str] = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        first = file.readline()
        separator = ";" if ";" in first else ","
        header = [name.strip().strip('"').casefold() for name in first.strip().split(separator)]
        postcode_at, municipality_at = _at(header, "postcode", "pc6"), _at(header, "gemeente", "gm")
        district_at = next((at for at, name in enumerate(header) if name.startswith("wijk")), None)
        for row in csv.reader(file, delimiter=separator):
            postcode = normalise_postcode(row[postcode_at])
            code = _read_code(row, municipality_at, district_at)
            if postcode is not None and found.setdefault(postcode, code) != code:
                # In two districts of one municipality, that is left; in two municipalities, nothing.
                found[postcode] = code[:4] if found[postcode][:4] == code[:4] else ""
    return found


def _at(header: list[str], *names: str) -> int:
    for at, one in enumerate(header):
        if one.startswith(names):
            return at
    raise ValueError


def _read_code(row: list[str], municipality_at: int, district_at: int | None) -> str:
    number = MUNICIPALITY.fullmatch(row[municipality_at].strip().zfill(4))
    if number is None:
        raise ValueError
    district = DISTRICT.fullmatch(row[district_at].strip().zfill(6)) if district_at is not None else None
    return district[1] if district and district[1].startswith(number[1]) else number[1]
