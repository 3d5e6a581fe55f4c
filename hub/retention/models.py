"""Tables of the proof that data went: one row a rule and run, and the operator's word where a run stopped."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, Integer, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from hub.base import Base
from service.database import UtcDateTime


class RetentionRunRow(Base):
    """What one run of one rule found and did; `braked` says why it did nothing. Source: AUD-09."""

    __tablename__ = "retention_run"
    __table_args__ = (Index("ix_retention_run_rule", "rule", "ran_at"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    rule: Mapped[str] = mapped_column(String(24))
    ran_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due: Mapped[int] = mapped_column(Integer)
    gone: Mapped[int] = mapped_column(Integer)
    braked: Mapped[str | None] = mapped_column(String(16))


class RetentionPlaceRow(Base):
    """How much of what one run found due and removed was one municipality's; the brake sees a week of it."""

    __tablename__ = "retention_place"

    run_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    place: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    due: Mapped[int] = mapped_column(Integer)
    gone: Mapped[int] = mapped_column(Integer)


class RetentionReleaseRow(Base):
    """The operator let one run of a rule pass the brake, for a coded reason."""

    __tablename__ = "retention_release"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    rule: Mapped[str] = mapped_column(String(24), index=True)
    reason: Mapped[str] = mapped_column(String(24))
    released_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
