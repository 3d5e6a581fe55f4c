"""Ask once in a unit of work what it asks again and again, and ask anew as soon as it writes any of that.

For what frozen values say and few acts change: organisations, staff, teams. What is decided about a person is
never remembered.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping
from typing import Any, TypeVar

from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
REMEMBERED = "service.remembering"  # where a session keeps it
_watched: set[str] = set()


def watch(*tables: str) -> None:
    """Have whatever a unit of work remembers be forgotten as soon as it writes one of these tables."""
    _watched.update(tables)


def once(session: Session, what: Hashable, ask: Callable[[], V]) -> V:
    """Return the answer, asked at most once; it must be a value that nobody changes."""
    known = session.info.setdefault(REMEMBERED, {})
    if what not in known:
        known[what] = ask()
    return known[what]  # type: ignore[no-any-return]


def each_once(
    session: Session, what: str, keys: Collection[K], ask: Callable[[Collection[K]], Mapping[K, V]]
) -> dict[K, V]:
    """Return the answers there are by key, asking only for keys that were not asked about before."""
    known: dict[K, V | None] = session.info.setdefault(REMEMBERED, {}).setdefault(what, {})
    fresh = {key for key in keys if key not in known}
    if fresh:
        known |= dict.fromkeys(fresh) | dict(ask(fresh))
    found = ((key, known[key]) for key in keys)
    return {key: value for key, value in found if value is not None}


def forget(session: Session) -> None:
    """Ask everything anew: whoever locked something wants to see it as it is now."""
    session.info.pop(REMEMBERED, {}).clear()


@event.listens_for(Session, "after_flush")
def _after_flush(session: Session, _context: object) -> None:
    if REMEMBERED in session.info:
        changed = (*session.new, *session.dirty, *session.deleted)
        if any(one.__tablename__ in _watched for one in changed):
            forget(session)


@event.listens_for(Session, "do_orm_execute")
def _before_execute(state: ORMExecuteState) -> None:
    if REMEMBERED in state.session.info and not state.is_select:
        table: Any = getattr(state.statement, "table", None)
        if table is None or table.name in _watched:
            forget(state.session)
