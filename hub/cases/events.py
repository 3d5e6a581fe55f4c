"""What the cases tell the audit log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hub.audit.events import AuditEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRegistered(AuditEvent):
    """A team registered a person of its caseload."""

    code: ClassVar[str] = "case.registered"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseClosed(AuditEvent):
    """A team closed a case; what hung on it no longer stands."""

    code: ClassVar[str] = "case.closed"
