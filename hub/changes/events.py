"""What changes tell the audit log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hub.audit.events import AuditEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeProposed(AuditEvent):
    """One person proposed a change that needs two."""

    code: ClassVar[str] = "change.proposed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeApproved(AuditEvent):
    """A second person approved a change; it took effect in the same transaction."""

    code: ClassVar[str] = "change.approved"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRejected(AuditEvent):
    """A change was rejected, or taken back by its proposer."""

    code: ClassVar[str] = "change.rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeExpired(AuditEvent):
    """No second person came in time."""

    code: ClassVar[str] = "change.expired"
