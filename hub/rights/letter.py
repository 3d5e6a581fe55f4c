"""Write the report as a letter that a municipality can send: PDF, plain Dutch or English."""

from __future__ import annotations

from functools import partial
from io import BytesIO
from typing import Any

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, KeepTogether, Paragraph, SimpleDocTemplate, Spacer

from hub.consent.explanation import Language
from hub.rights import letter_texts as texts
from hub.rights.letter_parts import (
    FRAME,
    GREY,
    HEAD,
    MARGIN,
    NAME,
    SMALL,
    load_fonts,
    make_bullets,
    make_facts,
    make_line,
    make_section,
    make_table,
    safe,
)
from hub.rights.reporting import Act, Registered, Report
from hub.rights.values import Controller
from hub.rights.weighing import Weighed
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
from service.clock import dutch_date


def write_letter(report: Report, *, language: Language = Language.DUTCH) -> bytes:
    """Write the letter; the address is left open, for the hub knows none.

    Source:
        AVG 12(1), 15; TRA-08, TRA-13.
    """
    load_fonts()
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


def _story(report: Report, text: dict[str, str], language: Language) -> list[Flowable]:
    return [
        *_opening(report, text, language),
        *make_section(text["signals"], _registered(report, text, language)),
        *make_section(text["told"], _told(report, text, language)),
        *make_section(text["looked"], _looked(report, text, language)),
        *make_section(text["weighed"], _weighed(report, text, language)),
        *make_section(text["said"], _said(report, text, language)),
        *make_section(text["kept"], _kept(report, text, language)),
        *make_section(text["rights"], [make_line(text["rights_1"]), *make_bullets(texts.rights(language))]),
        *make_section(text["appeal"], _appeal(report, text)),
        KeepTogether(
            [
                Paragraph(text["help"], HEAD),
                make_line(text["help_1"]),
                Spacer(0, 6),
                make_line(text["closing"]),
                Spacer(0, 30),
                make_line(safe(report.desk)),
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
    received = texts.day(dutch_date(request.received_at), language)
    return [
        Paragraph(safe(report.desk), NAME),
        Paragraph(text["desk"], SMALL),
        # The place of the window in an envelope: the municipality prints the address there.
        Spacer(0, 34 * mm),
        make_facts(facts),
        Spacer(0, 8 * mm),
        make_line(text["dear"]),
        make_line(text["intro"].format(date=received, whom=whom)),
        make_line(text["identity"]),
        *([make_line(text["part_police"])] if _is_police(report) else []),
        make_line(text["purpose"]),
        *_summary(report, text),
        *([make_line(text["doubt"])] if report.doubtful else []),
        # In every letter: a sentence that stood only where something is left out would say so.
        make_line(text["left_out"]),
    ]


def _is_police(report: Report) -> bool:
    return report.part is Controller.POLICE


def _summary(report: Report, text: dict[str, str]) -> list[Flowable]:
    if not report.registered:
        return [make_line(text["nothing"])]
    signals = sum(one.kind == "signal" for one in report.registered)
    counts = {"n_signals": signals, "n_cases": len(report.registered) - signals, "n_told": len(report.told)}
    # Of one controller's part nothing is said of what another answers for, not even that it is not there.
    named = [name for name in counts if report.part is None or name != "n_cases"]
    return [
        make_line(text["summary"]),
        *make_bullets([text[name].format(count=counts[name]) for name in named]),
    ]


def _registered(report: Report, text: dict[str, str], language: Language) -> list[Flowable]:
    if not report.registered:
        return [make_line(text["no_signals"])]
    cards = [_card(one, text, language) for one in report.registered]
    return [make_line(text["signals_1"]), *cards]


def _card(one: Registered, text: dict[str, str], language: Language) -> Flowable:
    facts = [
        (_numbered(one, text), f"<b>{safe(one.organisation)}</b>"),
        *([(text["brought_by"], safe(one.brought_by))] if one.brought_by else []),
        (text["what"], say(KINDS, one.signal_kind, language) if one.signal_kind else text["case"]),
        *([(text["contact_on"], texts.day(one.contact_on, language))] if one.contact_on else []),
        (text["registered_on"], texts.day(one.registered_on, language)),
        (text["basis"], say(BASES, one.legal_basis, language)),
        (text["now"], say(STATES, one.state, language)),
        *([(text["until"], texts.day(one.until_on, language))] if one.state == "active" else []),
        *([(text["notice"], say(NOTICES, one.notice, language))] if one.notice else []),
    ]
    return KeepTogether([make_facts(facts, ruled=True), Spacer(0, 7)])


def _numbered(one: Registered, text: dict[str, str]) -> str:
    return text["signal_number"].format(number=one.number) if one.number else text["who"]


def _told(report: Report, text: dict[str, str], language: Language) -> list[Flowable]:
    if not report.told:
        return [make_line(text["told_nobody"])]
    columns = (text["when"], text["organisation"], text["role"], text["heard"])
    rows = [(*_who(one, language), _heard(one, text, language)) for one in report.told]
    return [make_line(text["told_1"]), make_table(columns, rows)]


def _heard(one: Act, text: dict[str, str], language: Language) -> str:
    parts = [say(ACTS, one.act, language)]
    parts += [say(LEVELS, one.level, language)] if one.level is not None else []
    parts += [text["about_signal"].format(number=number) for number in one.about]
    return ", ".join(parts)


def _looked(report: Report, text: dict[str, str], language: Language) -> list[Flowable]:
    columns = (text["when"], text["organisation"], text["role"], text["did"])
    rows = [(*_who(one, language), say(ACTS, one.act, language)) for one in report.looked]
    return [
        make_line(text["looked_1"]),
        *([make_table(columns, rows)] if rows else []),
        make_line(text["names"]),
    ]


def _who(one: Act, language: Language) -> tuple[str, str, str]:
    return texts.day(one.on, language), one.organisation, say(ROLES, one.role, language)


def _weighed(report: Report, text: dict[str, str], language: Language) -> list[Flowable]:
    if not report.weighed:
        return [make_line(text["weighed_nothing"])]
    parts = [part for one in report.weighed for part in _decision(one, text, language)]
    return [make_line(text["weighed_1"]), *parts]


def _decision(one: Weighed, text: dict[str, str], language: Language) -> list[Flowable]:
    days = texts.day(one.first_on, language)
    if one.last_on != one.first_on:
        days = text["period"].format(first=days, last=texts.day(one.last_on, language))
    said = text["allowed"] if one.allowed else text["denied"]
    head = f"<b>{days}</b>: {say(PURPOSES, one.purpose, language)} {said}"
    reasons = dict.fromkeys(say_fact(code, language) for code in one.reasons)
    after = []
    if one.replaced_on is not None:
        after = [
            text["then_yes" if one.replaced_by else "then_no"].format(
                date=texts.day(one.replaced_on, language)
            )
        ]
    return [KeepTogether([make_line(head), *make_bullets(list(reasons)), *map(make_line, after)])]


def _said(report: Report, text: dict[str, str], language: Language) -> list[Flowable]:
    if not report.said:
        return [make_line(text["said_nothing"])]
    columns = (text["when"], text["what"], text["for_whom"], text["state"])
    rows = [
        (
            texts.day(dutch_date(one.recorded_at), language),
            say(SAID, one.kind, language),
            ", ".join(
                text["everybody"] if kind == "*" else say(PARTNERS, kind, language) for kind in one.about
            ),
            say(STATES, "lifted" if one.ended_at else "active", language),
        )
        for one in report.said
    ]
    return [make_table(columns, rows)]


def _appeal(report: Report, text: dict[str, str]) -> list[Flowable]:
    """Say where to go who disagrees: college, organisation or police, each on its part. Source: TRA-06."""
    by = {
        "appeal_1": report.part in {None, Controller.MUNICIPALITY},
        "appeal_partner": Controller.PARTNER in report.controllers,
        "appeal_police": Controller.POLICE in report.controllers,
        "appeal_2": True,
    }
    return [make_line(text[name]) for name, holds in by.items() if holds]


def _kept(report: Report, text: dict[str, str], language: Language) -> list[Flowable]:
    told = ("signal", "case", "match", "decision", "consent", "objection", "rights_request", "audit_private")
    lines = [texts.kept(report.keeping.get_rule(code), language) for code in told]
    return [make_line(text["kept_1"]), *make_bullets(lines)]


def _draw_foot(canvas: Any, document: Any, *, text: dict[str, str], desk: str) -> None:
    canvas.setFont("Vera", 7.5)
    canvas.setFillColor(GREY)
    canvas.drawString(MARGIN, 13 * mm, f"{desk} · {text['subject']}")
    canvas.drawRightString(A4[0] - MARGIN, 13 * mm, text["page"].format(number=document.page))
