"""Templates that escape everything, with the fields, buttons and tables that all pages share."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from look.language import LANGUAGE, Texts, say_number
from look.styles import styles

OPENED = re.compile(r"<(tr|td)\b")
SHARED = Path(__file__).parent / "templates"


def make_environment(templates: Path, texts: Texts) -> Environment:
    """Return the templates of one set of pages, and the shared ones."""
    found = Environment(
        loader=FileSystemLoader([templates, SHARED]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    found.install_gettext_callables(texts.gettext, texts.ngettext, newstyle=True)  # type: ignore[attr-defined]
    found.filters |= {"number": say_number, "labelled": label_cells}
    found.globals |= {"styles": styles().path, "language": LANGUAGE.get}
    return found


def label_cells(rows: Markup, columns: Sequence[str]) -> Markup:
    """Give each cell of a table the name of its column, which a phone shows beside it.

    There a row is a list of its own; the roles keep it a table for who hears it.
    """
    at = 0

    def name(tag: re.Match[str]) -> str:
        nonlocal at
        if tag[1] == "tr":
            at = 0
            return '<tr role="row"'
        at += 1
        return f'<td role="cell" data-label="{escape(columns[at - 1])}"'

    return Markup(OPENED.sub(name, rows))  # noqa: S704 - what a template made and escaped
