"""Tables of the register of excluded addresses, and of who said when that it is complete."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, LargeBinary, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from hub.base import Base
from service.database import UtcDateTime


class AddressReviewRow(Base):
    """A municipality said that its register of excluded addresses is complete; which they are is sealed."""

    __tablename__ = "address_review"
    __table_args__ = (Index("ix_address_review_own", "organisation_id", "reviewed_at"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(Uuid)
    reviewed_by: Mapped[UUID] = mapped_column(Uuid)
    reviewed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ExcludedAddressRow(Base):
    """An address of an institution, by the id of its registration; a key is kept as a hash only."""

    __tablename__ = "excluded_address"
    __table_args__ = (Index("uq_excluded_address_key", "organisation_id", "key_hash", unique=True),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(Uuid)
    recorded_by: Mapped[UUID] = mapped_column(Uuid)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    key_hash: Mapped[bytes] = mapped_column(LargeBinary(16))
