"""Tables of notices to persons: coded facts per signal; who the person is, is not in them."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Date, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from hub.base import Base
from service.database import UtcDateTime


class SubjectNoticeRow(Base):
    """That and when the person of one signal was told (kennisgeving), and in which roles. Source: TRA-01."""

    __tablename__ = "subject_notice"

    signal_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(Uuid)
    given_on: Mapped[date] = mapped_column(Date)
    given_to: Mapped[str] = mapped_column(String(24))
    attested_by: Mapped[UUID | None] = mapped_column(Uuid)
    attested_at: Mapped[datetime] = mapped_column(UtcDateTime)
