"""Tables of the caseload, and of what an organisation has used of its day."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Date, Index, Integer, LargeBinary, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from hub.base import Base
from service.database import UtcDateTime


class CaseRow(Base):
    """A case (dossier) as the hub knows it: who is responsible, never who it is about.

    `id` is that of its registration. `key_hash` is SHA-256 of organisation and idempotency key: a key
    that a caller chooses is not kept, nor a hash that somebody else could recognise it by.
    """

    __tablename__ = "caseload"
    __table_args__ = (
        UniqueConstraint("organisation_id", "key_hash"),
        Index("ix_caseload_own", "team_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(Uuid)
    team_id: Mapped[UUID] = mapped_column(Uuid)
    casemanager: Mapped[UUID] = mapped_column(Uuid)
    legal_basis: Mapped[str] = mapped_column(String(24))
    bracket: Mapped[str] = mapped_column(String(8))
    bracket_ends: Mapped[str | None] = mapped_column(String(8))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    active_until: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    key_hash: Mapped[bytes] = mapped_column(LargeBinary(16))
    body_hash: Mapped[bytes] = mapped_column(LargeBinary(32))


class TransferRow(Base):
    """That a case goes to the team of another municipality, and how far that is."""

    __tablename__ = "case_transfer"
    __table_args__ = (Index("ix_case_transfer_to", "to_team_id", "state"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    case_id: Mapped[UUID] = mapped_column(Uuid, index=True)
    from_team_id: Mapped[UUID] = mapped_column(Uuid)
    from_staff_id: Mapped[UUID] = mapped_column(Uuid)
    to_team_id: Mapped[UUID] = mapped_column(Uuid)
    municipality: Mapped[str] = mapped_column(String(4))
    state: Mapped[str] = mapped_column(String(9))
    offered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by: Mapped[UUID | None] = mapped_column(Uuid)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    new_case_id: Mapped[UUID | None] = mapped_column(Uuid)


class QuotaDayRow(Base):
    """How much of a quota an organisation has used on a Dutch calendar day.

    Attributes:
        extra: what the operator allowed on top of the quota for that day.
    """

    __tablename__ = "quota_day"

    organisation_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    what: Mapped[str] = mapped_column(String(12), primary_key=True)
    used_on: Mapped[date] = mapped_column(Date, primary_key=True)
    used: Mapped[int] = mapped_column(Integer)
    extra: Mapped[int] = mapped_column(Integer)
