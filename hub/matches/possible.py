"""Have a human judge what may be one person, before anybody is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from hub.audit.service import record
from hub.cases.service import get_cases
from hub.matches import effects, store
from hub.matches.deciding import decide_pairs
from hub.matches.errors import MatchJudgedError, MatchMissingError
from hub.matches.events import MatchJudged, PossibleListed
from hub.matches.facts import shown_brackets
from hub.matches.models import MatchRow
from hub.matches.pairs import find_pairs
from hub.matches.showing import still_told
from hub.matches.states import MatchState
from hub.matches.viewers import SeenOn, note_viewer
from hub.notices.policy import DOMAIN, disclose
from hub.notices.service import NoticeKind, close_for_matches, find_senders
from hub.notices.terms import TERM_WORKING_DAYS
from hub.partners.service import Staff, StaffRole, require_role
from hub.signals.service import get_signals
from hub.subjects.service import lock_registrations
from hub.teams.service import find_own_team_ids
from service.work import Work

PAGE = 200


class Judgement(StrEnum):
    """What a human says of a possible match."""

    CONFIRMED = "confirmed"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class PossibleMatch:
    """What a team lead sees of a possible match: nothing that identifies anybody. Source: MAT-11."""

    match_id: UUID
    brackets: tuple[str, ...]
    partner: str | None
    police_origin: bool
    waiting_since: datetime


def list_possible(work: Work) -> list[PossibleMatch]:
    """List what waits for a human of the caller's team, longest first."""
    staff = require_role(work, StaffRole.TEAM_LEAD)
    waiting = store.list_possible(work.session, find_own_team_ids(work), limit=PAGE)
    standing = still_told(work, {row.id for row in waiting}, states=(MatchState.POSSIBLE,))
    rows = [standing[row.id] for row in waiting if row.id in standing]
    if rows:
        record(work, _listed(staff, rows))
    note_viewer(work, staff, {row.id for row in rows}, SeenOn.POSSIBLE)
    signals = get_signals(work, {id_ for row in rows for id_ in (row.signal_id, row.other_id)})
    cases = get_cases(work, {row.case_id for row in rows if row.case_id})
    senders = find_senders(work, [(signal.organisation_id, None) for signal in signals.values()])
    return [
        PossibleMatch(
            match_id=row.id,
            brackets=shown_brackets(row, signals, cases),
            partner=disclose(
                min(row.level, DOMAIN), senders.get((signals[row.signal_id].organisation_id, None))
            ).partner,
            police_origin=row.police_origin and row.level >= DOMAIN,
            waiting_since=row.created_at,
        )
        for row in rows
    ]


def decide_possible(
    work: Work, match_id: UUID, judgement: Judgement, *, working_days: int = TERM_WORKING_DAYS
) -> None:
    """Confirm or reject a possible match; confirmed, it is decided upon and told like any other.

    Raises:
        MatchMissingError: It is not of the caller's team.
        MatchJudgedError: It was judged before, or the two no longer agree.
    """
    staff = require_role(work, StaffRole.TEAM_LEAD)
    teams = find_own_team_ids(work)
    known = store.find_matches(work.session, [match_id]).get(match_id)
    if known is None or known.team_id not in teams:
        raise MatchMissingError
    # Registrations before matches, as the worker does: neither then waits for the other.
    lock_registrations(work, [known.signal_id, known.other_id])
    row = store.find_match(work.session, match_id, teams=teams)
    if row is None or row.state != MatchState.POSSIBLE:
        raise MatchJudgedError
    row.judged_by, row.judged_at = staff.id, work.now
    close_for_matches(work, [row.id], kinds=(NoticeKind.POSSIBLE,))
    record(
        work,
        MatchJudged(
            organisation_id=staff.organisation_id,
            subject={"match": str(row.id)},
            detail={"judgement": judgement.value},
        ),
    )
    if judgement is Judgement.REJECTED:
        row.state = MatchState.REJECTED
        work.session.flush()
    else:
        _confirm(work, row, working_days=working_days)


def _listed(staff: Staff, rows: Sequence[MatchRow]) -> PossibleListed:
    subject = {"matches": " ".join(str(row.id) for row in rows)}
    return PossibleListed(organisation_id=staff.organisation_id, subject=subject, detail={"count": len(rows)})


def _confirm(work: Work, row: MatchRow, *, working_days: int) -> None:
    key = (row.signal_id, row.other_id)
    pairs = [pair for pair in find_pairs(work, [row.signal_id]).pairs if pair.key == key]
    if not pairs:
        raise MatchJudgedError
    decide_pairs(work, pairs, {key: row}, working_days=working_days)
    if row.case_id is not None:
        effects.cover(work, store.list_with_case(work.session, [row.signal_id]))
