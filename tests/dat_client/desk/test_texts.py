"""No text of the desk without its Dutch, and no code without words."""

from __future__ import annotations

import re
from pathlib import Path

from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir

from dat_client import desk, rows, tables
from dat_client.desk.pages import FIELD_OF
from dat_client.desk.texts import CODES, TEXTS
from dat_client.identity.person import RefusalReason

DESK = Path(desk.__file__).parent
OPTIONS = {"**.html": {"trimmed": "true", "newstyle_gettext": "true"}}
CODE = r"\{#.*?#\}|\{%-?\s*trans.*?endtrans\s*-?%\}|\{%.*?%\}|\{\{.*?\}\}"
KEYWORDS = {**DEFAULT_KEYWORDS, "mark": None}


def test_every_text_has_its_dutch_and_no_dutch_is_left_over() -> None:
    found = extract_from_dir(DESK, [("**.py", "python"), ("**.html", "jinja2")], OPTIONS, keywords=KEYWORDS)
    written = {message for _, _, message, _, _ in found}
    said = {message.id: message for message in TEXTS.dutch if message.id}
    assert set(said) == written
    assert not [id_ for id_, message in said.items() if not all(message.string or ("",)) or message.fuzzy]


def test_every_reason_for_which_a_row_is_refused_has_words() -> None:
    source = Path(rows.__file__).read_text() + Path(tables.__file__).read_text()
    codes = set(re.findall(r'"((?:row_|not_)?[a-z_]+_(?:understood|future|old|count|unreadable))"', source))
    codes |= set(re.findall(r'"(row_[a-z_]+|not_weighed)"', source))
    assert len(codes) > 12
    assert codes | {*RefusalReason} | set(FIELD_OF) <= set(CODES)


def test_templates_hold_no_words_of_their_own() -> None:
    for path in sorted((DESK / "templates").glob("*.html")):
        page = re.sub(CODE, " ", path.read_text(), flags=re.S)
        page = re.sub(r"<code\b.*?</code>", " ", page, flags=re.S)
        words = re.findall(r"[A-Za-z]{4,}", re.sub(r"<[^>]*>", " ", page))
        assert words == [], path.name
