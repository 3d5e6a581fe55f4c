"""The team's intake: what waits for somebody of the team, and what they learn who take it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hub.audit.service import record, record_many
from hub.cases.service import get_cases
from hub.consent.service import policy_in_force
from hub.matches import owners, store
from hub.matches.agreed import read_terms
from hub.matches.errors import IntakeMissingError, IntakeTakenError, NotEligibleError
from hub.matches.events import ContactRevealed, IntakeAccepted, IntakeListed
from hub.matches.facts import shown_brackets
from hub.matches.models import IntakeItemRow, MatchRow
from hub.matches.showing import look_again, still_told
from hub.matches.states import IntakeState
from hub.matches.viewers import SeenOn, note_viewer
from hub.notices.policy import DOMAIN, disclose
from hub.notices.service import ASKING, close_for_matches, find_senders
from hub.notices.terms import DEFAULT, TERM_WORKING_DAYS
from hub.partners.service import Staff, find_partners, require_role
from hub.signals.service import Signal, get_signals
from hub.teams.roster import read_roster
from hub.teams.service import TEAM_ROLES, find_own_team_ids
from service.work import Work

PAGE = 200


@dataclass(frozen=True, slots=True)
class IntakeItem:
    """What a team sees of an item before somebody takes it: a number, not a name. Source: ROU-05.

    Attributes:
        left: it waits longer than one meeting, and stands on a lead's list.
    """

    item_id: UUID
    waiting_since: datetime
    brackets: tuple[str, ...]
    partners: tuple[str | None, ...]
    police_origin: bool
    state: str
    left: bool


@dataclass(frozen=True, slots=True)
class Handle:
    """Which reporter to call, and the number by which that reporter's own client finds the person."""

    signal_id: UUID
    partner: str | None
    reporter_contact: str | None
    police_origin: bool


@dataclass(frozen=True, slots=True)
class Accepted:
    """What whoever takes an item learns; `case_id` where the team has a case already."""

    item_id: UUID
    case_id: UUID | None
    handles: tuple[Handle, ...]


def list_intake(work: Work) -> list[IntakeItem]:
    """List what waits for the caller's team, longest first, and what the caller took."""
    staff = require_role(work, *TEAM_ROLES)
    waiting = store.list_intake(work.session, find_own_team_ids(work), staff_id=staff.id, limit=PAGE)
    matches = still_told(work, {item.match_id for item in waiting})
    items = [item for item in waiting if item.match_id in matches]
    if items:
        record(work, _listed(staff, items))
    note_viewer(work, staff, {item.match_id for item in items}, SeenOn.INTAKE)
    signals = get_signals(work, {id_ for row in matches.values() for id_ in (row.signal_id, row.other_id)})
    cases = get_cases(work, {row.case_id for row in matches.values() if row.case_id})
    senders = find_senders(work, [(signal.organisation_id, None) for signal in signals.values()])
    terms = read_terms(work, DEFAULT)

    def show(item: IntakeItemRow) -> IntakeItem:
        row = matches[item.match_id]
        sides = [signals[id_] for id_ in dict.fromkeys((row.signal_id, row.other_id)) if id_ in signals]
        level = min(row.level, DOMAIN)
        return IntakeItem(
            item_id=item.id,
            waiting_since=item.waiting_since,
            brackets=shown_brackets(row, signals, cases),
            partners=tuple(
                disclose(level, senders.get((side.organisation_id, None))).partner for side in sides
            ),
            police_origin=row.police_origin and level >= DOMAIN,
            state=item.state,
            left=item.state == IntakeState.WAITING
            and work.now - item.waiting_since >= terms.of(item.team_id).meeting,
        )

    return [show(item) for item in items]


