"""Every query on cases and quotas."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Table, select, update
from sqlalchemy.orm import Session

from hub.cases.models import CaseRow, QuotaDayRow, TransferRow
from service.bulk import insert_into

_CASE: Table = CaseRow.__table__  # type: ignore[assignment]
_QUOTA: Table = QuotaDayRow.__table__  # type: ignore[assignment]

CHUNK = 10_000


def add_case(session: Session, values: dict[str, Any]) -> bool:
    """Insert a case unless its key was used; waits for another request that is using it now."""
    insert = insert_into(session, _CASE).values(**values)
    return session.execute(insert.on_conflict_do_nothing().returning(_CASE.c.id)).first() is not None


def get_case_by_key(session: Session, *, organisation_id: UUID, key_hash: bytes) -> CaseRow:
    """Return the case that was registered under this key."""
    query = select(CaseRow).where(CaseRow.organisation_id == organisation_id, CaseRow.key_hash == key_hash)
    return session.scalars(query).one()


def take_quota(session: Session, *, organisation_id: UUID, what: str, on: date, limit: int) -> bool:
    """Take one of a day's quota, in one statement; False when it is used up."""
    insert = insert_into(session, _QUOTA).values(
        organisation_id=organisation_id, what=what, used_on=on, used=1, extra=0
    )
    taken = insert.on_conflict_do_update(
        index_elements=["organisation_id", "what", "used_on"],
        set_={"used": _QUOTA.c.used + 1},
        where=_QUOTA.c.used < limit + _QUOTA.c.extra,
    ).returning(_QUOTA.c.used)
    return session.execute(taken).first() is not None


def set_extra(session: Session, *, organisation_id: UUID, what: str, on: date, extra: int) -> None:
    """Write what one day has on top of its quota; what was used of it stays."""
    insert = insert_into(session, _QUOTA).values(
        organisation_id=organisation_id, what=what, used_on=on, used=0, extra=extra
    )
    days = ["organisation_id", "what", "used_on"]
    session.execute(insert.on_conflict_do_update(index_elements=days, set_={"extra": extra}))


def find_cases(session: Session, ids: Collection[UUID]) -> list[CaseRow]:
    """Read cases."""
    values = sorted(ids)
    parts = (values[start : start + CHUNK] for start in range(0, len(values), CHUNK))
    return [row for part in parts for row in session.scalars(select(CaseRow).where(CaseRow.id.in_(part)))]


def lock_own(session: Session, case_id: UUID, *, teams: Collection[UUID]) -> CaseRow | None:
    """Read one case of these teams and hold it."""
    query = select(CaseRow).where(CaseRow.id == case_id, CaseRow.team_id.in_(teams))
    return session.scalars(query.with_for_update()).one_or_none()


def list_own(session: Session, teams: Collection[UUID], *, after: UUID | None, limit: int) -> list[CaseRow]:
    """Read a page of the cases of these teams, in the order of ids."""
    query = select(CaseRow).where(CaseRow.team_id.in_(teams))
    if after is not None:
        query = query.where(CaseRow.id > after)
    return list(session.scalars(query.order_by(CaseRow.id).limit(limit)))


def move_cases(session: Session, team_id: UUID, *, successor_id: UUID) -> None:
    """Let the cases of a team be another team's."""
    session.execute(update(_CASE).where(_CASE.c.team_id == team_id).values(team_id=successor_id))


def find_open_transfer(session: Session, case_id: UUID) -> TransferRow | None:
    """Read the transfer of a case that is under way."""
    query = select(TransferRow).where(TransferRow.case_id == case_id)
    return session.scalars(query.where(TransferRow.state.in_(("offered", "accepted")))).first()


def list_transfers(session: Session, teams: Collection[UUID]) -> list[TransferRow]:
    """Read the transfers that are under way to these teams, longest waiting first."""
    query = select(TransferRow).where(
        TransferRow.to_team_id.in_(teams), TransferRow.state.in_(("offered", "accepted"))
    )
    return list(session.scalars(query.order_by(TransferRow.offered_at, TransferRow.id)))


def lock_transfer(session: Session, transfer_id: UUID, teams: Collection[UUID]) -> TransferRow | None:
    """Read and hold a transfer to one of these teams."""
    query = select(TransferRow).where(TransferRow.id == transfer_id, TransferRow.to_team_id.in_(teams))
    return session.scalars(query.with_for_update()).one_or_none()
