"""Write the files that desks have: each office with its own columns, separator and way of writing dates."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from demo.deal import Registration
from demo.desks import HOUSING, SCHOOL, TEAM, Desk
from demo.people import Individual

PERSON = ("voornamen", "voorvoegsel", "geslachtsnaam", "geboortedatum", "geslacht", "postcode", "huisnummer")
CONTACT = (
    "contactdatum",
    "soort",
    "kennisgeving",
    "kennisgeving_op",
    "kennisgeving_aan",
    "gezagdragers",
    "besluit",
)
SCHOOL_MAPPING = """\
[columns]
referentie = "Leerlingdossier"
geslachtsnaam = "Achternaam"
voornamen = "Roepnaam of voornamen"
geboortedatum = "Geboren"
huisnummer = "Huisnr"

[defaults]
afweging = "gewogen"
"""
SCHOOL_NAMES = {
    "referentie": "Leerlingdossier",
    "geslachtsnaam": "Achternaam",
    "voornamen": "Roepnaam of voornamen",
    "geboortedatum": "Geboren",
    "huisnummer": "Huisnr",
}


def write_file(desk: Desk, rows: Sequence[Registration]) -> str:
    """Write a desk's file as CSV, in its own form."""
    columns = ["referentie", *(("bsn",) if desk.uses_bsn else ()), *PERSON, "grondslag"]
    if desk != TEAM:
        columns += CONTACT
    output = io.StringIO()
    writer = csv.writer(output, delimiter=";" if desk == HOUSING else ",", lineterminator="\r\n")
    writer.writerow(SCHOOL_NAMES.get(name, name) if desk == SCHOOL else name for name in columns)
    writer.writerows([_fields(one)[name] for name in columns] for one in rows)
    return output.getvalue()


def import_options(desk: Desk) -> Iterable[str]:
    """Say what this desk types behind `dat import`."""
    return ("--mapping", "columns.toml") if desk == SCHOOL else ("--weighed",)


def _fields(one: Registration) -> dict[str, str]:
    return {
        "referentie": one.reference,
        **person_fields(one.written, dutch=one.desk == HOUSING),
        "grondslag": one.basis,
        "contactdatum": one.contact_on.isoformat(),
        "soort": one.kind,
        "kennisgeving": one.notice,
        "kennisgeving_op": one.contact_on.isoformat(),
        "kennisgeving_aan": one.told,
        "gezagdragers": "2" if one.told in {"ouders", "beide"} else "",
        "besluit": str(one.decision) if one.decision else "",
    }


def person_fields(person: Individual, *, dutch: bool = False) -> dict[str, str]:
    """Write somebody down in the columns of a file."""
    born = person.born
    return {
        "bsn": person.bsn,
        "voornamen": person.given_names,
        "voorvoegsel": person.prefix,
        "geslachtsnaam": person.surname,
        "geboortedatum": f"{born[6:]}-{born[4:6]}-{born[:4]}" if dutch and len(born) == 8 else born,
        "geslacht": person.sex,
        "postcode": person.postcode,
        "huisnummer": person.house,
    }
