"""What samples tell the audit log: what was drawn to be judged, and what was found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hub.audit.events import AuditEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleShown(AuditEvent):
    """A privacy officer looked at disclosures that were drawn for review."""

    code: ClassVar[str] = "sample.shown"
    purpose: str = "supervision"


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleJudged(AuditEvent):
    """A privacy officer judged one of them."""

    code: ClassVar[str] = "sample.judged"
    purpose: str = "supervision"
