"""What logins tell the audit log: who logged in and out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hub.audit.events import AuditEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginOpened(AuditEvent):
    """Somebody logged in, or proved once more who they are."""

    code: ClassVar[str] = "login.opened"
    purpose: str = "authentication"


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginEnded(AuditEvent):
    """A login was ended, by its owner or by the provider."""

    code: ClassVar[str] = "login.ended"
    purpose: str = "authentication"
