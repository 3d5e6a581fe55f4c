"""Say a question and the lines of its answer in plain Dutch and English; all texts are constants."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from hub.consent.explanation import TEXTS
from hub.questions.values import Facts, QuestionId
from hub.rights.wording import BASES

LANGUAGES = ("nl", "en")
_FACTS = {fact.value: pair for fact, pair in TEXTS.items()}
Said = dict[str, str]


@cache
def _document() -> Mapping[str, Any]:
    return tomllib.loads((Path(__file__).parent / "texts.toml").read_text("utf-8"))


def list_codes(prefixes: tuple[str, ...]) -> list[str]:
    """Name the codes of events that begin so: every code has its words here."""
    words: Mapping[str, Said] = _document()["words"]
    return sorted(code for code in words if code.startswith(prefixes))


def title_of(question: QuestionId) -> Said:
    """Return the question itself in each language."""
    said: Mapping[str, str] = _document()[question.value]["title"]
    return dict(said)


def say(question: QuestionId, facts: Facts) -> Said:
    """Say one line in each language; codes become words, what is not there becomes nothing."""
    lines: Mapping[str, Mapping[str, str]] = _document()[question.value]["line"]
    act, outcome = str(facts.get("act", "")), str(facts.get("outcome", ""))
    template = lines.get(f"{act} {outcome}") or lines.get(act, lines["other"])
    return {
        language: template[language].format_map(
            {name: _word(value, language) for name, value in facts.items()}
        )
        for language in LANGUAGES
    }


def say_nothing_found(language: str) -> str:
    """Return what is said of an empty answer."""
    return str(_document()["nothing"][language])


def find_word(code: str, language: str) -> str | None:
    """Return the plain words of a code, or None."""
    words: Mapping[str, Mapping[str, str]] = _document()["words"]
    if code in words:
        return words[code][language]
    pair = BASES.get(code) or _FACTS.get(code)
    return pair[LANGUAGES.index(language)] if pair else None


def _word(value: str | int, language: str) -> str:
    """Return a code in words, several codes one by one, and anything else as it is."""
    text = str(value)
    if (whole := find_word(text or "nothing", language)) is not None:
        return whole
    parts = [find_word(one, language) for one in text.split()]
    known = [part for part in parts if part]
    if not parts or len(known) < len(parts):
        return text
    return (" " if known[0].endswith(".") else ", ").join(known)
