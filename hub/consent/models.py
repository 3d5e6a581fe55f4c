"""Tables of consents, objections and decisions: coded facts; the person lies with the registration."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    Boolean,
    Date,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from hub.base import Base
from service.database import UtcDateTime

WITHDRAWAL = "withdrawal"
_UNSETTLED = text("lifted_at IS NOT NULL AND settled_at IS NULL")


class ConsentRow(Base):
    """A consent as it was recorded (toestemming); `id` is that of its registration. Source: CON-03."""

    __tablename__ = "consent"
    __table_args__ = (
        UniqueConstraint("organisation_id", "key_hash"),
        Index(
            "ix_consent_named",
            "valid_from_on",
            postgresql_where=text("recipient IS NOT NULL"),
            sqlite_where=text("recipient IS NOT NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(Uuid)
    key_hash: Mapped[bytes] = mapped_column(LargeBinary(16))
    body_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    kind: Mapped[str] = mapped_column(String(16))
    purpose: Mapped[str] = mapped_column(String(20))
    partner_kinds: Mapped[str] = mapped_column(String(400))
    valid_from_on: Mapped[date] = mapped_column(Date)
    valid_until_on: Mapped[date] = mapped_column(Date)
    given_by: Mapped[str] = mapped_column(String(16))
    given_how: Mapped[str] = mapped_column(String(8))
    authority_attested: Mapped[bool] = mapped_column(Boolean)
    authority_holders: Mapped[int] = mapped_column(SmallInteger)
    holders_consented: Mapped[int] = mapped_column(SmallInteger)
    organisations: Mapped[str] = mapped_column(String(400))
    recipient: Mapped[UUID | None] = mapped_column(Uuid)
    exception: Mapped[str | None] = mapped_column(String(16))
    text_version: Mapped[str] = mapped_column(String(24))
    bracket: Mapped[str] = mapped_column(String(5))
    bracket_ends: Mapped[str | None] = mapped_column(String(7))
    recorded_by: Mapped[UUID] = mapped_column(Uuid)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lapses_on: Mapped[date] = mapped_column(Date, index=True)
    lapsed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ObjectionRow(Base):
    """An objection as it was recorded (bezwaar, AVG 21); `id` is that of its registration. Source: CON-12.

    Of kind `withdrawal` it takes consents back that others recorded, and stops nothing itself.
    `lifted_at` is from when it stops nothing; `settled_at` when the worker let go of the person after that.
    """

    __tablename__ = "objection"
    __table_args__ = (
        UniqueConstraint("organisation_id", "key_hash"),
        Index("ix_objection_unsettled", "id", postgresql_where=_UNSETTLED, sqlite_where=_UNSETTLED),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(Uuid)
    key_hash: Mapped[bytes] = mapped_column(LargeBinary(16))
    body_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    kind: Mapped[str] = mapped_column(String(11))
    scope: Mapped[str] = mapped_column(String(400))
    state: Mapped[str] = mapped_column(String(8), index=True)
    recorded_by: Mapped[UUID] = mapped_column(Uuid)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by: Mapped[UUID | None] = mapped_column(Uuid)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lifted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class PolicySetRow(Base):
    """A version of the policy set, in force from a day on. Written once. Source: CON-01."""

    __tablename__ = "policy_set"

    version: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    hash: Mapped[str] = mapped_column(String(32), unique=True)
    document: Mapped[bytes] = mapped_column(LargeBinary)
    in_force_on: Mapped[date] = mapped_column(Date)
    adopted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    change_id: Mapped[UUID | None] = mapped_column(Uuid)


class PolicyDraftRow(Base):
    """A policy set that the operator laid down, for somebody to propose by its hash; it does not hold yet."""

    __tablename__ = "policy_draft"

    hash: Mapped[str] = mapped_column(String(32), primary_key=True)
    document: Mapped[bytes] = mapped_column(LargeBinary)
    laid_at: Mapped[datetime] = mapped_column(UtcDateTime)


class DeskPurpose(StrEnum):
    """For what a desk records: what persons say, or their requests, each with a day's ration of its own."""

    SAID = "said"
    RIGHTS = "rights"


class DeskDayRow(Base):
    """How much an organisation has recorded for a purpose on a Dutch calendar day. Source: TRA-11."""

    __tablename__ = "desk_day"

    organisation_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    used_on: Mapped[date] = mapped_column(Date, primary_key=True)
    purpose: Mapped[str] = mapped_column(String(8), primary_key=True)
    used: Mapped[int] = mapped_column(Integer)


class DecisionRow(Base):
    """What was decided about one telling, also when nobody was told; `reasons` are codes. Written once.

    `organisation_id` signalled: when its signal is gone, it still says whose a decision is.
    `college_id` is the municipal organisation whose team would be told: its privacy officer may read it.
    """

    __tablename__ = "decision"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    signal_id: Mapped[UUID] = mapped_column(Uuid, index=True)
    other_id: Mapped[UUID] = mapped_column(Uuid, index=True)
    organisation_id: Mapped[UUID] = mapped_column(Uuid)
    purpose: Mapped[str] = mapped_column(String(20))
    recipient_kind: Mapped[str] = mapped_column(String(32))
    college_id: Mapped[UUID | None] = mapped_column(Uuid)
    allowed: Mapped[bool] = mapped_column(Boolean)
    level: Mapped[int] = mapped_column(SmallInteger)
    police_origin: Mapped[bool] = mapped_column(Boolean)
    reasons: Mapped[str] = mapped_column(String(1000))
    policy_hash: Mapped[str] = mapped_column(String(32))
    consent_texts: Mapped[str] = mapped_column(String(120))
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)


class OverrideRow(Base):
    """One use of an override on one signal (noodprocedure), and what became of it. Source: CON-11.

    Attributes:
        opened_at: from when it opens; None while it waits for the second person.
        closes_at: until when, or by when the second person must have confirmed it.
        ended_at: when the worker or a review closed it.
        postponed_until_on: until when telling the person would endanger somebody.
    """

    __tablename__ = "emergency_override"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    signal_id: Mapped[UUID] = mapped_column(Uuid, index=True)
    organisation_id: Mapped[UUID] = mapped_column(Uuid)
    ground: Mapped[str] = mapped_column(String(32))
    asked_by: Mapped[UUID] = mapped_column(Uuid)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closes_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_by: Mapped[UUID | None] = mapped_column(Uuid)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome: Mapped[str | None] = mapped_column(String(16))
    reviewed_by: Mapped[UUID | None] = mapped_column(Uuid)
    reviewed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    informed_on: Mapped[date | None] = mapped_column(Date)
    postponed_until_on: Mapped[date | None] = mapped_column(Date)
