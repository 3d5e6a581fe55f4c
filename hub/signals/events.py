"""What signals tell the audit log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hub.audit.events import AuditEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalAccepted(AuditEvent):
    """A signal was taken; what is in quarantine says so beside the tree, where its poster never looks."""

    code: ClassVar[str] = "signal.accepted"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalWithdrawn(AuditEvent):
    """A signal was withdrawn by the organisation that posted it."""

    code: ClassVar[str] = "signal.withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalExpired(AuditEvent):
    """A signal reached the end of its validity."""

    code: ClassVar[str] = "signal.expired"
