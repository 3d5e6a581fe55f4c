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


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotaRaised(AuditEvent):
    """The operator let an organisation register more cases than its quota, on one day."""

    code: ClassVar[str] = "case.quota_raised"
    purpose: str = "administration"


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferOffered(AuditEvent):
    """A team told another municipality's that somebody moved there."""

    code: ClassVar[str] = "case.transfer_offered"


@dataclass(frozen=True, slots=True, kw_only=True)
class TransfersListed(AuditEvent):
    """A team saw that somebody moved to its municipality."""

    code: ClassVar[str] = "case.transfers_listed"


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferAnswered(AuditEvent):
    """A team took a transfer on, completed it, or gave it back."""

    code: ClassVar[str] = "case.transfer_answered"
