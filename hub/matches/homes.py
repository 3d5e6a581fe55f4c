"""Every query on households: which matches belong to one, and who leads for it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import delete, exists, or_, select, update
from sqlalchemy.orm import Session

from hub.matches.models import (
    FollowUpRow,
    HouseholdLeadRow,
    HouseholdMatchRow,
    HouseholdRow,
    MatchRow,
)
from hub.matches.states import MatchState


def list_ungathered(session: Session, teams: Collection[UUID], *, limit: int) -> list[UUID]:
    """Name the open matches of these teams of which nobody asked yet who else is of the household."""
    query = (
        select(MatchRow.id)
        .join(FollowUpRow, FollowUpRow.match_id == MatchRow.id)
        .where(MatchRow.state == MatchState.OPEN, MatchRow.team_id.in_(teams))
        .where(FollowUpRow.gathered_at.is_(None), FollowUpRow.closed_at.is_(None))
        .order_by(MatchRow.created_at, MatchRow.id)
    )
    return list(session.scalars(query.limit(limit)))


def mark_gathered(session: Session, match_ids: Collection[UUID], *, now: datetime) -> None:
    """Remember that it was asked."""
    of_matches = FollowUpRow.match_id.in_(match_ids)
    session.execute(update(FollowUpRow).where(of_matches).values(gathered_at=now))


def list_open_of(
    session: Session, registration_ids: Collection[UUID], *, teams: Collection[UUID]
) -> list[MatchRow]:
    """Read the open matches of these teams in which these registrations take part, oldest first."""
    sides = or_(MatchRow.signal_id.in_(registration_ids), MatchRow.other_id.in_(registration_ids))
    query = select(MatchRow).where(sides, MatchRow.state == MatchState.OPEN, MatchRow.team_id.in_(teams))
    return list(session.scalars(query.order_by(MatchRow.created_at, MatchRow.id)))


def find_of_matches(session: Session, match_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Return the household of each match that has one."""
    query = select(HouseholdMatchRow.match_id, HouseholdMatchRow.household_id)
    of_matches = query.where(HouseholdMatchRow.match_id.in_(match_ids))
    return {row.match_id: row.household_id for row in session.execute(of_matches)}


def open_household(session: Session, *, now: datetime) -> UUID:
    """Lay out a household for which nobody leads yet."""
    row = HouseholdRow(id=uuid4(), opened_at=now, leadless_at=now, called_at=None)
    session.add(row)
    session.flush()
    return row.id


def join(session: Session, household_id: UUID, match_ids: Sequence[UUID]) -> None:
    """Let matches belong to a household; that they did is still counted when it is no more (STA-03)."""
    session.add_all(HouseholdMatchRow(match_id=id_, household_id=household_id) for id_ in match_ids)
    session.execute(update(FollowUpRow).where(FollowUpRow.match_id.in_(match_ids)).values(of_household=True))
    session.flush()


def leave(session: Session, match_ids: Collection[UUID]) -> None:
    """Let matches that no longer stand belong to no household."""
    session.execute(delete(HouseholdMatchRow).where(HouseholdMatchRow.match_id.in_(match_ids)))


def lock(session: Session, household_id: UUID) -> HouseholdRow | None:
    """Read a household and hold it."""
    return session.get(HouseholdRow, household_id, with_for_update=True, populate_existing=True)


def list_households(session: Session) -> list[HouseholdRow]:
    """Read every household, oldest first."""
    return list(session.scalars(select(HouseholdRow).order_by(HouseholdRow.opened_at, HouseholdRow.id)))


def list_matches(session: Session, household_ids: Collection[UUID]) -> dict[UUID, list[MatchRow]]:
    """Read the matches of households, oldest first."""
    found: dict[UUID, list[MatchRow]] = {id_: [] for id_ in household_ids}
    query = (
        select(HouseholdMatchRow.household_id, MatchRow)
        .join(MatchRow, MatchRow.id == HouseholdMatchRow.match_id)
        .where(HouseholdMatchRow.household_id.in_(household_ids), MatchRow.state == MatchState.OPEN)
        .order_by(MatchRow.created_at, MatchRow.id)
    )
    for household_id, match in session.execute(query):
        found[household_id].append(match)
    return found


def find_leads(session: Session, household_ids: Collection[UUID]) -> dict[UUID, HouseholdLeadRow]:
    """Read who leads for households now."""
    leads = HouseholdLeadRow.household_id.in_(household_ids) & HouseholdLeadRow.ended_at.is_(None)
    query = select(HouseholdLeadRow).where(leads).execution_options(populate_existing=True)
    return {row.household_id: row for row in session.scalars(query)}


def begin_lead(
    session: Session, household: HouseholdRow, *, team_id: UUID, staff_id: UUID, now: datetime
) -> None:
    """Let somebody lead for a household from now on."""
    row = HouseholdLeadRow(
        id=uuid4(), household_id=household.id, team_id=team_id, staff_id=staff_id, began_at=now
    )
    household.leadless_at, household.called_at = None, None
    session.add(row)
    session.flush()


def end_lead(
    session: Session, household: HouseholdRow, lead: HouseholdLeadRow, *, because: str, now: datetime
) -> None:
    """Let nobody lead for a household from now on."""
    lead.ended_at, lead.ended_because, lead.offered_to = now, because, None
    household.leadless_at, household.called_at = now, None
    session.flush()


def delete_empty(session: Session) -> list[UUID]:
    """Delete the households of which no match stands any more, with who led for them."""
    left = exists().where(HouseholdMatchRow.household_id == HouseholdRow.id)
    gone = list(session.scalars(delete(HouseholdRow).where(~left).returning(HouseholdRow.id)))
    session.execute(delete(HouseholdLeadRow).where(HouseholdLeadRow.household_id.in_(gone)))
    return gone
