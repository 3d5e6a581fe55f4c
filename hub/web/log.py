"""The log, line by line in plain words: first for what, then with filters; each look is itself in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from starlette.responses import Response

from hub.audit.reading import ABOUT_EMPLOYEE, ReadingPurpose
from hub.partners.service import list_taking_part
from hub.questions.log import Acts, Filter, Line, read_log
from hub.web.oversight import OFFICER
from hub.web.rendering import render
from hub.web.texts import say_code
from hub.web.visiting import Page, Visit
from service.clock import dutch_date
from service.work import SYSTEM

PAGE_SIZE = 50
BACK = timedelta(days=7)


def show_log(visit: Visit) -> Response:
    """Show a page of the log for the purpose that was chosen; without one, ask for it."""
    if visit.purpose is None:
        return ask_purpose(visit, list(ReadingPurpose))
    wanted = _read_filter(visit)
    if wanted.staff_id is not None and visit.purpose not in ABOUT_EMPLOYEE:
        query = visit.request.query_params
        kept = {
            name: query[name] for name in ("since", "until", "acts", "organisation", "staff") if name in query
        }
        return ask_purpose(visit, ABOUT_EMPLOYEE, kept=kept)
    with visit.disclosing() as work:
        lines = read_log(work, wanted, visit.purpose, page_size=PAGE_SIZE)
    with visit.hub.database.look(SYSTEM) as work:
        partners = list_taking_part(work, visit.today)
    page, last = lines[:PAGE_SIZE], lines[PAGE_SIZE - 1 : PAGE_SIZE]
    following = f"{last[0].shard}.{last[0].idx}" if len(lines) > PAGE_SIZE else None
    return render(
        visit,
        "log.html",
        wanted=wanted,
        days=_by_day(page),
        partners=[(one.id, one.name) for one in partners],
        acts=[(one.value, say_code(f"acts_{one}")) for one in Acts],
        following=following,
    )


def ask_purpose(
    visit: Visit, purposes: Sequence[ReadingPurpose], *, kept: Mapping[str, Any] | None = None
) -> Response:
    """Ask for what the log will be read; what else was asked goes along."""
    return render(visit, "purpose.html", purposes=purposes, kept=kept or {})


def _read_filter(visit: Visit) -> Filter:
    until = visit.query_date("until", visit.today)
    acts = visit.query("acts", tuple(Acts), "")
    shard, _, idx = visit.request.query_params.get("before", "").partition(".")
    known = shard.isascii() and shard.replace("-", "").isalnum() and idx.isascii() and idx.isdigit()
    return Filter(
        since=min(visit.query_date("since", until - BACK), until),
        until=until,
        acts=Acts(acts) if acts else None,
        organisation_id=visit.query_id("organisation"),
        staff_id=visit.query_id("staff"),
        before=(shard, int(idx)) if known and len(shard) <= 16 and len(idx) <= 15 else None,
    )


def _by_day(lines: Sequence[Line]) -> list[tuple[date, list[Line]]]:
    return [(day, _merged(group)) for day, group in groupby(lines, key=lambda one: dutch_date(one.hour))]


def _said(line: Line) -> tuple[object, ...]:
    return line.code, line.outcome, line.organisation, line.role, line.purpose, line.rule


def _merged(lines: Iterable[Line]) -> list[Line]:
    """Say the same of a day only once, at its last hour, with its number. Source: NEN 7513, 9."""
    found: dict[tuple[object, ...], Line] = {}
    for line in lines:
        said = _said(line)
        found[said] = replace(found[said], count=found[said].count + line.count) if said in found else line
    return list(found.values())


PAGES = (Page("GET", "/log", show_log, OFFICER),)
