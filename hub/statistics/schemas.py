"""Statistics on the wire."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from hub.statistics.policy import share_of
from hub.statistics.service import Figure
from hub.statistics.values import QUARTER, Declaration, Release, Released
from service.clock import wire_time
from service.http import WireModel

Quarter = Annotated[str, Field(pattern=QUARTER)]


class NewRelease(WireModel):
    """Which quarter is to be released."""

    quarter: Quarter


class CellOut(WireModel):
    """A cell; without a number it is not shown."""

    category: str
    number: int | None


class TableOut(WireModel):
    """A table of one municipality (0000: not known which) and period, from the first day to the last."""

    code: str
    municipality: str
    first_date: date
    end_date: date
    total: int | None
    cells: list[CellOut]
    share_percent: int | None


class ReleaseOut(WireModel):
    """Everything that was released with a quarter."""

    quarter: Quarter
    declaration: str
    released_at: str
    tables: list[TableOut]


class ReleasesOut(WireModel):
    """The quarters that were released."""

    quarters: list[Quarter]


class DeclaredOut(WireModel):
    """A table that may be released."""

    code: str
    population: str
    categories: list[str]
    share_of: list[str]
    dutch: str
    english: str
    source: str


class DeclarationOut(WireModel):
    """Every table that may be released, and how small cells are kept back."""

    hash: str
    threshold: int
    round_to: int
    tables: list[DeclaredOut]


class FigureOut(WireModel):
    """A table of a year; where it is not whole, each number is "at least"."""

    code: str
    dutch: str
    english: str
    is_whole: bool
    total: int | None
    cells: list[CellOut]
    share_percent: int | None


class PublicFiguresOut(WireModel):
    """A year as the public sees it."""

    year: int
    figures: list[FigureOut]


def write_declaration(found: Declaration) -> DeclarationOut:
    """Write what may be released."""
    tables = [
        DeclaredOut(
            code=one.code,
            population=one.population,
            categories=list(one.categories),
            share_of=list(one.share),
            dutch=one.nl,
            english=one.en,
            source=one.source,
        )
        for one in found.tables
    ]
    rules = found.protection
    return DeclarationOut(hash=found.hash, threshold=rules.threshold, round_to=rules.round_to, tables=tables)


def write_release(found: Release, declaration: Declaration) -> ReleaseOut:
    """Write what was released."""
    shares = {one.code: one.share for one in declaration.tables}
    return ReleaseOut(
        quarter=found.quarter,
        declaration=found.declaration,
        released_at=wire_time(found.released_at),
        tables=[_table(one, shares.get(one.code, ())) for one in found.tables],
    )


def write_figure(one: Figure) -> FigureOut:
    """Write a table of a year."""
    return FigureOut(
        code=one.table.code,
        dutch=one.table.nl,
        english=one.table.en,
        is_whole=one.whole,
        total=one.shown.total,
        cells=[CellOut(category=name, number=number) for name, number in one.shown.cells.items()],
        share_percent=one.share,
    )


def _table(one: Released, share: tuple[str, ...]) -> TableOut:
    return TableOut(
        code=one.code,
        municipality=one.municipality,
        first_date=one.since,
        end_date=one.until,
        total=one.shown.total,
        cells=[CellOut(category=name, number=number) for name, number in one.shown.cells.items()],
        share_percent=share_of(one.shown, share),
    )
