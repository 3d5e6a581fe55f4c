"""Tables of alarms and of what they are measured by: counts and numbers, no citizen."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, Integer, LargeBinary, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from hub.base import Base
from service.database import UtcDateTime


class AlarmRow(Base):
    """One alarm; `key` is the hash of what it is told of, so that it is told once."""

    __tablename__ = "alarm"
    __table_args__ = (Index("ix_alarm_state", "state", "raised_at"),)

    key: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, unique=True)
    code: Mapped[str] = mapped_column(String(24))
    organisation_id: Mapped[UUID | None] = mapped_column(Uuid)
    staff_id: Mapped[UUID | None] = mapped_column(Uuid)
    measured: Mapped[int] = mapped_column(Integer)
    allowed: Mapped[int] = mapped_column(Integer)
    raised_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(String(6))
    seen_by: Mapped[UUID | None] = mapped_column(Uuid)
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_because: Mapped[str | None] = mapped_column(String(20))
    closed_by: Mapped[UUID | None] = mapped_column(Uuid)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class HoneyTokenRow(Base):
    """A registration of somebody who does not exist: whoever meets it has tried a number (lokpersoon)."""

    __tablename__ = "honey_token"

    registration_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(Uuid)
    key_hash: Mapped[bytes] = mapped_column(LargeBinary(16), unique=True)
    seeded_by: Mapped[UUID] = mapped_column(Uuid)
    seeded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class DeclaredCaseloadRow(Base):
    """How many persons an organisation said it works with: what its volume is measured by."""

    __tablename__ = "declared_caseload"

    organisation_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    persons: Mapped[int] = mapped_column(Integer)
    declared_at: Mapped[datetime] = mapped_column(UtcDateTime)
