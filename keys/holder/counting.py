"""Count what was used of a day's limits, in one order, whoever comes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, cast
from uuid import UUID

from sqlalchemy import BindParameter, Select, Table, bindparam, select, update

from keys.holder.models import UsedRow
from service.bulk import insert_into
from service.clock import dutch_date
from service.work import Work

Counter = tuple[UUID, str]
"""An organisation, and what of it is counted."""

_USED, _TABLE = UsedRow.__table__.c, cast("Table", UsedRow.__table__)
_ONES: BindParameter[UUID] = bindparam("ones", expanding=True)
_NAMES: BindParameter[Any] = bindparam("names", expanding=True)


def lock_used(work: Work, counters: Sequence[Counter], day: date) -> dict[Counter, int]:
    """Hold these counters, begun at zero where they are not there yet; returns what they say."""
    there = _read(work, _SEEN, counters, day)
    if missing := [counter for counter in counters if counter not in there]:
        empty = [{"organisation_id": one, "counter": name, "day_on": day, "used": 0} for one, name in missing]
        work.session.execute(insert_into(work.session, _TABLE).on_conflict_do_nothing(), empty)
    return _read(work, _LOCK, counters, day)


_SEEN = select(_USED.organisation_id, _USED.counter, _USED.used).where(
    _USED.organisation_id.in_(_ONES), _USED.counter.in_(_NAMES), _USED.day_on == bindparam("day")
)
# All begun before one is held, and held in one order: two processes then wait in turn and not in a ring.
_LOCK = _SEEN.order_by(_USED.organisation_id, _USED.counter).with_for_update()


def _read(work: Work, question: Select[Any], counters: Sequence[Counter], day: date) -> dict[Counter, int]:
    if not counters:
        return {}
    ones, names = list({one for one, _ in counters}), list({name for _, name in counters})
    rows = work.session.connection().execute(question, {"ones": ones, "names": names, "day": day})
    found = {(row[0], row[1]): row[2] for row in rows}
    return {counter: found[counter] for counter in counters if counter in found}


_WRITE = (
    update(_TABLE)
    .where(
        _USED.organisation_id == bindparam("one"),
        _USED.counter == bindparam("name"),
        _USED.day_on == bindparam("day"),
    )
    .values(used=bindparam("total"))
)


def write_used(work: Work, totals: Mapping[Counter, int]) -> None:
    """Write the new totals of counters that are held."""
    day = dutch_date(work.now)
    rows = [
        {"one": one, "name": name, "day": day, "total": total}
        for (one, name), total in sorted(totals.items())
    ]
    if rows:
        work.session.connection().execute(_WRITE, rows)