def accept_intake(work: Work, item_id: UUID, *, working_days: int = TERM_WORKING_DAYS) -> Accepted | None:
    """Take an item for the caller and show, at the level allowed today, whom to call about which number.

    The first wins; the same caller may look again, and is decided upon again.

    Returns:
        None where the match no longer stands or may not be told now. Commit that: a denial is a decision.

    Raises:
        IntakeMissingError: It is not of the caller's team.
        IntakeTakenError: A colleague has it.
        NotEligibleError: The caller may carry no match of this team, or is recorded as absent.

    Source:
        design.md 4, steps 3 and 5; ROU-13.
    """
    staff = require_role(work, *TEAM_ROLES)
    known = _require_item(work, item_id, staff)
    if not read_roster(work, [known.team_id]).is_able(known.team_id, staff.id):
        raise NotEligibleError
    match = look_again(work, [known.match_id], working_days=working_days).get(known.match_id)
    if match is None:
        return None
    item = _require_item(work, item_id, staff)
    if item.state == IntakeState.WAITING:
        _hand_over(work, item, staff)
        record(work, _accepted(staff, item, match))
    return Accepted(item.id, match.case_id, reveal(work, staff, match))


def reveal(work: Work, staff: Staff, match: MatchRow) -> tuple[Handle, ...]:
    """Show whom to call about which number, at the match's level; each look is recorded."""
    signals = _signals_of(work, match)
    record_many(work, [_revealed(staff, match, signal) for signal in signals])
    return _handles(work, match, signals)


def _require_item(work: Work, item_id: UUID, staff: Staff) -> IntakeItemRow:
    item = store.find_item(work.session, item_id, teams=find_own_team_ids(work))
    if item is None:
        raise IntakeMissingError
    if item.state == IntakeState.ACCEPTED and item.accepted_by != staff.id:
        raise IntakeTakenError
    return item


def _hand_over(work: Work, item: IntakeItemRow, staff: Staff) -> None:
    """Make the caller the owner: notices before the intake, the order in which a match is taken back."""
    close_for_matches(work, [item.match_id], kinds=ASKING)
    owners.end_questions(work.session, [item.match_id], now=work.now)
    owner = {"match_id": item.match_id, "team_id": item.team_id, "staff_id": staff.id}
    store.assign(work.session, [owner], now=work.now)
    if not store.take_intake(work.session, item.id, team_id=item.team_id, staff_id=staff.id, now=work.now):
        raise IntakeTakenError
    owners.accept(work.session, item.match_id, staff_id=staff.id, outcome="acknowledged", now=work.now)


def _signals_of(work: Work, match: MatchRow) -> list[Signal]:
    found = get_signals(work, [match.signal_id, match.other_id])
    return [found[id_] for id_ in dict.fromkeys((match.signal_id, match.other_id)) if id_ in found]


def _handles(work: Work, match: MatchRow, signals: Sequence[Signal]) -> tuple[Handle, ...]:
    pairs = [(signal.organisation_id, signal.reporter_id) for signal in signals]
    senders, marked = find_senders(work, pairs), _list_of_police(work, signals)
    shown = [
        disclose(match.level, senders.get(pair), police_origin=signal.id in marked)
        for signal, pair in zip(signals, pairs, strict=True)
    ]
    return tuple(
        Handle(signal.id, one.partner, one.reporter_contact, one.police_origin)
        for signal, one in zip(signals, shown, strict=True)
    )


def _list_of_police(work: Work, signals: Sequence[Signal]) -> set[UUID]:
    """Name those of these signals that come from the police: each handle carries its own marker."""
    partners, rules = find_partners(work, {one.organisation_id for one in signals}), policy_in_force(work)
    return {
        one.id
        for one in signals
        if rules.is_of_police(partners[one.organisation_id].kind, basis=one.legal_basis)
    }


def _listed(staff: Staff, items: Sequence[IntakeItemRow]) -> IntakeListed:
    subject = {"items": " ".join(str(item.id) for item in items)}
    return IntakeListed(organisation_id=staff.organisation_id, subject=subject, detail={"count": len(items)})


def _accepted(staff: Staff, item: IntakeItemRow, match: MatchRow) -> IntakeAccepted:
    subject = {"item": str(item.id), "match": str(match.id)}
    return IntakeAccepted(organisation_id=staff.organisation_id, subject=subject)


def _revealed(staff: Staff, match: MatchRow, signal: Signal) -> ContactRevealed:
    return ContactRevealed(
        organisation_id=staff.organisation_id,
        legal_basis=signal.legal_basis,
        subject={"match": str(match.id), "signal": str(signal.id), "reporter": str(signal.reporter_id)},
        detail={"level": match.level},
    )
