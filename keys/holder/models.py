"""Tables of the key holder: who may ask for how much, and what was counted. Never an element."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, Date, Integer, LargeBinary, MetaData, String, Text, Uuid
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from service.database import NAMING, UtcDateTime
from service.eventlog.tables import log_tables
from service.oauth.store import used_assertion_table


class Base(DeclarativeBase):
    """Every table of the holder."""

    metadata = MetaData(naming_convention=NAMING)


USED_ASSERTION = used_assertion_table(Base.metadata)
LOG = log_tables(Base.metadata, "evaluation")


class ClientRow(Base):
    """A partner's request key, registered here by the holder's administrator and not by the hub."""

    __tablename__ = "client"

    client_id: Mapped[str] = mapped_column(String(63), primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(Uuid)
    staff_id: Mapped[UUID | None] = mapped_column(Uuid)
    public_jwk: Mapped[dict[str, Any]] = mapped_column(JSON)
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class PermissionRow(Base):
    """Which scheme an organisation may have evaluated, and how often a day."""

    __tablename__ = "permission"

    organisation_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    scheme: Mapped[str] = mapped_column(String(16), primary_key=True)
    per_day: Mapped[int] = mapped_column(Integer)


class ReporterRow(Base):
    """A reporter's pseudonym and daily quota; a partner cannot mint reporters."""

    __tablename__ = "reporter"

    organisation_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    reporter_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    per_day: Mapped[int] = mapped_column(Integer)


class UsedRow(Base):
    """How many elements were evaluated on a day, for an organisation and scheme or for a reporter."""

    __tablename__ = "quota_used"

    organisation_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    counter: Mapped[str] = mapped_column(String(40), primary_key=True)
    day_on: Mapped[date] = mapped_column(Date, primary_key=True)
    used: Mapped[int] = mapped_column(Integer)


class PermissionListRow(Base):
    """Which signed lists were loaded, so that an old one is not loaded again."""

    __tablename__ = "permission_list"

    serial: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    loaded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class WitnessedLogRow(Base):
    """A log that this holder witnesses: its name and public key, given by another road than the log's own."""

    __tablename__ = "witnessed_log"

    name: Mapped[str] = mapped_column(String(255), primary_key=True)
    public: Mapped[bytes] = mapped_column(LargeBinary(32))


class WitnessedTreeRow(Base):
    """The last head of a tree that this holder cosigned; it only grows."""

    __tablename__ = "witnessed_tree"

    origin: Mapped[str] = mapped_column(String(255), primary_key=True)
    origin_hash: Mapped[str] = mapped_column(String(64), unique=True)
    size: Mapped[int] = mapped_column(BigInteger)
    root: Mapped[bytes] = mapped_column(LargeBinary(32))
    note: Mapped[str] = mapped_column(Text)
    cosigned_at: Mapped[datetime] = mapped_column(UtcDateTime)
