"""Every query on who owns matches, what became of them, and what was asked of whom about them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Table, delete, exists, false, func, select, tuple_, update
from sqlalchemy.orm import Session

from hub.matches.models import (
    AssignmentRow,
    ConsultRow,
    EscalationRow,
    FollowUpRow,
    HandOverRow,
    IntakeItemRow,
    MatchRow,
)
from hub.matches.states import IN_CONTACT, SUPPRESSED, HandOverState, IntakeState, MatchState
from service.bulk import insert_into

_ASSIGNMENT: Table = AssignmentRow.__table__  # type: ignore[assignment]
_FOLLOW_UP: Table = FollowUpRow.__table__  # type: ignore[assignment]
_ESCALATION: Table = EscalationRow.__table__  # type: ignore[assignment]
_CURRENT = _ASSIGNMENT.c.ended_at.is_(None)
# Who is in contact already has spoken with the person, on a day that nobody asked for.
SPOKEN = FollowUpRow.contacted_on.is_not(None) | func.coalesce(AssignmentRow.outcome.in_(IN_CONTACT), false())


def open_follow_ups(session: Session, arranged: Mapping[UUID, bool], *, now: datetime) -> None:
    """Start the clock of matches that are told; one that was told before starts anew, the ladder too.

    Args:
        arranged: per match, whether it looks as if it was made on purpose.
    """
    session.execute(delete(_ESCALATION).where(_ESCALATION.c.match_id.in_(arranged)))
    for match_id, looks_arranged in sorted(arranged.items()):
        insert = insert_into(session, _FOLLOW_UP).values(
            match_id=match_id,
            opened_at=now,
            subject_leads=False,
            looks_arranged=looks_arranged,
            of_household=False,
        )
        anew = {"opened_at": now, "closed_at": None, "answered_at": None, "gathered_at": None}
        session.execute(insert.on_conflict_do_update(index_elements=["match_id"], set_=anew))


def close_follow_ups(session: Session, match_ids: Collection[UUID], *, now: datetime) -> None:
    """Stop the clock of matches that no longer stand; which steps were taken is still counted (STA-03)."""
    of_matches = _FOLLOW_UP.c.match_id.in_(match_ids)
    session.execute(update(_FOLLOW_UP).where(of_matches).values(closed_at=now))


def find_follow_up(session: Session, match_id: UUID) -> FollowUpRow:
    """Read how a match is followed up, and hold it."""
    return session.get_one(FollowUpRow, match_id, with_for_update=True, populate_existing=True)


def lock_current(session: Session, match_id: UUID) -> AssignmentRow | None:
    """Read who owns a match now, and hold that."""
    query = select(AssignmentRow).where(AssignmentRow.match_id == match_id, AssignmentRow.ended_at.is_(None))
    fresh = query.with_for_update().execution_options(populate_existing=True)
    return session.scalars(fresh).one_or_none()


def accept(session: Session, match_id: UUID, *, staff_id: UUID, outcome: str, now: datetime) -> None:
    """Write that the owner took a match up, and stop the clock of the ladder."""
    mine = (_ASSIGNMENT.c.match_id == match_id) & (_ASSIGNMENT.c.staff_id == staff_id) & _CURRENT
    mine &= _ASSIGNMENT.c.accepted_at.is_(None)
    taken = update(_ASSIGNMENT).where(mine).values(accepted_at=now, outcome=outcome)
    if session.execute(taken.returning(_ASSIGNMENT.c.id)).first():
        answered = update(_FOLLOW_UP).where(_FOLLOW_UP.c.match_id == match_id)
        session.execute(answered.values(answered_at=now))


def reopen_follow_ups(session: Session, match_ids: Collection[UUID]) -> None:
    """Write that matches wait for an answer again; the ladder goes on from where it was."""
    session.execute(update(_FOLLOW_UP).where(_FOLLOW_UP.c.match_id.in_(match_ids)).values(answered_at=None))


def list_owned(
    session: Session,
    staff_id: UUID,
    *,
    teams: Collection[UUID],
    only: UUID | None = None,
    after: UUID | None = None,
    limit: int | None = None,
) -> list[tuple[MatchRow, AssignmentRow, FollowUpRow]]:
    """Read what somebody owns now in these teams, longest waiting first: all, one match, or a page."""
    query = (
        select(MatchRow, AssignmentRow, FollowUpRow)
        .join(AssignmentRow, AssignmentRow.match_id == MatchRow.id)
        .join(FollowUpRow, FollowUpRow.match_id == MatchRow.id)
        .where(AssignmentRow.staff_id == staff_id, AssignmentRow.ended_at.is_(None))
        .where(MatchRow.state == MatchState.OPEN, MatchRow.team_id.in_(teams))
        .order_by(FollowUpRow.opened_at, MatchRow.id)
        .limit(limit)
        .execution_options(populate_existing=True)
    )
    if only is not None:
        query = query.where(MatchRow.id == only)
    last = session.get(FollowUpRow, after) if after is not None else None
    if last is not None:
        query = query.where(tuple_(FollowUpRow.opened_at, MatchRow.id) > (last.opened_at, last.match_id))
    return [(match, owner, follow_up) for match, owner, follow_up in session.execute(query)]


def list_owner_pairs(session: Session) -> set[tuple[UUID, UUID]]:
    """Name every pair of team and owner by name there is now."""
    query = select(AssignmentRow.team_id, AssignmentRow.staff_id).distinct()
    joined = query.join(MatchRow, AssignmentRow.match_id == MatchRow.id)
    current = joined.where(AssignmentRow.ended_at.is_(None), MatchRow.state == MatchState.OPEN)
    return {(team, staff) for team, staff in session.execute(current) if staff is not None}


def list_of_team(session: Session, team_id: UUID) -> list[UUID]:
    """Name the open matches that are a team's, by their row or by who owns them."""
    query = select(MatchRow.id).join(AssignmentRow, AssignmentRow.match_id == MatchRow.id)
    current = query.where(AssignmentRow.ended_at.is_(None), MatchRow.state == MatchState.OPEN)
    return list(
        session.scalars(current.where((MatchRow.team_id == team_id) | (AssignmentRow.team_id == team_id)))
    )


