"""Tables of the hub's log: leaves never hold anything that must be erased; what can be erased lies beside."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from hub.base import Base
from service.database import UtcDateTime
from service.eventlog.tables import log_tables

LOG = log_tables(Base.metadata, "audit")


class AuditPrivateRow(Base):
    """The openings and values behind an event's commitments; each part can be erased on its own.

    A part is 32 bytes of opening followed by canonical JSON.
    """

    __tablename__ = "audit_private"

    event_id: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor: Mapped[bytes | None] = mapped_column(LargeBinary)
    subject: Mapped[bytes | None] = mapped_column(LargeBinary)
    detail: Mapped[bytes | None] = mapped_column(LargeBinary)
