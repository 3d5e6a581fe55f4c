"""Every query on releases."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.statistics.models import ReleasedRow, ReleaseRow
from hub.statistics.values import Cells, Release, Released


def find_release(session: Session, quarter: str) -> Release | None:
    """Find what was released with a quarter."""
    return next(iter(_read(session, [quarter])), None)


def list_releases(session: Session, *, begins: str = "", ends: str = "9") -> list[Release]:
    """List releases by quarter, from one and to one, both inclusive."""
    wanted = select(ReleaseRow.quarter).where(ReleaseRow.quarter.between(begins, ends))
    return _read(session, list(session.scalars(wanted)))


def released_until(session: Session, year: int) -> dict[str, date]:
    """Return for each municipality until which day of a year it was released."""
    query = select(ReleasedRow.municipality, func.max(ReleasedRow.until_on))
    query = query.where(ReleasedRow.quarter.like(f"{year}-%")).group_by(ReleasedRow.municipality)
    return dict(session.execute(query).all())


def add_release(session: Session, row: ReleaseRow, tables: Sequence[Released]) -> None:
    """Write a release with its tables, once and for all."""
    session.add(row)
    session.flush()
    session.add_all(
        ReleasedRow(
            quarter=one.quarter,
            municipality=one.municipality,
            code=one.code,
            place=place,
            since_on=one.since,
            until_on=one.until,
            total=one.shown.total,
            cells=dict(one.shown.cells),
        )
        for place, one in enumerate(tables)
    )
    session.flush()


def _read(session: Session, quarters: Sequence[str]) -> list[Release]:
    heads = select(ReleaseRow).where(ReleaseRow.quarter.in_(quarters)).order_by(ReleaseRow.quarter)
    rows = select(ReleasedRow).where(ReleasedRow.quarter.in_(quarters))
    tables = [_released(row) for row in session.scalars(rows.order_by(ReleasedRow.place))]
    return [
        Release(
            quarter=head.quarter,
            declaration=head.declaration,
            released_at=head.released_at,
            tables=tuple(one for one in tables if one.quarter == head.quarter),
        )
        for head in session.scalars(heads)
    ]


def _released(row: ReleasedRow) -> Released:
    return Released(
        quarter=row.quarter,
        municipality=row.municipality,
        since=row.since_on,
        until=row.until_on,
        code=row.code,
        shown=Cells(row.total, dict(row.cells)),
    )
