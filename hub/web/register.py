"""The public register: who takes part, for what, by which rules, how long it stays, and what it brought.

Source: TRA-12; Jeugdwet 7.1.2.3 (who may register); STA-02 (a year for the public); AVG 13, 14 and 30.
"""

from __future__ import annotations

from dataclasses import dataclass

from starlette.responses import Response

from hub.arrangements.explanation import Language, explain
from hub.arrangements.versions import arrangements_in_force
from hub.consent.versions import in_force_since, policy_in_force
from hub.partners.service import list_taking_part
from hub.retention.service import default_terms
from hub.statistics.declaring import load_declaration
from hub.statistics.service import Figure, public_figures
from hub.web.charts import Chart, draw_bars
from hub.web.rendering import render
from hub.web.texts import say_code
from hub.web.visiting import PUBLIC, Page, Visit
from service.work import SYSTEM, Work

YEARS = 2  # this one, and else the one before


@dataclass(frozen=True, slots=True)
class Shown:
    """A table of a year, drawn; its numbers are those that were released, and None was kept back."""

    figure: Figure
    title: str
    chart: Chart


def show_register(visit: Visit) -> Response:
    """Show the register, to everybody."""
    with visit.hub.database.look(SYSTEM) as work:
        partners = list_taking_part(work, visit.today)
        policy, since = policy_in_force(work), in_force_since(work)
        arrangements = [explain(one, Language(visit.language)) for one in arrangements_in_force(work)]
        year, figures = _find_figures(visit, work)
    return render(
        visit,
        "register.html",
        partners=partners,
        policy=policy,
        bases=[one for one in policy.bases if one.in_force(visit.today)],
        # The rules that came with the hub hold from before its first day.
        since=since if since.year > 1 else None,
        arrangements=arrangements,
        terms=default_terms().rules,
        year=year,
        figures=[_drawn(one, visit.language) for one in figures],
    )


def _find_figures(visit: Visit, work: Work) -> tuple[int, list[Figure]]:
    """Return the last year of which anything was released."""
    declared = load_declaration(visit.hub.settings.statistic_tables)
    for year in range(visit.today.year, visit.today.year - YEARS, -1):
        figures = public_figures(work, year, declaration=declared)
        if known := [one for one in figures if any(one.shown.cells.values())]:
            return year, known
    return visit.today.year, []


def _drawn(one: Figure, language: str) -> Shown:
    title = one.table.nl if language == "nl" else one.table.en
    cells = [(say_code(f"cell_{name}"), number or 0) for name, number in one.shown.cells.items()]
    return Shown(one, title, draw_bars(cells, ticks=len(cells)))


PAGES = (Page("GET", "/register", show_register, PUBLIC),)
