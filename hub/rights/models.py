"""Tables of requests, what was found for them, and who was told what became of it: coded facts only."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Boolean, Date, Index, LargeBinary, SmallInteger, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from hub.base import Base
from service.database import UtcDateTime


class RightsRequestRow(Base):
    """A request as it was filed; `root_id` is its registration, erased when the request is decided."""

    __tablename__ = "rights_request"
    __table_args__ = (
        UniqueConstraint("received_by", "key_hash", "organisation_id"),
        UniqueConstraint("root_id", "organisation_id"),
        Index("ix_rights_request_own", "organisation_id", "received_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    root_id: Mapped[UUID] = mapped_column(Uuid)
    kind: Mapped[str] = mapped_column(String(13))
    state: Mapped[str] = mapped_column(String(8))
    organisation_id: Mapped[UUID] = mapped_column(Uuid)
    received_by: Mapped[UUID] = mapped_column(Uuid)
    recorded_by: Mapped[UUID] = mapped_column(Uuid)
    key_hash: Mapped[bytes] = mapped_column(LargeBinary(16))
    body_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    identification: Mapped[str] = mapped_column(String(16))
    filed_by: Mapped[str] = mapped_column(String(14))
    authority: Mapped[str] = mapped_column(String(8))
    authority_holders: Mapped[int] = mapped_column(SmallInteger)
    holders_asking: Mapped[int] = mapped_column(SmallInteger)
    ability: Mapped[str] = mapped_column(String(8))
    bracket: Mapped[str] = mapped_column(String(5))
    bracket_ends: Mapped[str | None] = mapped_column(String(7))
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_on: Mapped[date] = mapped_column(Date)
    extension: Mapped[str | None] = mapped_column(String(20))
    outcome: Mapped[str | None] = mapped_column(String(8))
    ground: Mapped[str | None] = mapped_column(String(20))
    change_id: Mapped[UUID | None] = mapped_column(Uuid)
    searched_by: Mapped[UUID | None] = mapped_column(Uuid)
    searched_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by: Mapped[UUID | None] = mapped_column(Uuid)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class RightsFindingRow(Base):
    """A registration that is, or may be, about the requester, and the advice of who registered it."""

    __tablename__ = "rights_finding"
    __table_args__ = (
        UniqueConstraint("request_id", "registration_id"),
        Index("ix_rights_finding_advice", "organisation_id", "advise_by"),
        Index("ix_rights_finding_registration", "registration_id"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    request_id: Mapped[UUID] = mapped_column(Uuid)
    registration_id: Mapped[UUID] = mapped_column(Uuid)
    kind: Mapped[str] = mapped_column(String(12))
    organisation_id: Mapped[UUID] = mapped_column(Uuid)
    controller: Mapped[str] = mapped_column(String(12))
    verdict: Mapped[str] = mapped_column(String(9))
    due_on: Mapped[date] = mapped_column(Date)
    advise_by: Mapped[date | None] = mapped_column(Date)
    advice: Mapped[str | None] = mapped_column(String(14))
    advised_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    judged_by: Mapped[UUID | None] = mapped_column(Uuid)
    judged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    compared: Mapped[str | None] = mapped_column(String(13))
    left_out: Mapped[bool] = mapped_column(Boolean, default=False)


class RightsForwardingRow(Base):
    """A request went to the desk that is responsible; its clock kept running. Source: TRA-05."""

    __tablename__ = "rights_forwarding"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    request_id: Mapped[UUID] = mapped_column(Uuid, index=True)
    from_id: Mapped[UUID] = mapped_column(Uuid)
    to_id: Mapped[UUID] = mapped_column(Uuid)
    forwarded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class RightsTellingRow(Base):
    """One recipient that is told what became of something it had or heard. Source: TRA-10."""

    __tablename__ = "rights_telling"
    __table_args__ = (
        UniqueConstraint("request_id", "organisation_id", "staff_id", "about"),
        Index("ix_rights_telling_own", "organisation_id", "queued_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    request_id: Mapped[UUID] = mapped_column(Uuid)
    organisation_id: Mapped[UUID] = mapped_column(Uuid)
    staff_id: Mapped[UUID | None] = mapped_column(Uuid)
    about: Mapped[UUID] = mapped_column(Uuid)
    effect: Mapped[str] = mapped_column(String(11))
    ground: Mapped[str] = mapped_column(String(20))
    queued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    acknowledged_by: Mapped[UUID | None] = mapped_column(Uuid)


class RightsCorrectionRow(Base):
    """What an organisation has to put right: a signal itself is never changed. Source: AVG 16."""

    __tablename__ = "rights_correction"
    __table_args__ = (
        UniqueConstraint("request_id", "registration_id"),
        Index("ix_rights_correction_own", "organisation_id", "due_on"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    request_id: Mapped[UUID] = mapped_column(Uuid)
    registration_id: Mapped[UUID] = mapped_column(Uuid, index=True)
    kind: Mapped[str] = mapped_column(String(12))
    organisation_id: Mapped[UUID] = mapped_column(Uuid)
    due_on: Mapped[date] = mapped_column(Date)
    replaced_by: Mapped[UUID | None] = mapped_column(Uuid)
    answered_by: Mapped[UUID | None] = mapped_column(Uuid)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
