"""Every text on a page goes through here: English in the code, Dutch from `locale/nl.po`.

The language is the browser's choice, or the one that was chosen on a page; Dutch when nothing is said.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from pathlib import Path

from babel.dates import format_date, format_datetime
from markupsafe import Markup, escape

from hub.consent.explanation import TEXTS as FACTS
from hub.consent.facts import Fact
from hub.questions.texts import find_word, say
from hub.questions.values import Facts, QuestionId
from hub.web.codes import CODES
from hub.web.fields import FIELDS
from look.language import (
    LANGUAGE,
    Language,
    Texts,
    choose_language,
    mark,
    say_number,
    write_day,
    write_plain_day,
)
from service.clock import AMSTERDAM, dutch_date

__all__ = [
    "CODES",
    "FIELDS",
    "LANGUAGE",
    "Language",
    "choose_language",
    "gettext",
    "mark",
    "say_code",
    "say_date",
    "say_day",
    "say_fact",
    "say_fact_of",
    "say_field",
    "say_hour",
    "say_last_day",
    "say_law",
    "say_line",
    "say_linked",
    "say_moment",
    "say_number",
    "say_short_day",
]

DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
HASH = re.compile(r"[0-9a-f]{32,64}")
LAW = re.compile(r"(AVG|UAVG|Jeugdwet|Wmo|Wpg|BIO2|Stcrt\.) ?.*")
UNSAID = re.compile(r"; [^;:.]+: –(?=\.)")  # at the end of a line: nothing of that kind
QUESTION = re.compile(r"AUD-\d\d")

TEXTS = Texts(Path(__file__).parent / "locale" / "nl.po")
gettext = TEXTS.gettext


def say_date(day: date) -> str:
    """Write a day in full, of a moment the Dutch one: Friday 27 November 2026."""
    return write_day(dutch_date(day) if isinstance(day, datetime) else day)


def say_day(day: date) -> str:
    """Write a day without its name, as in a table: 27 November 2026."""
    return write_plain_day(dutch_date(day) if isinstance(day, datetime) else day)


def say_last_day(due_at: datetime) -> str:
    """Write the last day on which something is in time: a term ends at the midnight after it."""
    return say_date(due_at - timedelta(seconds=1))


def say_moment(moment: datetime) -> str:
    """Write a moment on a Dutch clock: 27 November, 14:05."""
    return format_datetime(moment.astimezone(AMSTERDAM), "d MMMM, HH:mm", locale=LANGUAGE.get())


def say_short_day(day: date) -> str:
    """Write a day in short: 27 Nov."""
    return format_date(day, "d MMM", locale=LANGUAGE.get())


def say_hour(moment: datetime) -> str:
    """Write the hour on a Dutch clock in which something happened: the log keeps no minutes."""
    return format_datetime(moment.astimezone(AMSTERDAM), "H:00", locale=LANGUAGE.get())


def say_line(facts: Facts, question: str) -> str:
    """Say a line of an answer, with days written out and ids as numbers that can be read aloud."""
    plain = {name: _plain(value) for name, value in facts.items()}
    return UNSAID.sub("", say(QuestionId(question), plain)[LANGUAGE.get()])


def say_linked(text: str) -> Markup:
    """Lead from a text to the questions that it names."""
    link = r'<a class="utrecht-link" href="/questions/\g<0>">\g<0></a>'
    return Markup(QUESTION.sub(link, str(escape(text))))  # noqa: S704 - escaped, and our own link


def say_law(source: str) -> str:
    """Say on which law or standard a rule rests; what else its source names is not for a reader of pages."""
    return "; ".join(part for part in source.split("; ") if LAW.fullmatch(part))


def _plain(value: str | int) -> str | int:
    text = str(value)
    if DAY.fullmatch(text):
        return format_date(date.fromisoformat(text), "d MMMM y", locale=LANGUAGE.get())
    if ID.fullmatch(text):
        return say_number(text)
    if HASH.fullmatch(text):
        return f"{text[:8]}…"
    return value if find_word(text, LANGUAGE.get()) else say_code(text)


def say_field(name: str) -> str:
    """Name a field of a form."""
    return gettext(FIELDS[name]) if name in FIELDS else gettext("A field of the form")


def say_fact_of(value: object) -> str:
    """Say a value: a day in full, an id by its number, a code in words, and a number as it is."""
    text = str(value)
    if DAY.fullmatch(text):
        return say_day(date.fromisoformat(text))
    return say_number(text) if ID.fullmatch(text) else say_code(text)


def say_code(code: str) -> str:
    """Say a code in words."""
    return gettext(CODES[code]) if code in CODES else find_word(code, LANGUAGE.get()) or code


def say_fact(fact: Fact) -> str:
    """Say a reason of a decision, in the words a privacy officer reads too."""
    return FACTS[fact][0 if LANGUAGE.get() is Language.DUTCH else 1]
