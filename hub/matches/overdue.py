"""Let nothing fall through: return to the team what was not taken up, and decide again on what waits."""

from __future__ import annotations

from datetime import timedelta

from hub.matches import effects, store
from hub.matches.states import MatchState
from hub.notices import service as notices
from hub.notices.terms import TERM_WORKING_DAYS
from hub.subjects.service import enqueue
from service.work import Work

STALE = timedelta(days=1)
BATCH = 500


def return_overdue(work: Work, *, working_days: int = TERM_WORKING_DAYS) -> int:
    """Return to the team's intake what was not taken up in its term, and count that.

    What is held, waits for a human or was told to nobody yet is decided again once a day: a consent, a basis
    or an age bracket begins or ends without anybody calling.

    Source:
        ROU-12, ROU-13.
    """
    # The queue first, as the worker does: it holds its part of the queue while it waits for notices.
    stale = store.list_stale(work.session, before=work.now - STALE, limit=BATCH)
    enqueue(work, {match.signal_id for match in stale})
    returned = notices.return_overdue(work)
    matches = store.find_matches(work.session, {one.match_id for one in returned})
    open_ = [match for match in matches.values() if match.state == MatchState.OPEN]
    effects.give_to_team(work, open_, working_days=working_days)
    return len(returned)
