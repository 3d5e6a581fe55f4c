"""Templates that escape everything, with the fields, buttons and tables that all pages share."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from look.language import LANGUAGE, Texts, say_number
from look.styles import styles

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
    found.filters |= {"number": say_number}
    found.globals |= {"styles": styles().path, "language": LANGUAGE.get}
    return found
