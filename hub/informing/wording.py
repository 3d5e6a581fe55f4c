"""The words of a notice to the person, from `wording.toml`: data, so that a translator needs no code."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from pydantic import TypeAdapter

from hub.consent.explanation import Language

__all__ = ["OTHER", "Language", "Reader", "Wording", "wordings"]

WORDING = Path(__file__).with_name("wording.toml")
OTHER = "other"


class Reader(StrEnum):
    """Whom a letter speaks to: a parent or adult as *u*, a young person as *je*."""

    PARENTS = "parents"
    YOUTH = "youth"
    ADULT = "adult"


@dataclass(frozen=True, slots=True)
class Wording:
    """All words of one language.

    Attributes:
        levels: what a recipient hears, per disclosure level.
        guidance: for whoever hands the letter over.
        nouns: kinds of partner; `other` for one that has no noun here.
    """

    levels: list[str]
    guidance: list[str]
    fill_in: dict[str, str]
    nouns: dict[str, str]
    laws: dict[str, str]
    titles: dict[str, str]
    sentences: dict[str, str]
    readers: dict[Reader, dict[str, str]]


@lru_cache(maxsize=1)
def wordings() -> dict[Language, Wording]:
    """Return the words of every language."""
    document = tomllib.loads(WORDING.read_text(encoding="utf-8"))
    return TypeAdapter(dict[Language, Wording]).validate_python(document)
