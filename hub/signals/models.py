"""Tables of signals, and of the idempotency keys that brought them."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Boolean, Date, Index, LargeBinary, SmallInteger, String, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from hub.base import Base
from service.database import UtcDateTime

_IS_ACTIVE = text("state = 'active'")
_IS_ENDED = text("state <> 'active'")
_IS_UNTOLD = text("state = 'active' AND subject_notice <> 'given'")


class SignalRow(Base):
    """One signal; about whom is in its registration, which has the same id.

    `subject_notice` begins as its poster said and then follows what `hub.informing` records; `exception_code`
    and `exception_until_on` are set while an approved exception stands, `notice_given_on`,
    `notice_given_to` and `authority_holders` once the person was told, in the post or later. Source: TRA-01.
    `archived_until_on` is set once a signal has ended and the archive is on: until then it is kept. SIG-09.
    """

    __tablename__ = "signal"
    __table_args__ = (
        Index("ix_signal_own", "organisation_id", "received_at", "id"),
        Index("ix_signal_due", "active_until", postgresql_where=_IS_ACTIVE, sqlite_where=_IS_ACTIVE),
        Index("ix_signal_ended", "archived_until_on", postgresql_where=_IS_ENDED, sqlite_where=_IS_ENDED),
        Index("ix_signal_untold", "received_at", postgresql_where=_IS_UNTOLD, sqlite_where=_IS_UNTOLD),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(Uuid)
    reporter_id: Mapped[UUID] = mapped_column(Uuid)
    contact_on: Mapped[date] = mapped_column(Date)
    kind: Mapped[str] = mapped_column(String(8))
    legal_basis: Mapped[str] = mapped_column(String(32))
    bracket: Mapped[str] = mapped_column(String(5))
    bracket_ends: Mapped[str | None] = mapped_column(String(7))
    subject_notice: Mapped[str] = mapped_column(String(9))
    has_decision_reference: Mapped[bool] = mapped_column(Boolean)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    active_until: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(String(9))
    reason: Mapped[str | None] = mapped_column(String(11))
    leaf_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    signature: Mapped[bytes] = mapped_column(LargeBinary(64))
    exception_code: Mapped[str | None] = mapped_column(String(32))
    exception_until_on: Mapped[date | None] = mapped_column(Date)
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    residence: Mapped[str | None] = mapped_column(String(6))
    residence_from: Mapped[str | None] = mapped_column(String(11))
    notice_given_on: Mapped[date | None] = mapped_column(Date)
    notice_given_to: Mapped[str | None] = mapped_column(String(22))
    authority_holders: Mapped[int | None] = mapped_column(SmallInteger)
    archived_until_on: Mapped[date | None] = mapped_column(Date)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SignalSubmissionRow(Base):
    """Who brought a signal, where that was not the reporter who weighed it.

    The signal is of who had the contact; who brought it may see it as well, and withdraw and correct it while
    mandated. `received_at` is that of the signal, by which they are listed.
    Source: SIG-12.
    """

    __tablename__ = "signal_submission"
    __table_args__ = (Index("ix_signal_submission_own", "organisation_id", "received_at", "signal_id"),)

    signal_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(Uuid)
    staff_id: Mapped[UUID] = mapped_column(Uuid)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ArchiveAnswerRow(Base):
    """What the archive answered to a new signal, once; `shown_at` is when its poster saw that. SIG-09."""

    __tablename__ = "archive_answer"
    __table_args__ = (Index("ix_archive_answer_own", "organisation_id", "asked_at"),)

    signal_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(Uuid)
    answered: Mapped[bool] = mapped_column(Boolean)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    shown_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SignalKeyRow(Base):
    """An idempotency key, never in clear: it is 122 bits that a poster could smuggle something in."""

    __tablename__ = "signal_key"
    __table_args__ = ({"sqlite_with_rowid": False},)

    key: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    body_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    signal_id: Mapped[UUID] = mapped_column(Uuid)
    used_at: Mapped[datetime] = mapped_column(UtcDateTime)
