"""What statistics tell the audit log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hub.audit.events import AuditEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class StatisticsReleased(AuditEvent):
    """The tables of a quarter were released: from now on they stand as they are."""

    code: ClassVar[str] = "statistics.released"
    purpose: str = "statistics"


@dataclass(frozen=True, slots=True, kw_only=True)
class StatisticsShown(AuditEvent):
    """Tables that were released were shown again to who asked for their release."""

    code: ClassVar[str] = "statistics.shown"
    purpose: str = "statistics"
