"""Decide anew at the moment of telling: before a notice is first shown, and before a handle is given."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from hub.matches import store
from hub.matches.deciding import decide_pairs
from hub.matches.matching import void_gone
from hub.matches.models import MatchRow
from hub.matches.pairs import find_pairs
from hub.matches.states import MatchState
from hub.notices import service as notices
from hub.notices.terms import TERM_WORKING_DAYS
from hub.subjects.service import lock_registrations
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
    verified = look_again(work, page.untold, working_days=working_days)
    return notices.show(work, page, verified=verified), page.following


def look_again(
    work: Work, match_ids: Collection[UUID], *, working_days: int = TERM_WORKING_DAYS
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
        if row.state == MatchState.OPEN
    }
    found = find_pairs(work, {signal_id for signal_id, _ in rows}).pairs if rows else []
    pairs = [pair for pair in found if pair.key in rows]
    void_gone(work, pairs, rows)
    decide_pairs(work, pairs, rows, working_days=working_days)
    return {row.id: row for row in rows.values() if row.state == MatchState.OPEN}
