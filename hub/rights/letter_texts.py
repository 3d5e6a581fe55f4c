"""The fixed words of the access letter, from TOML: Dutch at level B1, and English."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from hub.consent.explanation import Language
from hub.retention.terms import Rule, default_terms
from hub.rights.values import Authority

_MONTHS = (
    ("januari", "January"), ("februari", "February"), ("maart", "March"), ("april", "April"),
    ("mei", "May"), ("juni", "June"), ("juli", "July"), ("augustus", "August"),
    ("september", "September"), ("oktober", "October"), ("november", "November"),
    ("december", "December"),
)  # fmt: skip


def of(language: Language) -> dict[str, str]:
    """Return every fixed text in one language."""
    return {name: pair[language.value] for name, pair in _load()["texts"].items()}


def rights(language: Language) -> list[str]:
    """Return what else the person can ask."""
    return [pair[language.value] for pair in _load()["rights"]]


def about_whom(filed_by: str, authority: Authority, language: Language) -> str:
    """Say about whom the letter is, to who asked."""
    name = filed_by
    if filed_by == "representative":
        name = "represented" if authority in {Authority.CURATOR, Authority.MENTOR} else "child"
    return str(_load()["whom"][name][language.value])


def kept(rule: Rule, language: Language) -> str:
    """Say a term in its packaged words, and in days where a covenant chose another."""
    said = str(getattr(rule, language.value))
    if rule.days == default_terms().get_rule(rule.code).days:
        return said
    return f"{said} {of(language)['kept_other'].format(days=rule.days)}"


def day(on: date, language: Language) -> str:
    """Say a day."""
    month = _MONTHS[on.month - 1][0 if language is Language.DUTCH else 1]
    return f"{on.day} {month} {on.year}"


@lru_cache(maxsize=1)
def _load() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
