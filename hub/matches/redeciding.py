"""Decide again on everything that was decided by other rules than those in force now."""

from __future__ import annotations

from hub.consent.service import in_force_since, policy_in_force
from hub.consent.versions import FRESH
from hub.matches import store
from hub.subjects.service import enqueue
from service.work import Work

BATCH = 500


def redecide(work: Work, *, limit: int = BATCH) -> int:
    """Have the worker decide again on live matches that other rules decided on, and count them.

    Each is marked as looked at, so that the next turn goes on with the rest: what may not be told any more
    is not shown meanwhile, for every showing decides anew.

    Source:
        CON-01; AVG 5(2): a change of the rules reaches what was queued and what was told.
    """
    # By then every process knows the rules: a little before, one may still have decided by the others.
    known_from = in_force_since(work) + FRESH
    if work.now < known_from:
        return 0
    rows = store.list_decided_otherwise(
        work.session, policy_hash=policy_in_force(work).hash, before=known_from, limit=limit
    )
    # The queue first, as the worker does: it holds its part of the queue while it waits for matches.
    enqueue(work, {row.signal_id for row in rows})
    store.mark_checked(work.session, [row.id for row in rows], now=work.now)
    return len(rows)
