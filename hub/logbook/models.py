"""How far the log of processing has confirmed what it was sent."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from hub.base import Base
from service.database import UtcDateTime
from service.eventlog.tables import SHARD_LENGTH


class LogbookDeliveryRow(Base):
    """The number of events of a tree that were confirmed, in order: what is not, is sent again."""

    __tablename__ = "logbook_delivery"

    shard: Mapped[str] = mapped_column(String(SHARD_LENGTH), primary_key=True)
    confirmed: Mapped[int] = mapped_column(BigInteger)
    confirmed_at: Mapped[datetime] = mapped_column(UtcDateTime)
