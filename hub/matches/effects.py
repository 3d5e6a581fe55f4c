"""What follows from a match's state: owners, intake items, notices and lines in the log."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from hub.arrangements.routing import Route
from hub.arrangements.values import Target
from hub.audit.events import AuditEvent
from hub.audit.service import record_many
from hub.matches import homes, owners, store
from hub.matches.agreed import queue
from hub.matches.events import MatchCreated, MatchHeld, MatchPossible, MatchSuppressed, MatchVoided
from hub.matches.models import MatchRow
from hub.matches.policy import looks_arranged
from hub.matches.states import SUPPRESSED, Because, IntakeState, MatchState
from hub.notices import service as notices
from hub.notices.service import (
    ALERTS,
    ASKING,
    NewNotice,
    NoticeKind,
    close_for_matches,
    void_for_matches,
)
from hub.notices.terms import TERM_WORKING_DAYS
from hub.partners.service import find_staff
from hub.signals.service import Signal, get_signals
from hub.teams.roster import read_roster
from hub.teams.service import Team, get_teams
from service.work import Work

NO_NEWS = timedelta(days=30)  # how long a team's word holds that it is in contact with a sender
EVENTS: dict[MatchState, type[AuditEvent]] = {
    MatchState.POSSIBLE: MatchPossible,
    MatchState.OPEN: MatchCreated,
    MatchState.HELD: MatchHeld,
    MatchState.VOID: MatchVoided,
}


def record_states(work: Work, matches: Sequence[MatchRow]) -> None:
    """Write what has become of matches in the log."""
    teams = get_teams(work, {match.team_id for match in matches if match.team_id})
    record_many(work, [_event(match, teams) for match in matches])


def tell(
    work: Work,
    matches: Sequence[MatchRow],
    routes: Mapping[tuple[UUID, UUID], Route],
    *,
    working_days: int = TERM_WORKING_DAYS,
) -> None:
    """Give open matches the owner that their arrangement says, by name or as a team's queue.

    Args:
        routes: by the pair's registrations.
    """
    if not matches:
        return
    close_for_matches(work, [match.id for match in matches], kinds=(NoticeKind.POSSIBLE, NoticeKind.VOID))
    by_rule = {match.id: routes[match.signal_id, match.other_id] for match in matches}
    signals = get_signals(work, {id_ for match in matches for id_ in (match.signal_id, match.other_id)})
    owners.open_follow_ups(
        work.session, {match.id: _looks_arranged(match, signals) for match in matches}, now=work.now
    )
    teams = get_teams(work, {match.team_id for match in matches if match.team_id})
    named = {id_: (one.to, one.staff_id) for id_, one in by_rule.items() if one.staff_id}
    carried = {id_: staff_id for id_, (to, staff_id) in named.items() if to is Target.CASEMANAGER}
    asked = {id_: staff_id for id_, (to, staff_id) in named.items() if to is not Target.CASEMANAGER}
    reachable = [match for match in matches if match.id in carried]
    rows = [_owner(match, carried[match.id], by_rule[match.id]) for match in reachable]
    store.assign(work.session, rows, now=work.now)
    known = _suppress(work, reachable, carried, signals)
    calls = [
        notice_of(match, carried[match.id], signals[match.signal_id], teams)
        for match in reachable
        if match.id not in known
    ]
    queue(work, calls, working_days=working_days)
    queued = [match for match in matches if match.id not in carried]
    give_to_team(work, queued, working_days=working_days, to=asked, by_rule=by_rule)


def _suppress(
    work: Work,
    matches: Sequence[MatchRow],
    carried: Mapping[UUID, UUID],
    signals: Mapping[UUID, Signal],
) -> set[UUID]:
    """Take up by itself what brings the team no news: it said lately that it is in contact with that sender.

    Source:
        MAT-15.
    """
    case_ids = {match.case_id for match in matches if match.case_id}
    said = owners.was_in_contact(work.session, case_ids, since=work.now - NO_NEWS) if case_ids else set()
    senders = get_signals(work, {signal_id for _, signal_id in said})
    known = {
        (case_id, senders[signal_id].organisation_id) for case_id, signal_id in said if signal_id in senders
    }
    silent = [one for one in matches if (one.case_id, signals[one.signal_id].organisation_id) in known]
    for match in silent:
        owners.accept(work.session, match.id, staff_id=carried[match.id], outcome=SUPPRESSED, now=work.now)
    record_many(work, [MatchSuppressed(subject={"match": str(match.id)}) for match in silent])
    return {match.id for match in silent}


def _looks_arranged(match: MatchRow, signals: Mapping[UUID, Signal]) -> bool:
    sides = [signals[id_] for id_ in {match.signal_id, match.other_id} if id_ in signals]
    return match.case_id is None and len(sides) == 2 and looks_arranged(*(one.received_at for one in sides))


def give_to_team(
    work: Work,
    matches: Sequence[MatchRow],
    *,
    working_days: int = TERM_WORKING_DAYS,
    because: Because = Because.TAKEN,
    to: Mapping[UUID, UUID] | None = None,
    kind: NoticeKind = NoticeKind.INTAKE,
    by_rule: Mapping[UUID, Route] | None = None,
) -> None:
    """Put matches in their team's intake, where anybody of the team may take them.

    Args:
        to: per match, who by name is asked to take it up and is its owner from now on; else the leads hear.
        by_rule: per match, which rule says so; else a person or a term does.
    """
    owned = [(match, match.team_id) for match in matches if match.team_id is not None]
    if not owned:
        return
    named, ids = to or {}, [match.id for match, _ in owned]
    notices.leave(work, ids)
    close_for_matches(work, ids, kinds=(NoticeKind.HAND_OVER, NoticeKind.CONSULT))
    owners.end_questions(work.session, ids, now=work.now)
    owners.reopen_follow_ups(work.session, ids)
    rules = by_rule or {}
    rows = [_owner(match, named.get(match.id), rules.get(match.id)) for match, _ in owned]
    store.assign(work.session, rows, now=work.now, because=because)
    store.put_intake(work.session, [_item(work, match.id, team_id) for match, team_id in owned])
    _call(
        work,
        [(match, team, named.get(match.id)) for match, team in owned],
        kind=kind,
        working_days=working_days,
    )


def take_over(work: Work, match: MatchRow, staff_id: UUID, *, because: Because) -> None:
    """Make somebody the owner who said yes: nobody else is asked any more."""
    assert match.team_id is not None, "a match that is taken over has a team"
    close_for_matches(work, [match.id], kinds=ASKING)
    owners.end_questions(work.session, [match.id], now=work.now)
    store.assign(work.session, [_owner(match, staff_id)], now=work.now, because=because)
    owners.accept(work.session, match.id, staff_id=staff_id, outcome="acknowledged", now=work.now)
    taken = {"state": IntakeState.ACCEPTED.value, "accepted_by": staff_id, "accepted_at": work.now}
    store.put_taken(work.session, _item(work, match.id, match.team_id) | taken)


def _item(work: Work, match_id: UUID, team_id: UUID) -> dict[str, Any]:
    return {
        "id": uuid4(),
        "match_id": match_id,
        "team_id": team_id,
        "state": IntakeState.WAITING.value,
        "waiting_since": work.now,
        "accepted_by": None,
        "accepted_at": None,
    }


def ask(work: Work, matches: Sequence[MatchRow], *, working_days: int = TERM_WORKING_DAYS) -> None:
    """Let the team's leads know that possible matches wait for a human; the notice says no more than that."""
    owned = [(match, match.team_id) for match in matches if match.team_id is not None]
    close_for_matches(work, [match.id for match in matches], kinds=(NoticeKind.VOID,))
    asked = [(match, team_id, None) for match, team_id in owned]
    _call(work, asked, kind=NoticeKind.POSSIBLE, working_days=working_days)


