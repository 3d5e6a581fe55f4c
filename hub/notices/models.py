"""Tables of the inbox and of the mail that waits to be sent."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Boolean, Date, Index, SmallInteger, String, UniqueConstraint, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from hub.base import Base
from service.database import UtcDateTime


class NoticeKind(StrEnum):
    """What a notice is about."""

    MATCH = "match"
    INTAKE = "intake"
    POSSIBLE = "possible"
    VOID = "void"
    HAND_OVER = "hand_over"
    CONSULT = "consult"
    REMINDER = "reminder"
    STALLED = "stalled"
    ESCALATED = "escalated"
    FAMILY = "family"
    LEAD = "lead"
    TRANSFER = "transfer"


class NoticeState(StrEnum):
    """What has become of a notice."""

    NEW = "new"
    ACKNOWLEDGED = "acknowledged"
    ALREADY_IN_CONTACT = "already_in_contact"
    RETURNED = "returned"
    VOID = "void"


class MailState(StrEnum):
    """What has become of a mail."""

    WAITING = "waiting"
    LEASED = "leased"
    DELIVERED = "delivered"
    DEAD = "dead"


class NoticeRow(Base):
    """One notice in one person's inbox; it names references, and what is shown is looked up when it is read.

    `match_id` is what it is about: a match, or of kind `transfer` the transfer of a case.
    `team_id` is the team as whose member the recipient hears of it: the wall of their inbox.
    `seen_at` is the first time that the recipient was shown it: before that, nobody was told anything. One
    that was taken back and stands again begins anew; `told_at` and `told_level` stay: when they first heard
    of it, and the most that they ever heard; `told_before` is the most before it was last shown.
    Source: TRA-08, TRA-10.
    """

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("match_id", "recipient", "kind"),
        Index("ix_notice_recipient", "recipient", "id"),
        Index("ix_notice_due", "state", "due_at"),
        Index(
            "ix_notice_new",
            "recipient",
            postgresql_where=text("state = 'new'"),
            sqlite_where=text("state = 'new'"),
        ),
        Index(
            "ix_notice_seen",
            "seen_at",
            postgresql_where=text("seen_at IS NOT NULL"),
            sqlite_where=text("seen_at IS NOT NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    match_id: Mapped[UUID] = mapped_column(Uuid)
    recipient: Mapped[UUID] = mapped_column(Uuid)
    kind: Mapped[str] = mapped_column(String(12))
    team_id: Mapped[UUID | None] = mapped_column(Uuid)
    case_id: Mapped[UUID | None] = mapped_column(Uuid)
    signal_id: Mapped[UUID | None] = mapped_column(Uuid)
    sender_id: Mapped[UUID | None] = mapped_column(Uuid)
    reporter: Mapped[UUID | None] = mapped_column(Uuid)
    contact_on: Mapped[date | None] = mapped_column(Date)
    signal_kind: Mapped[str | None] = mapped_column(String(16))
    level: Mapped[int] = mapped_column(SmallInteger)
    police_origin: Mapped[bool] = mapped_column(Boolean)
    agreed: Mapped[str] = mapped_column(String(32))
    state: Mapped[str] = mapped_column(String(20))
    queued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    told_level: Mapped[int | None] = mapped_column(SmallInteger)
    told_before: Mapped[int | None] = mapped_column(SmallInteger)


class MailRow(Base):
    """One contentless mail; at most one waits for each recipient, so ten notices are one mail.

    Attributes:
        at_once: it is about no citizen, and waits for no fixed hour, also when it has to be sent again.
    """

    __tablename__ = "notice_mail"
    __table_args__ = (
        Index(
            "uq_notice_mail_waiting",
            "recipient",
            unique=True,
            postgresql_where=text("state = 'waiting'"),
            sqlite_where=text("state = 'waiting'"),
        ),
        Index("ix_notice_mail_due", "state", "due_at"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    recipient: Mapped[UUID] = mapped_column(Uuid)
    state: Mapped[str] = mapped_column(String(12))
    attempt: Mapped[int] = mapped_column(SmallInteger)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    at_once: Mapped[bool] = mapped_column(Boolean)
    leased_by: Mapped[str | None] = mapped_column(String(80))


class MailRhythmRow(Base):
    """In which rhythm a member of staff wants their mail; who is not here gets one at each fixed hour."""

    __tablename__ = "mail_rhythm"

    staff_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    rhythm: Mapped[str] = mapped_column(String(12))
    chosen_at: Mapped[datetime] = mapped_column(UtcDateTime)
