"""What telling the person tells the audit log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hub.audit.events import AuditEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeAttested(AuditEvent):
    """A reporter attested that the person was told of a signal."""

    code: ClassVar[str] = "subject_notice.attested"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeCorrected(AuditEvent):
    """A reporter attested otherwise than before when, or to whom, the person was told of a signal."""

    code: ClassVar[str] = "subject_notice.corrected"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeOverdue(AuditEvent):
    """The term for telling the person passed; the organisation sees it in its own list."""

    code: ClassVar[str] = "subject_notice.overdue"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeExcepted(AuditEvent):
    """Two persons decided that the person need not be told yet; which ground lies beside the tree."""

    code: ClassVar[str] = "subject_notice.excepted"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeExceptionEnded(AuditEvent):
    """An exception was over; the person must be told, or two persons decide anew."""

    code: ClassVar[str] = "subject_notice.exception_ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class OverrideAsked(AuditEvent):
    """A municipal professional asked for an override; it opened at once, or waits for the second person."""

    code: ClassVar[str] = "override.asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class OverrideConfirmed(AuditEvent):
    """A second person confirmed an override."""

    code: ClassVar[str] = "override.confirmed"


@dataclass(frozen=True, slots=True, kw_only=True)
class OverrideEnded(AuditEvent):
    """An override closed: its time was over, or its review found it unjustified."""

    code: ClassVar[str] = "override.ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class OverridesListed(AuditEvent):
    """Somebody saw which overrides wait for them."""

    code: ClassVar[str] = "override.listed"


@dataclass(frozen=True, slots=True, kw_only=True)
class OverrideReviewed(AuditEvent):
    """The privacy officer judged an override."""

    code: ClassVar[str] = "override.reviewed"


@dataclass(frozen=True, slots=True, kw_only=True)
class OverrideTold(AuditEvent):
    """The person was told of an override, or it was decided that telling would endanger somebody for now."""

    code: ClassVar[str] = "override.told"
