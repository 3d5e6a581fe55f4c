"""No text without its translation, no code without words, no text beside the catalogue."""

from __future__ import annotations

import re
from pathlib import Path

from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir

from hub.arrangements.values import ClockCode
from hub.cases.transferring import ReturnReason
from hub.consent.facts import Bracket, GivenBy
from hub.matches.inquiring import NotHeard, NotInvolved
from hub.matches.states import RefusalReason
from hub.partners.kinds import load_kinds
from hub.partners.values import StaffRole
from hub.questions.texts import find_word
from hub.rights.values import (
    Advice,
    Clock,
    Comparison,
    Controller,
    Extension,
    Ground,
    Identification,
    Outcome,
    RequestKind,
    RequestState,
    Verdict,
)
from hub.web import texts
from hub.web.texts import LANGUAGE, TEXTS, Language, choose_language
from look.rendering import SHARED

WEB = Path(texts.__file__).parent
KEYWORDS = {**DEFAULT_KEYWORDS, "mark": None}
OPTIONS = {"**.html": {"trimmed": "true", "newstyle_gettext": "true"}}


def written() -> set[str]:
    """Every text in code and templates."""
    found = extract_from_dir(WEB, [("**.py", "python"), ("**.html", "jinja2")], OPTIONS, keywords=KEYWORDS)
    return {str(message) for _, _, message, _, _ in found}


def test_every_text_has_its_dutch_and_no_dutch_is_left_over() -> None:
    said = {str(message.id): message for message in TEXTS.dutch if message.id}
    assert set(said) == written()
    assert not [id_ for id_, message in said.items() if not message.string or message.fuzzy]


def test_a_translation_keeps_the_places_for_what_is_filled_in() -> None:
    for message in TEXTS.dutch:
        places = re.findall(r"%\(\w+\)s", str(message.id))
        assert sorted(places) == sorted(re.findall(r"%\(\w+\)s", str(message.string)))


def test_a_plural_is_chosen_by_what_is_counted() -> None:
    """Of more than one variable Jinja takes the first, unless it is told which."""
    for template in WEB.rglob("*.html"):
        for variables, counted in re.findall(
            r"{% trans ([^%]*)%}(?:(?!{% endtrans).)*{% pluralize (\w*) ?%}", template.read_text(), re.DOTALL
        ):
            assert counted or "," not in variables, template.name


def test_every_code_that_people_meet_has_words() -> None:
    domains = {kind.domain for kind in load_kinds(None).values()}
    assert {*StaffRole, *RefusalReason, *Bracket, *domains} <= set(texts.CODES)
    prefixed = {
        "finding": ("signal", "case", "consent", "objection"),
        "verdict": Verdict,
        "advice": Advice,
        "outcome": Outcome,
        "controller": Controller,
        "clock": Clock,
        "compared": Comparison,
        "filed": GivenBy,
        "step": ClockCode,
        "heard": (*NotHeard, *NotInvolved),
    }
    assert {f"{prefix}_{code}" for prefix, codes in prefixed.items() for code in codes} <= set(texts.CODES)
    assert {*Extension, *Identification, *ReturnReason} <= set(texts.CODES)
    plain = {*Ground, *RequestKind, *RequestState} - set(texts.CODES)
    assert not [code for code in plain if not find_word(code, "nl")]


def test_templates_hold_no_words_of_their_own() -> None:
    for path in sorted([*(WEB / "templates").glob("*.html"), *SHARED.glob("*.html")]):
        page = re.sub(
            r"\{#.*?#\}|\{%-?\s*trans.*?endtrans\s*-?%\}|\{%.*?%\}|\{\{.*?\}\}",
            " ",
            path.read_text(),
            flags=re.S,
        )
        page = re.sub(r"<(script|style|code)\b.*?</\1>", " ", page, flags=re.S)
        words = re.findall(r"[A-Za-z]{3,}", re.sub(r"<[^>]*>", " ", page.replace("DAT-hub", "")))
        assert words == [], path.name


def test_the_language_is_what_was_chosen_else_what_the_browser_asks_else_dutch() -> None:
    assert choose_language("en", "nl") is Language.ENGLISH
    assert choose_language(None, "de, en;q=0.8") is Language.ENGLISH
    assert choose_language("xx", "fr") is Language.DUTCH


def test_days_are_written_in_the_language_of_the_page() -> None:
    from datetime import date

    LANGUAGE.set(Language.ENGLISH)
    assert texts.say_date(date(2026, 11, 27)) == "Friday 27 November 2026"
    LANGUAGE.set(Language.DUTCH)
    assert texts.say_date(date(2026, 11, 27)) == "vrijdag 27 november 2026"
