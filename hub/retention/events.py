"""What keeping and removing tells the audit log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hub.audit.events import AuditEvent, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionRan(AuditEvent):
    """A rule was applied: how much was due and how much went."""

    code: ClassVar[str] = "retention.ran"
    purpose: str = "retention"


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionBraked(AuditEvent):
    """A rule was not applied: a human looks first."""

    code: ClassVar[str] = "retention.braked"
    purpose: str = "retention"
    outcome: Outcome = "denied"


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionReleased(AuditEvent):
    """The operator let one run pass, for a coded reason."""

    code: ClassVar[str] = "retention.released"
    purpose: str = "retention"


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionReported(AuditEvent):
    """Somebody asked whether what should be gone is gone."""

    code: ClassVar[str] = "retention.reported"
    purpose: str = "supervision"
