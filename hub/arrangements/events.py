"""What arrangements tell the audit log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hub.audit.events import AuditEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrangementAdopted(AuditEvent):
    """A version of an arrangement was adopted by two persons, for a day from which it holds."""

    code: ClassVar[str] = "arrangement.adopted"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrangementApplied(AuditEvent):
    """The day of an arrangement has come: its teams are as it says."""

    code: ClassVar[str] = "arrangement.applied"
