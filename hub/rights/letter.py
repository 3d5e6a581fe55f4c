"""Write the report as a letter that a municipality can send: PDF, plain Dutch or English."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache, partial
from io import BytesIO
from pathlib import Path
from typing import Any

import reportlab
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import registerFont, registerFontFamily
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Flowable, KeepTogether, Paragraph, SimpleDocTemplate, Spacer, Table

from hub.consent.explanation import Language
from hub.rights import letter_texts as texts
from hub.rights.reporting import Act, Registered, Report, Weighed
from hub.rights.values import Controller
from hub.rights.wording import (
    ACTS,
    BASES,
    KINDS,
    LEVELS,
    NOTICES,
    PARTNERS,
    PURPOSES,
    ROLES,
    SAID,
    STATES,
    say,
    say_fact,
)

INK, GREY, LINE = HexColor("#1b1b1b"), HexColor("#5a5a5a"), HexColor("#c9c9c9")
MARGIN, FRAME = 25 * mm, 6  # the library pads its frames by six points
WIDTH = A4[0] - 2 * MARGIN


def write_letter(report: Report, *, language: Language = Language.DUTCH) -> bytes:
    """Write the letter; the address is left open, for the hub knows none.

    Source:
        AVG 12(1), 15; TRA-08, TRA-13.
    """
    _load_fonts()
    text, buffer = texts.of(language), BytesIO()
    document = SimpleDocTemplate(
        buffer,
        pagesize=A4,
        leftMargin=MARGIN - FRAME,
        rightMargin=MARGIN - FRAME,
        topMargin=16 * mm,
        bottomMargin=20 * mm,
        title=text["subject"],
        author=report.desk,
        lang=language.value,
        invariant=1,
    )
    foot = partial(_draw_foot, text=text, desk=report.desk)
    document.build(_story(report, text, language), onFirstPage=foot, onLaterPages=foot)
    return buffer.getvalue()


@lru_cache(maxsize=1)
def _load_fonts() -> None:
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


def _story(report: Report, text: dict[str, str], language: Language) -> list[Flowable]:
    return [
        *_opening(report, text, language),
        *_section(text["signals"], _registered(report, text, language)),
        *_section(text["told"], _told(report, text, language)),
        *_section(text["looked"], _looked(report, text, language)),
        *_section(text["weighed"], _weighed(report, text, language)),
        *_section(text["said"], _said(report, text, language)),
        *_section(text["kept"], _kept(report, text, language)),
        *_section(text["rights"], [_p(text["rights_1"]), *_bullets(texts.rights(language))]),
        *_section(text["appeal"], _appeal(report, text)),
        KeepTogether(
            [
                Paragraph(text["help"], HEAD),
                _p(text["help_1"]),
                Spacer(0, 6),
                _p(text["closing"]),
                Spacer(0, 30),
                _p(_safe(report.desk)),
            ]
        ),
    ]


def _opening(report: Report, text: dict[str, str], language: Language) -> list[Flowable]:
    request = report.request
    facts = [
        (text["date"], texts.day(report.made_on, language)),
        (text["reference"], str(request.id)[:8]),
        (text["about"], f"<b>{text['subject_police' if _is_police(report) else 'subject']}</b>"),
    ]
    whom = texts.about_whom(request.filed_by, request.authority, language)
    received = texts.day(request.received_at.date(), language)
    return [
        Paragraph(_safe(report.desk), NAME),
        Paragraph(text["desk"], SMALL),
        # The place of the window in an envelope: the municipality prints the address there.
        Spacer(0, 34 * mm),
        _facts(facts),
        Spacer(0, 8 * mm),
        _p(text["dear"]),
        _p(text["intro"].format(date=received, whom=whom)),
        _p(text["identity"]),
        *([_p(text["part_police"])] if _is_police(report) else []),
        _p(text["purpose"]),
        *_summary(report, text),
        *([_p(text["doubt"])] if report.doubtful else []),
        # In every letter: a sentence that stood only where something is left out would say so.
        _p(text["left_out"]),
    ]


def _is_police(report: Report) -> bool:
    return report.part is Controller.POLICE


def _summary(report: Report, text: dict[str, str]) -> list[Flowable]:
    if not report.registered:
        return [_p(text["nothing"])]
    signals = sum(one.kind == "signal" for one in report.registered)
    counts = {"n_signals": signals, "n_cases": len(report.registered) - signals, "n_told": len(report.told)}
    # Of one controller's part nothing is said of what another answers for, not even that it is not there.
    named = [name for name in counts if report.part is None or name != "n_cases"]
    return [
        _p(text["summary"]),
        *_bullets([text[name].format(count=counts[name]) for name in named]),
    ]


def _registered(report: Report, text: dict[str, str], language: Language) -> list[Flowable]:
    if not report.registered:
        return [_p(text["no_signals"])]
    cards = [_card(one, text, language) for one in report.registered]
    return [_p(text["signals_1"]), *cards]


def _card(one: Registered, text: dict[str, str], language: Language) -> Flowable:
    facts = [
        (text["who"], f"<b>{_safe(one.organisation)}</b>"),
        (text["what"], say(KINDS, one.signal_kind, language) if one.signal_kind else text["case"]),
        *([(text["contact_on"], texts.day(one.contact_on, language))] if one.contact_on else []),
        (text["registered_on"], texts.day(one.registered_on, language)),
        (text["basis"], say(BASES, one.legal_basis, language)),
        (text["now"], say(STATES, one.state, language)),
        *([(text["until"], texts.day(one.until_on, language))] if one.state == "active" else []),
        *([(text["notice"], say(NOTICES, one.notice, language))] if one.notice else []),
    ]
    return KeepTogether([_facts(facts, ruled=True), Spacer(0, 7)])


def _told(report: Report, text: dict[str, str], language: Language) -> list[Flowable]:
    if not report.told:
        return [_p(text["told_nobody"])]
    columns = (text["when"], text["organisation"], text["role"], text["heard"])
    rows = [(*_who(one, language), _heard(one, language)) for one in report.told]
    return [_p(text["told_1"]), _table(columns, rows)]


def _heard(one: Act, language: Language) -> str:
    done = say(ACTS, one.act, language)
    return f"{done}, {say(LEVELS, one.level, language)}" if one.level is not None else done


def _looked(report: Report, text: dict[str, str], language: Language) -> list[Flowable]:
    columns = (text["when"], text["organisation"], text["role"], text["did"])
    rows = [(*_who(one, language), say(ACTS, one.act, language)) for one in report.looked]
    return [_p(text["looked_1"]), *([_table(columns, rows)] if rows else []), _p(text["names"])]


def _who(one: Act, language: Language) -> tuple[str, str, str]:
    return texts.day(one.on, language), one.organisation, say(ROLES, one.role, language)


def _weighed(report: Report, text: dict[str, str], language: Language) -> list[Flowable]:
    if not report.weighed:
        return [_p(text["weighed_nothing"])]
    parts = [part for one in report.weighed for part in _decision(one, text, language)]
    return [_p(text["weighed_1"]), *parts]


def _decision(one: Weighed, text: dict[str, str], language: Language) -> list[Flowable]:
    days = texts.day(one.first_on, language)
    if one.last_on != one.first_on:
        days = text["period"].format(first=days, last=texts.day(one.last_on, language))
    said = text["allowed"] if one.allowed else text["denied"]
    head = f"<b>{days}</b>: {say(PURPOSES, one.purpose, language)} {said}"
    reasons = dict.fromkeys(say_fact(code, language) for code in one.reasons)
    return [KeepTogether([_p(head), *_bullets(list(reasons))])]


def _said(report: Report, text: dict[str, str], language: Language) -> list[Flowable]:
    if not report.said:
        return [_p(text["said_nothing"])]
    columns = (text["when"], text["what"], text["for_whom"], text["state"])
    rows = [
        (
            texts.day(one.recorded_at.date(), language),
            say(SAID, one.kind, language),
            ", ".join(
                text["everybody"] if kind == "*" else say(PARTNERS, kind, language) for kind in one.about
            ),
            say(STATES, "lifted" if one.ended_at else "active", language),
        )
        for one in report.said
    ]
    return [_table(columns, rows)]


def _appeal(report: Report, text: dict[str, str]) -> list[Flowable]:
    """Say where to go who disagrees: college, organisation or police, each on its part. Source: TRA-06."""
    by = {
        "appeal_1": report.part in {None, Controller.MUNICIPALITY},
        "appeal_partner": Controller.PARTNER in report.controllers,
        "appeal_police": Controller.POLICE in report.controllers,
        "appeal_2": True,
    }
    return [_p(text[name]) for name, holds in by.items() if holds]


def _kept(report: Report, text: dict[str, str], language: Language) -> list[Flowable]:
    told = ("signal", "case", "match", "decision", "consent", "objection", "rights_request", "audit_private")
    lines = [texts.kept(report.keeping.get_rule(code), language) for code in told]
    return [_p(text["kept_1"]), *_bullets(lines)]


def _section(title: str, parts: Sequence[Flowable]) -> list[Flowable]:
    """Put a title above its parts, and never alone, or with one line, at the foot of a page."""
    first, *rest = parts
    table = rest[:1] if rest and isinstance(rest[0], Table) else []
    return [KeepTogether([Paragraph(title, HEAD), first, *table]), *rest[len(table) :]]


def _facts(rows: Sequence[tuple[str, str]], *, ruled: bool = False) -> Table:
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


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    head = [Paragraph(f"<b>{name}</b>", CELL) for name in columns]
    cells = [head, *([Paragraph(_safe(value), CELL) for value in row] for row in rows)]
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


def _bullets(lines: Sequence[str]) -> list[Flowable]:
    return [Paragraph(line, BULLET, bulletText="•") for line in lines]


def _p(line: str) -> Paragraph:
    return Paragraph(line, BODY)


def _safe(value: str) -> str:
    return value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _draw_foot(canvas: Any, document: Any, *, text: dict[str, str], desk: str) -> None:
    canvas.setFont("Vera", 7.5)
    canvas.setFillColor(GREY)
    canvas.drawString(MARGIN, 13 * mm, f"{desk} · {text['subject']}")
    canvas.drawRightString(A4[0] - MARGIN, 13 * mm, text["page"].format(number=document.page))
