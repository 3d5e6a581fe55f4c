"""The languages of the pages: English in the code, Dutch from a catalogue; Dutch when nothing is said."""

from __future__ import annotations

from contextvars import ContextVar
from datetime import date
from enum import StrEnum
from functools import cached_property, lru_cache
from pathlib import Path

from babel.dates import format_date
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po


class Language(StrEnum):
    """A language of the pages."""

    DUTCH = "nl"
    ENGLISH = "en"


LANGUAGE: ContextVar[Language] = ContextVar("language", default=Language.DUTCH)


class Texts:
    """The texts of one set of pages, said in the language of the page that is made now."""

    def __init__(self, dutch: Path) -> None:
        self._path = dutch

    @cached_property
    def dutch(self) -> Catalog:
        """The Dutch texts, read once."""
        with self._path.open("rb") as file:
            return read_po(file, locale="nl")

    def gettext(self, text: str) -> str:
        """Say a text in the language of this page."""
        if LANGUAGE.get() is Language.ENGLISH:
            return text
        message = self.dutch.get(text)
        return str(message.string) if message and message.string else text

    def ngettext(self, one: str, many: str, count: int) -> str:
        """Say a text that depends on a number."""
        message = self.dutch.get(one) if LANGUAGE.get() is Language.DUTCH else None
        if message and isinstance(message.string, tuple) and all(message.string):
            return message.string[0 if count == 1 else 1]
        return one if count == 1 else many


def choose_language(chosen: str | None, accepted: str) -> Language:
    """Choose the language: what was chosen on a page, else the browser's first that we speak, else Dutch."""
    if chosen in set(Language):
        return Language(chosen)
    for part in accepted.split(","):
        word = part.partition(";")[0].strip().lower()[:2]
        if word in set(Language):
            return Language(word)
    return Language.DUTCH


def mark(text: str) -> str:
    """Mark a text as one to translate, where it is written down and said later."""
    return text


def write_day(day: date) -> str:
    """Write a day in full: Friday 27 November 2026."""
    return _write_day(day, "EEEE d MMMM y", LANGUAGE.get())


def write_plain_day(day: date) -> str:
    """Write a day without its name, as in a table: 27 November 2026."""
    return _write_day(day, "d MMMM y", LANGUAGE.get())


@lru_cache(maxsize=1000)  # a page has dozens, of a few weeks
def _write_day(day: date, pattern: str, language: Language) -> str:
    return format_date(day, pattern, locale=language)


def say_number(id_: object) -> str:
    """Shorten an id to what a person can read aloud: 7F2C 91D0."""
    digits = str(id_).replace("-", "")[:8].upper()
    return f"{digits[:4]} {digits[4:]}"
