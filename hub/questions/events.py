"""What the overview tells the audit log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hub.audit.events import AuditEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class OverviewShown(AuditEvent):
    """A privacy officer looked at the day's figures.

    They are about nobody, and where each day begins: as a reading of the log, they would make an officer's
    own work an unusual one.
    """

    code: ClassVar[str] = "overview.shown"
    purpose: str = "supervision"