def list_left(
    session: Session,
    *,
    before: datetime,
    limit: int,
    of: Collection[UUID] | None = None,
    but: Collection[UUID] = (),
) -> list[UUID]:
    """Name the open matches that wait since long, and that nobody is asked for by name or asked in vain.

    Args:
        of: of these teams only; `but`: of any but these.
    """
    nobody = AssignmentRow.staff_id.is_(None) | (AssignmentRow.assigned_at <= before)
    query = (
        select(AssignmentRow.match_id)
        .join(IntakeItemRow, IntakeItemRow.match_id == AssignmentRow.match_id)
        .join(MatchRow, MatchRow.id == AssignmentRow.match_id)
        .where(AssignmentRow.ended_at.is_(None), AssignmentRow.accepted_at.is_(None), nobody)
        .where(IntakeItemRow.state == IntakeState.WAITING, IntakeItemRow.waiting_since <= before)
        .where(MatchRow.state == MatchState.OPEN, *_of_teams(of, but))
        .order_by(IntakeItemRow.waiting_since)
    )
    return list(session.scalars(query.limit(limit)))


def list_due(
    session: Session,
    *,
    step: str,
    answered: bool,
    before: datetime,
    limit: int,
    of: Collection[UUID] | None = None,
    but: Collection[UUID] = (),
) -> list[UUID]:
    """Name the open matches of which this step of the ladder was not taken, longest waiting first.

    Args:
        answered: those that somebody took up and of which nobody spoke with the person; else those that wait.
        before: their clock began before this moment.
        of: of these teams only; `but`: of any but these.
    """
    taken = exists().where(EscalationRow.match_id == MatchRow.id, EscalationRow.step == step)
    query = (
        select(MatchRow.id)
        .join(FollowUpRow, FollowUpRow.match_id == MatchRow.id)
        .join(AssignmentRow, (AssignmentRow.match_id == MatchRow.id) & AssignmentRow.ended_at.is_(None))
        .where(MatchRow.state == MatchState.OPEN, *_of_teams(of, but), ~taken)
        .where(FollowUpRow.closed_at.is_(None), FollowUpRow.opened_at < before)
        .order_by(FollowUpRow.opened_at, MatchRow.id)
    )
    if answered:
        query = query.where(FollowUpRow.answered_at.is_not(None), ~SPOKEN)
    else:
        query = query.where(FollowUpRow.answered_at.is_(None))
    return list(session.scalars(query.limit(limit)))


def _of_teams(of: Collection[UUID] | None, but: Collection[UUID]) -> list[ColumnElement[bool]]:
    team = MatchRow.team_id
    return [team.not_in(but)] if of is None else [team.in_(of), team.not_in(but)]


def take_step(session: Session, match_id: UUID, step: str, *, now: datetime) -> bool:
    """Write that a step of the ladder is taken; False when it was taken before."""
    insert = insert_into(session, _ESCALATION).values(match_id=match_id, step=step, taken_at=now)
    taken = insert.on_conflict_do_nothing().returning(_ESCALATION.c.step)
    return session.execute(taken).first() is not None


def count_load(session: Session, staff_ids: Collection[UUID]) -> dict[UUID, int]:
    """Count the open matches that each of these owns, from the index alone: what is over has no owner."""
    current = AssignmentRow.staff_id.in_(staff_ids) & AssignmentRow.ended_at.is_(None)
    query = select(AssignmentRow.staff_id, func.count()).where(current).group_by(AssignmentRow.staff_id)
    return {staff_id: number for staff_id, number in session.execute(query) if staff_id is not None}


def find_current(session: Session, match_ids: Collection[UUID]) -> dict[UUID, AssignmentRow]:
    """Read who owns matches now."""
    query = select(AssignmentRow).where(
        AssignmentRow.match_id.in_(match_ids), AssignmentRow.ended_at.is_(None)
    )
    fresh = query.execution_options(populate_existing=True)
    return {row.match_id: row for row in session.scalars(fresh)}


