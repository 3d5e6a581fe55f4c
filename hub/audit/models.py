"""Tables of the hub's log: leaves never hold anything that must be erased; what can be erased lies beside."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Index, Integer, LargeBinary, String, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from hub.base import Base
from service.database import UtcDateTime
from service.eventlog.tables import SHARD_LENGTH, Sequence64, log_tables

LOG = log_tables(Base.metadata, "audit")


class AuditPrivateRow(Base):
    """The openings and values behind an event's commitments, sealed under data keys.

    A part is 32 bytes of opening followed by canonical JSON. Rows are never changed: a part is erased by
    destroying the key that it names.
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


class AuditSubjectRow(Base):
    """Which registration or match an event is about; gone when that is erased."""

    __tablename__ = "audit_subject"
    __table_args__ = (Index("ix_audit_subject_event", "event_id"), {"sqlite_with_rowid": False})

    thing_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    event_id: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)


class AuditActorRow(Base):
    """Whose key of a year this is, said so that only who knows the person and the hub's naming key can ask.

    The key's id stands in front of every sealed actor; so what one employee did is found without opening
    anything, and a stolen database does not tell who looked at whom.
    """

    __tablename__ = "audit_actor"

    key_id: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    tag: Mapped[bytes] = mapped_column(LargeBinary(16), index=True)


class AuditLineRow(Base):
    """What a leaf says, in columns to ask by: made from leaves by the worker, and held against them.

    `actor_key` is the id of the key that the actor is sealed under; `recorded_at`, too, lies beside the leaf.
    """

    __tablename__ = "audit_line"
    __table_args__ = (
        Index("ix_audit_line_hour", "hour", "shard", "idx"),
        Index("ix_audit_line_code", "code", "hour", "shard", "idx"),
        Index("ix_audit_line_organisation", "organisation_id", "hour", "shard", "idx"),
        Index("ix_audit_line_actor", "actor_key", "hour", "shard", "idx"),
    )

    shard: Mapped[str] = mapped_column(String(SHARD_LENGTH), primary_key=True)
    idx: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    event_id: Mapped[bytes] = mapped_column(LargeBinary(16), unique=True)
    hour: Mapped[datetime] = mapped_column(UtcDateTime)
    code: Mapped[str] = mapped_column(String(40))
    outcome: Mapped[str] = mapped_column(String(6))
    organisation_id: Mapped[UUID | None] = mapped_column(Uuid)
    role: Mapped[str] = mapped_column(String(16))
    purpose: Mapped[str] = mapped_column(String(32))
    legal_basis: Mapped[str] = mapped_column(String(32))
    count: Mapped[int] = mapped_column(Integer)
    actor_key: Mapped[bytes | None] = mapped_column(LargeBinary(16))
    recorded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class DestructionRow(Base):
    """A registration or match whose keys must go, from the transaction that erased it, and for ever.

    `key_id` is that of its first key. `done_at` is set when the custodian has signed for all there were.
    """

    __tablename__ = "destruction"
    __table_args__ = (Index("ix_destruction_requested_at", "requested_at"),)

    thing_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    key_id: Mapped[bytes | None] = mapped_column(LargeBinary(16))
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class DestroyedKeyRow(Base):
    """The custodian's signed receipt of a destroyed key; `thing_id` is zero for a key of an actor's year."""

    __tablename__ = "destroyed_key"
    __table_args__ = (Index("ix_destroyed_key_thing_id", "thing_id"),)

    key_id: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    thing_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    holder: Mapped[str] = mapped_column(String(255))
    destroyed_at: Mapped[str] = mapped_column(String(20))
    leaf_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    signature: Mapped[bytes] = mapped_column(LargeBinary(64))
