"""Tables of the data keys: secrets of which keys derive, wrapped, and what is left of a destroyed key."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import Date, Index, Integer, LargeBinary, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from keys.holder.models import Base
from keys.protocol.data_keys import BATCH_ID_BYTES


class DataKeyRationRow(Base):
    """What a hub may do with data keys, and how much of it a day."""

    __tablename__ = "data_key_ration"

    organisation_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    name: Mapped[str] = mapped_column(String(16), primary_key=True)
    per_day: Mapped[int] = mapped_column(Integer)


class DataKeyBatchRow(Base):
    """A batch that was given to a hub; the row to lock before anything of it is destroyed."""

    __tablename__ = "data_key_batch"

    batch_id: Mapped[bytes] = mapped_column(LargeBinary(BATCH_ID_BYTES), primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(Uuid)
    issued_on: Mapped[date] = mapped_column(Date)


class DataKeyNodeRow(Base):
    """One secret of a batch: the root, until a key below it is destroyed."""

    __tablename__ = "data_key_node"
    __table_args__ = (Index("ix_data_key_node_wrapping", "wrapping"),)

    batch_id: Mapped[bytes] = mapped_column(LargeBinary(BATCH_ID_BYTES), primary_key=True)
    node: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    wrapping: Mapped[str] = mapped_column(String(16))
    wrapped: Mapped[bytes] = mapped_column(LargeBinary(60))


class DestroyedDataKeyRow(Base):
    """What is said of a destroyed key, so that it is said the same way again."""

    __tablename__ = "data_key_destroyed"
    __table_args__ = (Index("ix_data_key_destroyed_order", "organisation_id", "destroyed_at", "key_id"),)

    key_id: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    destroyed_at: Mapped[str] = mapped_column(String(20))
    leaf_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
