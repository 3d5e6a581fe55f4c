"""End a match that turns out to be of two persons: whoever was told hears that it does not stand."""

from __future__ import annotations

from uuid import UUID

from hub.audit.service import record
from hub.matches import effects, events, store
from hub.matches.errors import NotOwnerError, NumbersAgreeError
from hub.matches.gates import event_of, require_own, require_taken
from hub.matches.states import MatchState, Verified
from hub.partners.service import StaffRole, holds
from hub.subjects.policy import BSN
from hub.subjects.service import enqueue, lock_registrations
from service.clock import dutch_date
from service.work import Work


def retract(work: Work, match_id: UUID, verified: Verified) -> None:
    """Say of a match that its owner verified: these are two persons. Nobody hears of this pair again.

    Whoever was told hears that it does not stand, and what their senders could hear back is gone. What this
    match covered is looked at anew: two organisations may have met each of them.

    Raises:
        NotOwnerError: The match is not the caller's, was not taken up, or is an inquiry into one signal.
        NumbersAgreeError: Both have one service number, and the caller leads no team.

    Source:
        design.md 3 (verify the person before you act); MAT-11; AVG 5(1)(d), 19.
    """
    require_taken(work, match_id)
    known = store.find_matches(work.session, [match_id])[match_id]
    if known.signal_id == known.other_id:
        raise NotOwnerError
    sides = {known.signal_id, known.other_id}
    # Queue, registrations, matches: the order of the worker, so that neither waits for the other.
    enqueue(work, sides)
    lock_registrations(work, sides)
    staff, match, _ = require_own(work, match_id)
    # What ends for good falls through in silence: of one number a second pair of eyes says that it is wrong.
    if BSN in match.agreed.split() and not holds(staff, (StaffRole.TEAM_LEAD,), dutch_date(work.now)):
        raise NumbersAgreeError
    match.state, match.judged_by, match.judged_at = MatchState.REJECTED, staff.id, work.now
    work.session.flush()
    effects.take_back(work, [match], but=staff.id)
    record(work, event_of(events.MatchRetracted, staff, match_id, verified=verified.value))
