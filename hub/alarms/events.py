"""What alarms tell the audit log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hub.audit.events import AuditEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmRaised(AuditEvent):
    """Something was noticed, and privacy officers are told."""

    code: ClassVar[str] = "alarm.raised"
    purpose: str = "supervision"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmsListed(AuditEvent):
    """A privacy officer saw the alarms."""

    code: ClassVar[str] = "alarm.listed"
    purpose: str = "supervision"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmClosed(AuditEvent):
    """A privacy officer closed an alarm, for a coded reason."""

    code: ClassVar[str] = "alarm.closed"
    purpose: str = "supervision"


@dataclass(frozen=True, slots=True, kw_only=True)
class HoneySeeded(AuditEvent):
    """A privacy officer registered somebody who does not exist."""

    code: ClassVar[str] = "honey.seeded"
    purpose: str = "supervision"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseloadDeclared(AuditEvent):
    """The operator recorded how many persons an organisation works with."""

    code: ClassVar[str] = "caseload.declared"
    purpose: str = "administration"
