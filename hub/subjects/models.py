"""Tables of registrations: sealed elements, the match index, and the worker's queue."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index, Integer, LargeBinary, SmallInteger, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from hub.base import Base
from service.database import UtcDateTime


class RegistrationKind(StrEnum):
    """What a person was registered for."""

    SIGNAL = "signal"
    CASE = "case"
    CONSENT = "consent"
    OBJECTION = "objection"
    REQUEST = "request"  # a citizen's: it is searched with, and never matched
    HONEY = "honey"  # of nobody who exists: never matched, and who meets it has tried a number
    EXCLUDED = "excluded"  # an institution's address: of no person, and nobody there is a household


class RegistrationRow(Base):
    """One registration of a person by one organisation.

    `tokens` repeats the registration's own index values (19 bytes each: type, epoch, index), so that finding
    and erasing its index rows needs no second index on the largest table. `sealed` holds the elements for
    rotation, under the row key of `epoch` and a data key, whose id stands in front. A registration in
    quarantine has that id only.
    """

    __tablename__ = "registration"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    organisation_id: Mapped[UUID] = mapped_column(Uuid)
    active_from: Mapped[datetime] = mapped_column(UtcDateTime)
    active_until: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    quarantine: Mapped[str | None] = mapped_column(String(24))
    epoch: Mapped[int] = mapped_column(SmallInteger)
    tokens: Mapped[bytes] = mapped_column(LargeBinary)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class MatchIndexRow(Base):
    """Who carries which index value; the type and the key epoch are inside the value."""

    __tablename__ = "match_index"
    __table_args__ = ({"sqlite_with_rowid": False},)

    idx: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    registration_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)


class MatchQueueRow(Base):
    """Registrations that are new or changed and that the worker has not looked at.

    No foreign key: what hung on an erased registration must be looked at too.
    """

    __tablename__ = "match_queue"
    __table_args__ = (Index("ix_match_queue_queued_at", "queued_at"), {"sqlite_with_rowid": False})

    registration_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    queued_at: Mapped[datetime] = mapped_column(UtcDateTime)


class EvaluationHourRow(Base):
    """What a key holder's ledger says an organisation had evaluated in an hour, and what it then posted."""

    __tablename__ = "evaluation_hour"

    hour: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    evaluated: Mapped[int] = mapped_column(Integer)
    posted: Mapped[int] = mapped_column(Integer)
