"""Ask who it is about: in a form on the terminal or as JSON on standard input.

Never as an option: a command line is seen by every process and kept in the shell's history.
"""

from __future__ import annotations

import json
import sys

import typer

from dat_client.columns import PERSON_FIELDS
from dat_client.identity.person import Person
from dat_client.rows import read_person

QUESTIONS = {
    "geslachtsnaam": "Geslachtsnaam (birth surname)",
    "voorvoegsel": "Voorvoegsel",
    "voornamen": "Voornamen (official first names)",
    "geboortedatum": "Geboortedatum (dd-mm-jjjj)",
    "geslacht": "Geslacht (M/V/O)",
    "bsn": "BSN (only where the law allows it)",
    "postcode": "Postcode",
    "huisnummer": "Huisnummer",
    "toevoeging": "Toevoeging",
}


def ask_person() -> Person:
    """Ask for one person.

    Raises:
        typer.BadParameter: Standard input is not a JSON object of the known fields.
    """
    if sys.stdin.isatty():
        return read_person({name: _ask(text) for name, text in QUESTIONS.items()})
    try:
        content = json.load(sys.stdin)
        fields = {name: value.strip() for name, value in content.items()}
    except (ValueError, AttributeError):
        fields = {"": ""}
    if not set(fields) <= set(PERSON_FIELDS):
        raise typer.BadParameter(f"standard input is a JSON object with texts of: {', '.join(PERSON_FIELDS)}")
    return read_person(fields)


def _ask(question: str) -> str:
    answer: str = typer.prompt(question, default="", show_default=False, err=True)
    return answer.strip()
