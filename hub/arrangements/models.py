"""The table of arrangements: every version of each, as it was adopted."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Date, LargeBinary, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from hub.base import Base
from service.database import UtcDateTime


class ArrangementRow(Base):
    """A version of an arrangement; all but `applied_at` stays as it was written."""

    __tablename__ = "arrangement"
    __table_args__ = (UniqueConstraint("name", "hash"),)

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    hash: Mapped[str] = mapped_column(String(32))
    document: Mapped[bytes] = mapped_column(LargeBinary)
    in_force_on: Mapped[date] = mapped_column(Date)
    adopted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    change_id: Mapped[UUID] = mapped_column(Uuid)
    applied_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
