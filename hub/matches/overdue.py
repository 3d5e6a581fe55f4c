"""Let nothing fall through: return to the team what was not taken up, and decide again on what waits."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from hub.consent.choosing import find_begun
from hub.matches import effects, store
from hub.matches.showing import find_changed
from hub.matches.states import Because, MatchState
from hub.notices import service as notices
from hub.notices.terms import TERM_WORKING_DAYS
from hub.subjects.service import enqueue
from service.clock import AMSTERDAM
from service.work import Work

STALE = timedelta(days=1)
BATCH = 500


def return_overdue(work: Work, *, working_days: int = TERM_WORKING_DAYS) -> int:
    """Return to the team's intake what was not taken up in its term, and count that.

    What is held, waits for a human or was told to nobody yet is weighed again once a day: a consent, a basis
    or an age bracket begins or ends without anybody calling. What was told is weighed again once a quarter,
    when brackets change, and when a choice of the person begins; by other rules, `redecide` has it decided
    again.

    Source:
        ROU-12, ROU-13, CON-09.
    """
    _decide_again(work)
    # Matches before their notices, as whoever takes a match back does: neither then waits for the other.
    held = store.lock_matches(work.session, notices.list_overdue(work))
    returned = {one.match_id for one in notices.return_overdue(work, [match.id for match in held])}
    back = [match for match in held if match.id in returned and match.state == MatchState.OPEN]
    effects.give_to_team(work, back, working_days=working_days, because=Because.OVERDUE)
    return len(returned)


def _decide_again(work: Work) -> None:
    """Have the worker decide again on what would be decided otherwise today; the rest stands as it is."""
    stale = store.list_stale(
        work.session,
        before=work.now - STALE,
        quarter=quarter_began(work.now),
        limit=BATCH,
    )
    # On the day on which a person's choice begins also what somebody took up goes along. Source: row 9 (b).
    stale += store.list_unchecked(work.session, find_begun(work))
    rows = {(match.signal_id, match.other_id): match for match in stale}
    changed = find_changed(work, rows)
    # The queue first, as the worker does: it holds its part of the queue while it waits for notices.
    enqueue(work, {signal_id for signal_id, _ in changed})
    same = [match.id for key, match in rows.items() if key not in changed]
    store.mark_checked(work.session, same, now=work.now)


def quarter_began(moment: datetime) -> datetime:
    """Return the Dutch midnight at which the quarter of this moment began."""
    day = moment.astimezone(AMSTERDAM).date()
    return datetime.combine(day.replace(month=3 * ((day.month - 1) // 3) + 1, day=1), time(), AMSTERDAM)
