"""`dat-hub statistics`: say what may be released, release a quarter, print what was released or a year."""

from __future__ import annotations

import re
from typing import Annotated

import typer

from hub.opening import open_hub
from hub.settings import HubSettings
from hub.statistics import service
from hub.statistics.declaring import load_declaration
from hub.statistics.schemas import (
    PublicFiguresOut,
    ReleasesOut,
    write_declaration,
    write_figure,
    write_release,
)
from hub.statistics.values import QUARTER
from service.work import OPERATOR

statistics_app = typer.Typer(help="Tables without persons, released once.", no_args_is_help=True)


def _quarter(text: str) -> str:
    if not re.fullmatch(QUARTER, text):
        raise typer.BadParameter("a quarter is written as 2026-Q3")
    return text


AQuarter = Annotated[str, typer.Argument(help="As 2026-Q3.", callback=_quarter)]


@statistics_app.command(name="tables", epilog="Example: dat-hub statistics tables")
def show_tables() -> None:
    """Print the tables that may be released, as JSON; there are no others."""
    typer.echo(
        write_declaration(load_declaration(HubSettings().statistic_tables)).model_dump_json(by_alias=True)
    )


@statistics_app.command(name="release", epilog="Example: dat-hub statistics release 2026-Q3")
def release_quarter(quarter: AQuarter) -> None:
    """Release a quarter and print it as JSON; a quarter that was released is printed as it was."""
    settings = HubSettings()
    declared, hub = load_declaration(settings.statistic_tables), open_hub(settings)
    with hub.disclosing(OPERATOR) as work:
        found = service.release(work, quarter, declaration=declared)
    typer.echo(write_release(found, declared).model_dump_json(by_alias=True))


@statistics_app.command(name="show", epilog="Example: dat-hub statistics show 2026-Q3")
def show_quarter(quarter: AQuarter) -> None:
    """Print what was released with a quarter, as JSON."""
    settings = HubSettings()
    declared = load_declaration(settings.statistic_tables)
    with open_hub(settings).disclosing(OPERATOR) as work:
        found = service.get_release(work, quarter)
    typer.echo(write_release(found, declared).model_dump_json(by_alias=True))


@statistics_app.command(name="list", epilog="Example: dat-hub statistics list")
def list_quarters() -> None:
    """Print which quarters were released, as JSON."""
    with open_hub(HubSettings()).database.look(OPERATOR) as work:
        quarters = [one.quarter for one in service.list_releases(work)]
    typer.echo(ReleasesOut(quarters=quarters).model_dump_json(by_alias=True))


@statistics_app.command(name="public", epilog="Example: dat-hub statistics public 2026")
def show_year(year: Annotated[int, typer.Argument(min=2020, max=2099)]) -> None:
    """Print a year as the public sees it, as JSON: the sum of what was released."""
    settings = HubSettings()
    declared = load_declaration(settings.statistic_tables)
    with open_hub(settings).disclosing(OPERATOR) as work:
        figures = [write_figure(one) for one in service.public_figures(work, year, declaration=declared)]
    typer.echo(PublicFiguresOut(year=year, figures=figures).model_dump_json(by_alias=True))
