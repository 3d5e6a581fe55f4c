"""Let the sender of a signal hear something back: a code, on the person's consent, decided at each showing.

No match, no consent and a consent that was withdrawn are one and the same to a sender: nothing is there.
And whether anything is there, nobody computes while a sender waits: a casemanager puts it there.

Source: domain.md 0.1 (6): that a team knows somebody is itself secret; ROU-19, MAT-14; Wmo 2015 5.3.3(1).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from hub.audit.service import record
from hub.consent.service import FeedbackCode, StoredDecision, decide_telling_many, weigh_many
from hub.matches import events, feedback_store, owners, store
from hub.matches.deciding import Decide, decide_feedback
from hub.matches.errors import NothingToTellError
from hub.matches.gates import require_taken
from hub.matches.models import FeedbackRow, MatchRow
from hub.matches.pairs import Pair, find_pairs
from hub.matches.showing import look_again
from hub.matches.states import MatchState
from hub.notices.terms import TERM_WORKING_DAYS
from hub.partners.errors import RoleNotAllowedError
from hub.partners.service import Staff, StaffRole, get_own_partner, require_role, require_sighted
from hub.subjects.service import lock_registrations
from hub.teams.service import TEAM_ROLES, get_team
from service.clock import dutch_date
from service.work import Role, Work

SENDERS = (StaffRole.REPORTER, StaffRole.PARTNER_COORDINATOR)
PAGE = 200


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a sender hears of one of its own signals."""

    signal_id: UUID
    code: FeedbackCode
    given_on: date
    considered_on: date | None


def give_feedback(
    work: Work, match_id: UUID, code: FeedbackCode, *, working_days: int = TERM_WORKING_DAYS
) -> bool:
    """Put a code where the senders of a match find it, as far as their kind and consents allow.

    Returns:
        Whether any sender may hear it. Commit a no too: it is a decision.

    Raises:
        NotOwnerError: The match is not the caller's, or was not taken up.
        NothingToTellError: Nobody weighed together yet.
    """
    staff = require_role(work, *TEAM_ROLES)
    require_taken(work, match_id)
    match = look_again(work, [match_id], working_days=working_days).get(match_id)
    pair = _find_pair(work, match) if match else None
    if match is None or pair is None:
        return False
    considered_on = owners.find_follow_up(work.session, match_id).jointly_considered_on
    if code is FeedbackCode.JOINT_CONSIDERATION and considered_on is None:
        raise NothingToTellError
    allowed = _allowed(work, match, pair, code, decide=decide_telling_many)
    said = considered_on if code is FeedbackCode.JOINT_CONSIDERATION else None
    _put(work, match, pair, allowed, code=code, considered_on=said, staff=staff)
    record(work, _given(staff, match_id, code))
    return bool(allowed)


def list_feedback(work: Work) -> list[Feedback]:
    """Show a sender what it may hear of its own signals today, the latest first; each time decided on."""
    organisation_id = _require_sender(work)
    rows = feedback_store.list_of_sender(work.session, organisation_id, limit=PAGE)
    matches = store.find_matches(work.session, {row.match_id for row in rows})
    lock_registrations(work, {id_ for one in matches.values() for id_ in (one.signal_id, one.other_id)})
    pairs = {pair.key: pair for pair in find_pairs(work, {one.signal_id for one in matches.values()}).pairs}
    shown = [row for row in rows if _may_show(work, row, matches[row.match_id], pairs)]
    feedback_store.mark_seen(work.session, [row.id for row in shown], now=work.now)
    subject = {"feedback": " ".join(str(row.id) for row in shown)}
    record(work, events.FeedbackShown(organisation_id=organisation_id, subject=subject))
    return [
        Feedback(row.signal_id, FeedbackCode(row.code), dutch_date(row.given_at), row.considered_on)
        for row in shown
    ]


def _require_sender(work: Work) -> UUID:
    if work.caller.role is Role.STAFF:
        return require_role(work, *SENDERS).organisation_id
    if work.caller.organisation_id is None:
        raise RoleNotAllowedError
    require_sighted(get_own_partner(work))
    return work.caller.organisation_id


def _find_pair(work: Work, match: MatchRow) -> Pair | None:
    key = (match.signal_id, match.other_id)
    return next((pair for pair in find_pairs(work, [match.signal_id]).pairs if pair.key == key), None)


def _allowed(
    work: Work, match: MatchRow, pair: Pair, code: FeedbackCode, *, decide: Decide
) -> dict[UUID, StoredDecision]:
    college_id = get_team(work, match.team_id).organisation_id if match.team_id else None
    decided = decide_feedback(work, pair, code=code, college_id=college_id, decide=decide)
    return {signal_id: one for signal_id, one in decided.items() if one.allowed}


def _may_show(work: Work, row: FeedbackRow, match: MatchRow, pairs: dict[tuple[UUID, UUID], Pair]) -> bool:
    pair = pairs.get((match.signal_id, match.other_id))
    if pair is None or match.state != MatchState.OPEN:
        return False
    decide = decide_telling_many if row.seen_at is None else weigh_many
    return row.signal_id in _allowed(work, match, pair, FeedbackCode(row.code), decide=decide)


def _put(
    work: Work,
    match: MatchRow,
    pair: Pair,
    allowed: dict[UUID, StoredDecision],
    *,
    code: FeedbackCode,
    considered_on: date | None,
    staff: Staff,
) -> None:
    before = feedback_store.find_given(work.session, match.id)
    for signal in pair.signals:
        if signal.id not in allowed:
            continue
        row = before.get(signal.id)
        if row is None:
            row = FeedbackRow(
                id=uuid4(), match_id=match.id, signal_id=signal.id, organisation_id=signal.organisation_id
            )
            work.session.add(row)
        row.code, row.considered_on = code.value, considered_on
        row.given_by, row.given_at, row.seen_at = staff.id, work.now, None
    work.session.flush()


def _given(staff: Staff, match_id: UUID, code: FeedbackCode) -> events.FeedbackGiven:
    return events.FeedbackGiven(
        organisation_id=staff.organisation_id,
        subject={"match": str(match_id)},
        detail={"staff": str(staff.id), "code": code.value},
    )
