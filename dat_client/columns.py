"""Say which column of a partner's file is which field, and what holds for every row."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dat_client.tables import TableError

PERSON_FIELDS = (
    "bsn",
    "voornamen",
    "voorvoegsel",
    "geslachtsnaam",
    "geboortedatum",
    "geslacht",
    "postcode",
    "huisnummer",
    "toevoeging",
)
LIVING_FIELDS = ("gemeente", "verblijf", "postcode_voor_verblijf", "gemeente_moeder", "verblijfplaats")
PARENT_FIELDS = ("geslachtsnaam", "voornamen", "voorvoegsel", "geboortedatum", "geslacht")
HOME_FIELDS = ("geheim_adres", *(f"ouder{number}_{name}" for number in (1, 2) for name in PARENT_FIELDS))
SIGNAL_FIELDS = (
    "referentie",
    "contactdatum",
    "soort",
    "grondslag",
    "kennisgeving",
    "afweging",
    "melder",
    "indiener",
    "namens",
    "besluit",
    "geldigheid",
    "kennisgeving_op",
    "kennisgeving_aan",
    "gezagdragers",
    *LIVING_FIELDS,
    *HOME_FIELDS,
)
CASE_FIELDS = ("referentie", "grondslag", "casemanager", *HOME_FIELDS)
NEEDED_COLUMNS = ("geslachtsnaam", "geboortedatum")
NEEDED_FOR_SIGNAL = ("contactdatum", "soort", "grondslag", "kennisgeving", "afweging")
NEEDED_FOR_CASE = ("grondslag",)


class MappingError(TableError):
    """The mapping does not fit the file; the message names fields of ours, never cells.

    Attributes:
        fields: those that have neither a column nor a value.
    """

    code = "columns_missing"

    def __init__(self, message: str, *, fields: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.fields = tuple(fields)


class ColumnTwiceError(MappingError):
    """Nobody can see which of two columns is meant: one of them may be the parent's."""

    code = "column_twice"


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each field stands in a row, and the value of fields that have no column."""

    positions: Mapping[str, int]
    defaults: Mapping[str, str]

    def read(self, cells: Sequence[str]) -> dict[str, str]:
        """Give the fields of one row; an empty cell takes the default."""
        found = {name: cells[position].strip() for name, position in self.positions.items()}
        return {**self.defaults, **{name: text for name, text in found.items() if text}}


@dataclass(frozen=True, slots=True)
class Mapped:
    """What a user said about columns: names of columns by field, and values for every row."""

    columns: Mapping[str, str]
    defaults: Mapping[str, str]


def read_mapping(path: Path | None, pairs: Iterable[str], defaults: Mapping[str, str | None]) -> Mapped:
    """Join a TOML file (`[columns]`, `[defaults]`), `field=column` pairs and values; later ones win.

    Raises:
        MappingError: The file is not that, or a pair is not one.
    """
    columns, values = _read_file(path) if path else ({}, {})
    for pair in pairs:
        name, equals, column = pair.partition("=")
        if not equals:
            raise MappingError("a mapping is field=column, as in --map geslachtsnaam=Achternaam")
        columns[name.strip()] = column.strip()
    values.update({name: value for name, value in defaults.items() if value is not None})
    return Mapped(columns, values)


def _read_file(path: Path) -> tuple[dict[str, str], dict[str, str]]:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        columns, values = content.get("columns", {}), content.get("defaults", {})
        return {k: str(v) for k, v in columns.items()}, {k: str(v) for k, v in values.items()}
    except (OSError, ValueError, AttributeError):
        raise MappingError("the mapping file is not TOML with [columns] and [defaults]") from None


def fit_columns(
    header: Sequence[str], mapped: Mapped, *, fields: Sequence[str], needed: Sequence[str]
) -> Columns:
    """Find every field in the header, by the name given or else by its own.

    Raises:
        MappingError: A named column is not there, a field is unknown, or a needed one has neither.
        ColumnTwiceError: A column is there twice.
    """
    known = (*PERSON_FIELDS, *fields)
    unknown = sorted((set(mapped.columns) | set(mapped.defaults)) - set(known))
    if unknown:
        raise MappingError(f"there is no such field; fields are: {', '.join(known)}")
    names = [_plain(name) for name in header]
    wanted = {name: _plain(mapped.columns.get(name, name)) for name in known}
    positions = {name: names.index(column) for name, column in wanted.items() if column in names}
    if twice := [name for name in positions if names.count(wanted[name]) > 1]:
        raise ColumnTwiceError(f"more than one column for: {', '.join(twice)}", fields=twice)
    missing = [
        name
        for name in dict.fromkeys((*NEEDED_COLUMNS, *needed, *mapped.columns))
        if name not in positions and name not in mapped.defaults
    ]
    if missing:
        raise MappingError(
            f"no column and no value for: {', '.join(missing)}. "
            f"Is it there by another name? --map {missing[0]}='that name'",
            fields=missing,
        )
    return Columns(positions, mapped.defaults)


def _plain(name: str) -> str:
    """Give the name of a column as it is compared: case, line breaks and outer blanks do not count."""
    return " ".join(name.split()).casefold()