def find_asked_by_rule(session: Session, match_ids: Collection[UUID]) -> dict[UUID, UUID | None]:
    """Return whom a rule gave matches to last, whoever has them since."""
    by_rule = (AssignmentRow.match_id.in_(match_ids)) & AssignmentRow.rule.is_not(None)
    query = select(AssignmentRow.match_id, AssignmentRow.staff_id).where(by_rule)
    # Of two of one moment the later is the one that ended later, or has not.
    rows = session.execute(query.order_by(AssignmentRow.assigned_at, AssignmentRow.ended_at.nulls_last()))
    return {row.match_id: row.staff_id for row in rows}


def mark_viewed(session: Session, match_id: UUID, *, staff_id: UUID, now: datetime) -> None:
    """Remember when an owner first looked at a match."""
    mine = (_ASSIGNMENT.c.match_id == match_id) & (_ASSIGNMENT.c.staff_id == staff_id) & _CURRENT
    first = update(_ASSIGNMENT).where(mine, _ASSIGNMENT.c.viewed_at.is_(None))
    session.execute(first.values(viewed_at=now))


def offer(session: Session, match_id: UUID, *, giver: UUID, colleague: UUID, now: datetime) -> None:
    """Write that an owner asks a colleague to take a match over; an earlier question lapses."""
    _end_offers(session, [match_id])
    row = HandOverRow(
        id=uuid4(),
        match_id=match_id,
        giver=giver,
        colleague=colleague,
        offered_at=now,
        state=HandOverState.OFFERED,
    )
    session.add(row)
    session.flush()


def find_offer(session: Session, match_id: UUID, *, colleague: UUID) -> HandOverRow | None:
    """Read what a colleague was asked, and hold it."""
    mine = (HandOverRow.match_id == match_id) & (HandOverRow.colleague == colleague)
    query = select(HandOverRow).where(mine, HandOverRow.state == HandOverState.OFFERED)
    return session.scalars(query.with_for_update()).one_or_none()


def end_questions(session: Session, match_ids: Collection[UUID], *, now: datetime) -> None:
    """End what an owner asked of colleagues, to take over or to look: the owner is another one by now."""
    _end_offers(session, match_ids)
    runs = ConsultRow.match_id.in_(match_ids) & (ConsultRow.until_at > now)
    session.execute(update(ConsultRow).where(runs).values(until_at=now))


def _end_offers(session: Session, match_ids: Collection[UUID]) -> None:
    asked = (HandOverRow.match_id.in_(match_ids)) & (HandOverRow.state == HandOverState.OFFERED)
    session.execute(update(HandOverRow).where(asked).values(state=HandOverState.LAPSED))


def find_consult(session: Session, match_id: UUID, *, colleague: UUID, now: datetime) -> ConsultRow | None:
    """Read a consultation of a colleague that runs now."""
    mine = (ConsultRow.match_id == match_id) & (ConsultRow.colleague == colleague)
    query = select(ConsultRow).where(mine, ConsultRow.until_at > now).order_by(ConsultRow.until_at.desc())
    return session.scalars(query).first()


def list_heard(session: Session, match_ids: Collection[UUID]) -> list[tuple[UUID, UUID, str, datetime]]:
    """Name who has taken matches up or was let in, ever: match, member of staff, how, and since when."""
    took = select(AssignmentRow).where(
        AssignmentRow.match_id.in_(match_ids), AssignmentRow.accepted_at.is_not(None)
    )
    told = AssignmentRow.viewed_at.is_not(None) | (AssignmentRow.outcome != SUPPRESSED)
    seen = select(ConsultRow).where(ConsultRow.match_id.in_(match_ids))
    found = [
        (row.match_id, row.staff_id, "intake", row.accepted_at)
        for row in session.scalars(took.where(told).order_by(AssignmentRow.id))
        if row.staff_id and row.accepted_at
    ]
    return found + [
        (row.match_id, row.colleague, "consult", row.asked_at)
        for row in session.scalars(seen.order_by(ConsultRow.id))
    ]


def was_in_contact(
    session: Session, case_ids: Collection[UUID], *, since: datetime
) -> set[tuple[UUID, UUID]]:
    """Name case and signal of the matches of which a casemanager said lately: in contact already."""
    query = (
        select(MatchRow.case_id, MatchRow.signal_id)
        .join(AssignmentRow, AssignmentRow.match_id == MatchRow.id)
        .where(MatchRow.case_id.in_(case_ids), AssignmentRow.outcome == "already_in_contact")
        .where(AssignmentRow.accepted_at > since, MatchRow.state == MatchState.OPEN)
    )
    return {(case_id, signal_id) for case_id, signal_id in session.execute(query) if case_id}


def count_outcomes(session: Session) -> dict[str, int]:
    """Count answers, and matches that look arranged; nothing per person or professional."""
    query = select(AssignmentRow.outcome, func.count()).where(AssignmentRow.outcome.is_not(None))
    answers = session.execute(query.group_by(AssignmentRow.outcome))
    counts = {outcome: number for outcome, number in answers if outcome is not None}
    arranged = select(func.count()).where(FollowUpRow.looks_arranged)
    return counts | {"arranged_match_suspect": session.scalar(arranged) or 0}
