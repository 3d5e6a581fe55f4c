"""Decide anew at the moment of telling: each time that a notice is shown, and before a handle is given."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from hub.matches import store
from hub.matches.deciding import decide_pairs, list_changed
from hub.matches.matching import void_gone
from hub.matches.models import MatchRow
from hub.matches.pairs import Key, find_pairs
from hub.matches.states import MatchState
from hub.notices import service as notices
from hub.notices.terms import TERM_WORKING_DAYS
from hub.subjects.service import lock_registrations, reading_once
from service.work import Work


def list_notices(
    work: Work,
    *,
    cursor: UUID | None = None,
    page_size: int = 100,
    only_new: bool = False,
    working_days: int = TERM_WORKING_DAYS,
) -> tuple[list[notices.Notice], UUID | None]:
    """Show the caller a page of their own inbox, as far as it may be told today.

    A page may have fewer notices than asked for: what may not be told any more is not there.

    Returns:
        The notices, and the cursor of the next page or None.

    Source:
        design.md 4, step 3; AVG 5(2), 7(3), 21.
    """
    page = notices.find_page(work, cursor=cursor, page_size=page_size, only_new=only_new)
    verified = {
        *look_again(work, page.untold, working_days=working_days),
        *still_told(work, page.told - page.untold, working_days=working_days),
    }
    return notices.show(work, page, verified=verified), page.following


def decide_again(work: Work, notice_id: UUID) -> None:
    """Close a notice of the caller's that may not be shown any more; an answer to it would show it again.

    Source:
        CON-04, CON-12.
    """
    told = notices.find_told(work, notice_id)
    if told is not None:
        still_told(work, [told])


def still_told(
    work: Work,
    match_ids: Collection[UUID],
    *,
    states: Collection[MatchState] = (MatchState.OPEN,),
    working_days: int = TERM_WORKING_DAYS,
) -> dict[UUID, MatchRow]:
    """Return those of these matches that may be shown again as they stand; what changed is decided first.

    A decision is written down only where it is another one than before: a list costs the same few statements
    however often it is read.

    Source:
        CON-04, CON-12; AVG 7(3), 21.
    """
    if not match_ids:
        return {}
    known = {
        one.id: one for one in store.find_matches(work.session, match_ids).values() if one.state in states
    }
    rows = {(row.signal_id, row.other_id): row for row in known.values()}
    again = {rows[key].id for key in find_changed(work, rows)}
    fresh = look_again(work, again, states=states, working_days=working_days)
    return {id_: row for id_, row in known.items() if id_ not in again} | fresh


def find_changed(work: Work, rows: Mapping[Key, MatchRow]) -> set[Key]:
    """Name the pairs that no longer agree, or of which another thing would be decided now than stands.

    Writes nothing down, in a few statements whatever their number.
    """
    if not rows:
        return set()
    with reading_once(work, {id_ for key in rows for id_ in key}):
        found = [pair for pair in find_pairs(work, {key[0] for key in rows}).pairs if pair.key in rows]
        return list_changed(work, found, rows) | (rows.keys() - {pair.key for pair in found})


def look_again(
    work: Work,
    match_ids: Collection[UUID],
    *,
    states: Collection[MatchState] = (MatchState.OPEN,),
    working_days: int = TERM_WORKING_DAYS,
) -> dict[UUID, MatchRow]:
    """Bring open matches in line with what holds now, as the worker would; returns those that may be told.

    Registrations before matches, as the worker does: neither then waits for the other.
    """
    if not match_ids:
        return {}
    known = store.find_matches(work.session, match_ids).values()
    lock_registrations(work, {id_ for row in known for id_ in (row.signal_id, row.other_id)})
    rows = {
        (row.signal_id, row.other_id): row
        for row in store.lock_matches(work.session, match_ids)
        if row.state in states
    }
    found = find_pairs(work, {signal_id for signal_id, _ in rows}).pairs if rows else []
    pairs = [pair for pair in found if pair.key in rows]
    void_gone(work, pairs, rows)
    decide_pairs(work, pairs, rows, working_days=working_days)
    return {row.id: row for row in rows.values() if row.state in states}
