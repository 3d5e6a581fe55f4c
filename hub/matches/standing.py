"""Read how open matches stand: a page of them, or all, longest waiting first; and what somebody has."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ScalarSelect, Select, func, select, tuple_, union_all
from sqlalchemy.orm import Session

from hub.matches.leave import InHand
from hub.matches.models import AssignmentRow, FollowUpRow, InquiryClockRow, MatchRow
from hub.matches.owners import SPOKEN
from hub.matches.states import MatchState


@dataclass(frozen=True, slots=True)
class Standing:
    """An open match with who owns it and its clock, either of which could be missing.

    Attributes:
        opened_at: None without a clock.
        assigned_at: None where nobody owns it, not even a team.
        spoken: somebody spoke with the person, or was in contact before.
        clock_at: when the first clock of an inquiry ends that is not met.
    """

    match_id: UUID
    team_id: UUID | None
    created_at: datetime
    opened_at: datetime | None
    owner_team: UUID | None
    staff_id: UUID | None
    assigned_at: datetime | None
    accepted_at: datetime | None
    spoken: bool
    clock_at: datetime | None


def _next_clock() -> ScalarSelect[datetime]:
    """Select when the first clock of an owned match's inquiry ends that is not met."""
    runs = (InquiryClockRow.match_id == AssignmentRow.match_id) & InquiryClockRow.met_at.is_(None)
    return select(func.min(InquiryClockRow.due_at)).where(runs).scalar_subquery()


_COLUMNS = (
    MatchRow.id,
    MatchRow.team_id,
    MatchRow.created_at,
    FollowUpRow.opened_at,
    AssignmentRow.team_id,
    AssignmentRow.staff_id,
    AssignmentRow.assigned_at,
    AssignmentRow.accepted_at,
    SPOKEN,
    _next_clock(),
)


def list_standing(
    session: Session,
    *,
    teams: Collection[UUID] | None = None,
    after: UUID | None = None,
    limit: int | None = None,
) -> list[Standing]:
    """Read open matches, longest waiting first.

    Args:
        teams: of these only; None: of any, and what is no team's.
        after: the last match of the page before.
    """
    if teams is not None and not teams:
        return []
    query: Any = (
        select(*_COLUMNS)
        .outerjoin(AssignmentRow, (AssignmentRow.match_id == MatchRow.id) & AssignmentRow.ended_at.is_(None))
        .outerjoin(FollowUpRow, FollowUpRow.match_id == MatchRow.id)
        .order_by(MatchRow.created_at, MatchRow.id)
        .limit(limit)
    )
    if limit is None and teams is None:
        return _read(session, query.where(MatchRow.state == MatchState.OPEN))
    first = union_all(*(select(one.subquery().c.id) for one in _of_each(session, teams, after, limit)))
    return _read(session, query.where(MatchRow.id.in_(first)))


def _of_each(
    session: Session, teams: Collection[UUID] | None, after: UUID | None, limit: int | None
) -> Iterator[Select[Any]]:
    """Select the first matches of each team: an index has those in order, and of several teams it has not."""
    open_ = select(MatchRow.id).where(MatchRow.state == MatchState.OPEN)
    if after is not None:
        began = session.scalar(select(MatchRow.created_at).where(MatchRow.id == after))
        # Gone since the page before: there is no place to go on from, so it begins again.
        if began is not None:
            open_ = open_.where(tuple_(MatchRow.created_at, MatchRow.id) > (began, after))
    ordered = open_.order_by(MatchRow.created_at, MatchRow.id).limit(limit)
    for team_id in sorted(teams) if teams is not None else [None]:
        yield ordered if team_id is None else ordered.where(MatchRow.team_id == team_id)


def _read(session: Session, query: Any) -> list[Standing]:
    return [Standing(*row) for row in session.execute(query)]


def list_in_hand(session: Session, team_id: UUID, staff_id: UUID) -> list[InHand]:
    """Read how far the open matches are that somebody owns in a team."""
    query = (
        select(
            AssignmentRow.match_id, FollowUpRow.opened_at, AssignmentRow.accepted_at, SPOKEN, _next_clock()
        )
        .join(MatchRow, MatchRow.id == AssignmentRow.match_id)
        .join(FollowUpRow, FollowUpRow.match_id == AssignmentRow.match_id)
        .where(AssignmentRow.staff_id == staff_id, AssignmentRow.ended_at.is_(None))
        .where(AssignmentRow.team_id == team_id, MatchRow.state == MatchState.OPEN)
    )
    return [
        InHand(match_id, opened_at, taken_at is not None, spoken, clock_at)
        for match_id, opened_at, taken_at, spoken, clock_at in session.execute(query)
    ]
