"""What asking consents again tells the audit log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hub.audit.events import AuditEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentTaskOpened(AuditEvent):
    """Somebody is to ask a consent again: the person came to another age."""

    code: ClassVar[str] = "consent_task.opened"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentTasksListed(AuditEvent):
    """Somebody saw which consents they are to ask again."""

    code: ClassVar[str] = "consent_task.listed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentTaskAnswered(AuditEvent):
    """Somebody said that they asked, or that it is not needed; what the person said is not in it."""

    code: ClassVar[str] = "consent_task.answered"
