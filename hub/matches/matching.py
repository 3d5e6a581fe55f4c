"""Match what is new or changed: look, lock, look again, decide, tell; all in one transaction.

Source: design.md 3 and 4; audit-and-reliability 2.2.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from hub.matches import effects, store
from hub.matches.deciding import decide_pairs
from hub.matches.models import MatchRow
from hub.matches.pairs import Key, Pair, find_pairs, ids_of
from hub.matches.policy import LIVE
from hub.matches.states import MatchState
from hub.notices.terms import TERM_WORKING_DAYS
from hub.signals.service import ask_archive
from hub.subjects.service import claim_changed, list_erased, lock_registrations, request_destruction
from service.database import Database
from service.work import SYSTEM, Work

BATCH = 200


def match_changed(
    database: Database,
    limit: int = BATCH,
    *,
    working_days: int = TERM_WORKING_DAYS,
    now: datetime | None = None,
) -> int:
    """Match registrations that are new, changed, ended or erased; several workers share the queue.

    Returns:
        How many registrations were looked at; what a failure left undone is in the queue again.
    """
    with database.work(SYSTEM, now=now) as work:
        changed = claim_changed(work, limit)
        if changed:
            match(work, frozenset(changed), working_days=working_days)
        return len(changed)


def match(work: Work, changed: frozenset[UUID], *, working_days: int = TERM_WORKING_DAYS) -> None:
    """Bring the matches of these registrations in line with what is known now."""
    ask_archive(work, changed)
    seen = find_pairs(work, changed)
    # Also whom a changed consent or objection is about, and the other side of every match.
    wider = {*seen.also, *(id_ for key in store.list_live_keys(work.session, changed) for id_ in key)}
    if not seen.pairs and not wider:
        return
    touched = changed | wider
    first = seen.pairs if touched == changed else find_pairs(work, touched).pairs
    held = ids_of(first) | wider
    pairs = _look_under_lock(work, touched, held=held)
    rows = {(row.signal_id, row.other_id): row for row in store.list_touching(work.session, touched)}
    void_gone(work, pairs, {key: row for key, row in rows.items() if held.issuperset(key)})
    with_case = [pair for pair in pairs if pair.case is not None]
    decide_pairs(work, with_case, rows, working_days=working_days)
    effects.cover(work, store.list_with_case(work.session, ids_of(with_case)))
    between_signals = [pair for pair in pairs if pair.case is None]
    covered = store.list_with_case(work.session, ids_of(between_signals))
    # Of somebody in a caseload the casemanager hears; a signal that only meets another signal would be lost.
    left = [pair for pair in between_signals if pair.inquiry_basis or not covered.issuperset(pair.key)]
    decide_pairs(work, left, rows, working_days=working_days)


def _look_under_lock(work: Work, touched: Collection[UUID], *, held: set[UUID]) -> list[Pair]:
    """Lock both sides of every pair in sorted order, and look again: one may have ended meanwhile.

    A pair that came up in between is left alone: its new registration is in the queue itself.
    """
    lock_registrations(work, held)
    return [pair for pair in find_pairs(work, touched).pairs if held.issuperset(pair.key)]


def void_gone(work: Work, pairs: Collection[Pair], rows: Mapping[Key, MatchRow]) -> None:
    """Void the live matches whose registrations no longer agree, or are no longer both active.

    Args:
        rows: matches of which both registrations are locked: of any other, `pairs` says nothing.
    """
    agreed = {pair.key for pair in pairs}
    gone = [row for key, row in rows.items() if row.state in LIVE and key not in agreed]
    for row in gone:
        row.state, row.checked_at = MatchState.VOID, work.now
    work.session.flush()
    effects.take_back(work, gone)
    effects.record_states(work, gone)
    _erase_with_registrations(work, rows)


def _erase_with_registrations(work: Work, rows: Mapping[Key, MatchRow]) -> None:
    """Have what the log says of a match be unreadable, as soon as one of the two was erased."""
    erased = list_erased(work, {id_ for key in rows for id_ in key})
    request_destruction(work, [row.id for key, row in rows.items() if not erased.isdisjoint(key)])
