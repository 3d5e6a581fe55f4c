"""Tables of the hub's log: leaves never hold anything that must be erased; what can be erased lies beside."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, LargeBinary, String, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from hub.base import Base
from service.database import UtcDateTime
from service.eventlog.tables import SHARD_LENGTH, Sequence64, log_tables

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


class AuditCosignedRow(Base):
    """The largest head of a tree that a witness cosigned: a signed note with the witness's lines."""

    __tablename__ = "audit_cosigned"

    shard: Mapped[str] = mapped_column(String(SHARD_LENGTH), primary_key=True)
    witness: Mapped[str] = mapped_column(String(255), primary_key=True)
    size: Mapped[int] = mapped_column(BigInteger)
    note: Mapped[str] = mapped_column(Text)
    cosigned_at: Mapped[datetime] = mapped_column(UtcDateTime)


class AuditWantedRow(Base):
    """Somebody waits for their event to be cosigned: the sequencer looks here oftener than in its queue."""

    __tablename__ = "audit_wanted"

    seq: Mapped[int] = mapped_column(Sequence64, primary_key=True, autoincrement=True)


class ErasureAskedRow(Base):
    """An id about which nothing may be left beside the tree; the worker erases it and forgets the id."""

    __tablename__ = "audit_erasure"

    reference: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
