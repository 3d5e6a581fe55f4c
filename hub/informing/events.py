"""What telling the person tells the audit log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hub.audit.events import AuditEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeAttested(AuditEvent):
    """A reporter attested that the person was told of a signal."""

    code: ClassVar[str] = "subject_notice.attested"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeOverdue(AuditEvent):
    """The term for telling the person passed; the organisation sees it in its own list."""

    code: ClassVar[str] = "subject_notice.overdue"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeExcepted(AuditEvent):
    """Two persons decided that the person need not be told yet; which ground lies beside the tree."""

    code: ClassVar[str] = "subject_notice.excepted"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeExceptionEnded(AuditEvent):
    """An exception was over; the person must be told, or two persons decide anew."""

    code: ClassVar[str] = "subject_notice.exception_ended"
