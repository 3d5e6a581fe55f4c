"""Statistics over HTTP: what may be released, what was, and a year for the public."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request

from hub.context import hub_of
from hub.statistics import service
from hub.statistics.declaring import load_declaration
from hub.statistics.schemas import (
    DeclarationOut,
    NewRelease,
    PublicFiguresOut,
    Quarter,
    ReleaseOut,
    ReleasesOut,
    write_declaration,
    write_figure,
    write_release,
)
from hub.statistics.values import Declaration
from service.http import AnyCaller

router = APIRouter(tags=["statistics"])


@router.get("/statistic-tables", summary="List tables", operation_id="listStatisticTables")
def list_tables(request: Request, caller: AnyCaller) -> DeclarationOut:
    """Return the tables that may be released; there are no others."""
    with hub_of(request).database.look(caller):
        return write_declaration(_declared(request))


@router.post("/statistic-releases", summary="Release a quarter", operation_id="releaseStatistics")
def release(request: Request, caller: AnyCaller, body: NewRelease) -> ReleaseOut:
    """Release the tables of a quarter; what was released before is returned as it was."""
    declared = _declared(request)
    with hub_of(request).disclosing(caller) as work:
        return write_release(service.release(work, body.quarter, declaration=declared), declared)


@router.get("/statistic-releases", summary="List releases", operation_id="listStatisticReleases")
def list_releases(request: Request, caller: AnyCaller) -> ReleasesOut:
    """Return which quarters were released."""
    with hub_of(request).database.look(caller) as work:
        return ReleasesOut(quarters=[one.quarter for one in service.list_releases(work)])


@router.get("/statistic-releases/{quarter}", summary="Read a release", operation_id="readStatisticRelease")
def read_release(request: Request, caller: AnyCaller, quarter: Annotated[Quarter, Path()]) -> ReleaseOut:
    """Return the tables of a quarter as they were released."""
    with hub_of(request).disclosing(caller) as work:
        return write_release(service.get_release(work, quarter), _declared(request))


@router.get("/public-figures/{year}", summary="Read a year", operation_id="readPublicFigures")
def read_year(
    request: Request, caller: AnyCaller, year: Annotated[int, Path(ge=2020, le=2099)]
) -> PublicFiguresOut:
    """Return a year as the public sees it: the sum of what was released."""
    declared = _declared(request)
    with hub_of(request).disclosing(caller) as work:
        figures = service.public_figures(work, year, declaration=declared)
    return PublicFiguresOut(year=year, figures=[write_figure(one) for one in figures])


def _declared(request: Request) -> Declaration:
    return load_declaration(hub_of(request).settings.statistic_tables)