def take_back(work: Work, matches: Sequence[MatchRow], *, but: UUID | None = None) -> None:
    """Stop what was queued for matches, and tell those who were told, but who says so themselves."""
    ids = [match.id for match in matches]
    if not ids:
        return
    cases = {match.id: match.case_id for match in matches}
    close_for_matches(work, ids, kinds=ALERTS)
    void_for_matches(work, ids, but=but)
    _end(work, ids)
    store.close_intake(work.session, ids)
    told = {(match_id, staff_id) for match_id, staff_id, *_ in owners.list_heard(work.session, ids)}
    homes = {id_: one.organisation_id for id_, one in find_staff(work, {one for _, one in told}).items()}
    heard = sorted((match_id, one) for match_id, one in told if one != but)
    notices.queue(work, [_void(match_id, one, homes[one], cases[match_id]) for match_id, one in heard])


def set_levels(work: Work, matches: Sequence[MatchRow]) -> None:
    """Have what stands in inboxes show no more than their matches allow now."""
    notices.set_levels(work, {match.id: match.level for match in matches})


def cover(work: Work, signal_ids: Collection[UUID]) -> None:
    """Close what waits in the intake where a casemanager is told of both signals of the pair by now."""
    waiting = store.list_signal_pairs(work.session, signal_ids)
    sides = {id_ for match in waiting for id_ in (match.signal_id, match.other_id)}
    told = store.list_with_case(work.session, sides)
    matches = [match for match in waiting if {match.signal_id, match.other_id} <= told]
    ids = [match.id for match in matches]
    if not ids:
        return
    for match in matches:
        match.state = MatchState.VOID
    work.session.flush()
    close_for_matches(work, ids, kinds=(*ASKING, NoticeKind.POSSIBLE))
    _end(work, ids)
    store.close_intake(work.session, ids)
    record_states(work, matches)


