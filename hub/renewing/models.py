"""Table of consents that are to be asked again: numbers and codes, of nobody."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from hub.base import Base
from service.database import UtcDateTime


class ConsentTaskRow(Base):
    """Somebody is asked to ask a person's consent again, since the age at which it was given is over.

    `about_id` is a number that they had already: the consent for who recorded it, the match for who owns it.
    Source: CON-09.
    """

    __tablename__ = "consent_task"
    __table_args__ = (
        Index("ix_consent_task_own", "organisation_id", "answered_at"),
        Index("ix_consent_task_about", "about_id"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    consent_id: Mapped[UUID] = mapped_column(Uuid, index=True)
    organisation_id: Mapped[UUID] = mapped_column(Uuid)
    staff_id: Mapped[UUID] = mapped_column(Uuid)
    about_kind: Mapped[str] = mapped_column(String(8))
    about_id: Mapped[UUID] = mapped_column(Uuid)
    ended_bracket: Mapped[str] = mapped_column(String(5))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answer: Mapped[str | None] = mapped_column(String(10))
    answered_by: Mapped[UUID | None] = mapped_column(Uuid)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
