"""The table of what organisations showed when they joined."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Date, ForeignKey, Integer, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from hub.base import Base
from service.database import UtcDateTime


class DossierRow(Base):
    """What one organisation showed, and how it leaves; codes, references and counts."""

    __tablename__ = "onboarding_dossier"

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    accession: Mapped[str | None] = mapped_column(String(80))
    profile: Mapped[str | None] = mapped_column(String(80))
    dpia: Mapped[str | None] = mapped_column(String(80))
    dpia_review_on: Mapped[date | None] = mapped_column(Date)
    standards: Mapped[str | None] = mapped_column(String(80))
    linkage_rows: Mapped[int | None] = mapped_column(Integer)
    linkage_linkable: Mapped[int | None] = mapped_column(Integer)
    linkage_on: Mapped[date | None] = mapped_column(Date)
    ending: Mapped[str | None] = mapped_column(String(16))
    heir_id: Mapped[UUID | None] = mapped_column(Uuid)
    coordinator_id: Mapped[UUID | None] = mapped_column(Uuid)
    wound_up_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
