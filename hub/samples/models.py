"""The table of what was judged of a sample: numbers and codes."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from hub.base import Base
from service.database import UtcDateTime


class SampleRow(Base):
    """What a privacy officer found of one disclosure, by the id of its notice or intake item."""

    __tablename__ = "sample_review"

    disclosure_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    outcome: Mapped[str] = mapped_column(String(16))
    reviewed_by: Mapped[UUID] = mapped_column(Uuid)
    reviewed_at: Mapped[datetime] = mapped_column(UtcDateTime)
