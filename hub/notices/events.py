"""What the notices tell the audit log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hub.audit.events import AuditEvent, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeQueued(AuditEvent):
    """A notice was put in somebody's inbox."""

    code: ClassVar[str] = "notify.queued"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeShown(AuditEvent):
    """A notice was shown to its recipient for the first time: the moment of telling."""

    code: ClassVar[str] = "notice.shown"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeNotShown(AuditEvent):
    """A notice was recorded as shown, and no witness cosigned that in time: it was not shown."""

    code: ClassVar[str] = "notice.not_shown"
    outcome: Outcome = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeAcknowledged(AuditEvent):
    """The recipient has taken a notice up, or was in contact already."""

    code: ClassVar[str] = "notice.acknowledged"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeReturned(AuditEvent):
    """A notice was not taken up within its term and went back to the team."""

    code: ClassVar[str] = "notice.returned"


@dataclass(frozen=True, slots=True, kw_only=True)
class MailDelivered(AuditEvent):
    """A contentless mail was taken by the mail server."""

    code: ClassVar[str] = "notify.delivered"


@dataclass(frozen=True, slots=True, kw_only=True)
class MailDead(AuditEvent):
    """A mail could not be delivered and is given up; the inbox still holds the notice."""

    code: ClassVar[str] = "notify.dead"


@dataclass(frozen=True, slots=True, kw_only=True)
class MailsListed(AuditEvent):
    """A functional administrator saw what became of mails."""

    code: ClassVar[str] = "notify.listed"
    purpose: str = "operation"


@dataclass(frozen=True, slots=True, kw_only=True)
class MailResent(AuditEvent):
    """A functional administrator let a mail be tried again that was given up."""

    code: ClassVar[str] = "notify.resent"
    purpose: str = "operation"


@dataclass(frozen=True, slots=True, kw_only=True)
class RhythmChosen(AuditEvent):
    """Somebody chose how often their mail comes."""

    code: ClassVar[str] = "notify.rhythm_chosen"
    purpose: str = "operation"
