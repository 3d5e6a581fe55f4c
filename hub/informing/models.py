"""Tables of notices to persons: coded facts per signal; who the person is, is not in them."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Date, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from hub.base import Base
from service.database import UtcDateTime


class NoticeExceptionRow(Base):
    """An exception to telling the person, decided on by two; an extension is a new row. Source: TRA-04."""

    __tablename__ = "notice_exception"

    change_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    signal_id: Mapped[UUID] = mapped_column(Uuid, index=True)
    organisation_id: Mapped[UUID] = mapped_column(Uuid)
    code: Mapped[str] = mapped_column(String(32))
    approved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    until_on: Mapped[date] = mapped_column(Date)
