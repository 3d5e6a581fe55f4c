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
