"""A table of figures that was released, for pages that show it."""

from __future__ import annotations

from hub.statistics.counting import CATEGORIES
from hub.statistics.models import ReleaseRow
from hub.statistics.store import add_release
from hub.statistics.values import Cells, Released
from service import clock
from service.clock import dutch_date
from service.database import Database
from service.work import SYSTEM


def release_a_table(database: Database) -> None:
    """Release a table of this year, of which one cell was kept back; once."""
    table = _table()
    with database.work(SYSTEM) as work:
        if work.session.get(ReleaseRow, table.quarter) is None:
            row = ReleaseRow(
                quarter=table.quarter, declaration="0" * 32, released_at=work.now, released_by=None
            )
            add_release(work.session, row, [table])


def _table() -> Released:
    today, categories = dutch_date(clock.now()), CATEGORIES["matches", "follow_up"]
    return Released(
        quarter=f"{today.year}-Q1",
        municipality="0352",
        since=today.replace(month=1, day=1),
        until=today.replace(month=4, day=1),
        code="follow_up",
        shown=Cells(70, dict(zip(categories, (45, 15, None, 10), strict=True))),
    )