def _end(work: Work, ids: Collection[UUID]) -> None:
    store.end_assignments(work.session, ids, now=work.now)
    owners.end_questions(work.session, ids, now=work.now)
    owners.close_follow_ups(work.session, ids, now=work.now)
    homes.leave(work.session, ids)


def _call(
    work: Work,
    owned: Sequence[tuple[MatchRow, UUID, UUID | None]],
    *,
    kind: NoticeKind,
    working_days: int,
) -> None:
    roster = read_roster(work, {team_id for _, team_id, _ in owned})
    calls = [
        NewNotice(
            match_id=match.id,
            recipient=recipient,
            kind=kind,
            organisation_id=roster.organisation_of(team_id),
            team_id=team_id,
        )
        for match, team_id, named in owned
        for recipient in ([named] if named else roster.list_leads(team_id))
    ]
    queue(work, calls, working_days=working_days)


def _owner(match: MatchRow, staff_id: UUID | None, by_rule: Route | None = None) -> dict[str, object]:
    return {
        "match_id": match.id,
        "team_id": match.team_id,
        "staff_id": staff_id,
        "arrangement": by_rule.arrangement if by_rule else None,
        "rule": by_rule.rule if by_rule else None,
    }


def notice_of(match: MatchRow, recipient: UUID, signal: Signal, teams: Mapping[UUID, Team]) -> NewNotice:
    """Return the notice by which somebody hears of a match."""
    assert match.team_id is not None, "who is told of a match is of its team"
    return NewNotice(
        match_id=match.id,
        recipient=recipient,
        kind=NoticeKind.MATCH,
        organisation_id=teams[match.team_id].organisation_id,
        team_id=match.team_id,
        case_id=match.case_id,
        signal_id=signal.id,
        sender_id=signal.organisation_id,
        reporter=signal.reporter_id,
        contact_on=signal.contact_on,
        signal_kind=signal.kind,
        level=match.level,
        police_origin=match.police_origin,
        agreed=frozenset(match.agreed.split()),
    )


def _void(match_id: UUID, staff_id: UUID, organisation_id: UUID, case_id: UUID | None) -> NewNotice:
    return NewNotice(
        match_id=match_id,
        recipient=staff_id,
        kind=NoticeKind.VOID,
        organisation_id=organisation_id,
        case_id=case_id,
    )


def _event(match: MatchRow, teams: Mapping[UUID, Team]) -> AuditEvent:
    subject = {"match": str(match.id), "signal": str(match.signal_id)}
    if match.other_id != match.signal_id:
        subject["other"] = str(match.other_id)
    return EVENTS[MatchState(match.state)](
        organisation_id=teams[match.team_id].organisation_id if match.team_id else None,
        subject=subject,
        detail={"verdict": match.verdict, "agreed": match.agreed, "level": match.level},
    )
