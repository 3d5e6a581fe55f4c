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


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveAsked(AuditEvent):
    """It was decided whether a signal that ended answers a new reporter; `denied` is an outcome."""

    code: ClassVar[str] = "archive.asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveShown(AuditEvent):
    """A reporter's organisation saw, once, that somebody signalled before."""

    code: ClassVar[str] = "archive.shown"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveNotShown(AuditEvent):
    """What was recorded as shown was not: no witness signed the record in time."""

    code: ClassVar[str] = "archive.not_shown"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalHandedOver(AuditEvent):
    """A signal of an organisation that left goes on as another one's."""

    code: ClassVar[str] = "signal.handed_over"
