"""The parts that the access letter is laid out with: type, lines, tables and facts."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import reportlab
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import registerFont, registerFontFamily
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Flowable, KeepTogether, Paragraph, Table

INK, GREY, LINE = HexColor("#1b1b1b"), HexColor("#5a5a5a"), HexColor("#c9c9c9")
MARGIN, FRAME = 25 * mm, 6  # the library pads its frames by six points
WIDTH = A4[0] - 2 * MARGIN


@lru_cache(maxsize=1)
def load_fonts() -> None:
    """Load the typeface that comes with the library: Bitstream Vera, whose licence lets it be embedded."""
    folder = Path(reportlab.__file__).parent / "fonts"
    for name in ("Vera", "VeraBd", "VeraIt", "VeraBI"):
        registerFont(TTFont(name, str(folder / f"{name}.ttf")))
    registerFontFamily("Vera", normal="Vera", bold="VeraBd", italic="VeraIt", boldItalic="VeraBI")


def _style(**changes: Any) -> ParagraphStyle:
    plain = {"fontName": "Vera", "fontSize": 9, "leading": 13, "textColor": INK, "spaceAfter": 4}
    return ParagraphStyle("letter", **{**plain, **changes})


BODY, SMALL = _style(), _style(fontSize=8, leading=11, textColor=GREY, spaceAfter=0)
HEAD = _style(fontName="VeraBd", fontSize=11, leading=14, spaceBefore=8, spaceAfter=3)
NAME = _style(fontName="VeraBd", fontSize=14, leading=18, spaceAfter=0)
CELL = _style(spaceAfter=0, fontSize=9, leading=12.5)
LABEL = _style(spaceAfter=0, fontSize=9, leading=12.5, textColor=GREY)
BULLET = _style(leftIndent=10, bulletIndent=0, spaceAfter=3)


def make_section(title: str, parts: Sequence[Flowable]) -> list[Flowable]:
    """Put a title above its parts, and never alone, or with one line, at the foot of a page."""
    first, *rest = parts
    table = rest[:1] if rest and isinstance(rest[0], Table) else []
    return [KeepTogether([Paragraph(title, HEAD), first, *table]), *rest[len(table) :]]


def make_facts(rows: Sequence[tuple[str, str]], *, ruled: bool = False) -> Table:
    """Put names beside values, with a rule before them where they belong together."""
    cells = [[Paragraph(name, LABEL), Paragraph(value, CELL)] for name, value in rows]
    table = Table(cells, colWidths=[42 * mm, WIDTH - 42 * mm], hAlign="LEFT")
    table.setStyle(
        [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (0, -1), 8 if ruled else 0),
            ("TOPPADDING", (0, 0), (-1, -1), 1.5),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 1.5),
            *([("LINEBEFORE", (0, 0), (0, -1), 2, LINE)] if ruled else []),
        ]
    )
    return table


def make_table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    """Make a table of four columns with a head on each page."""
    head = [Paragraph(f"<b>{name}</b>", CELL) for name in columns]
    cells = [head, *([Paragraph(safe(value), CELL) for value in row] for row in rows)]
    widths = [WIDTH * share for share in (0.22, 0.23, 0.22, 0.33)]
    table = Table(cells, colWidths=widths, repeatRows=1, hAlign="LEFT", spaceAfter=6)
    table.setStyle(
        [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (0, -1), 0),
            ("TOPPADDING", (0, 0), (-1, -1), 3),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
            ("LINEBELOW", (0, 0), (-1, 0), 0.8, INK),
            ("LINEBELOW", (0, 1), (-1, -1), 0.4, LINE),
        ]
    )
    return table


def make_bullets(lines: Sequence[str]) -> list[Flowable]:
    """Make a list."""
    return [Paragraph(line, BULLET, bulletText="•") for line in lines]


def make_line(line: str) -> Paragraph:
    """Make a paragraph; what comes from outside passes `safe` first."""
    return Paragraph(line, BODY)


def safe(value: str) -> str:
    """Escape what the library would read as markup."""
    return value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
