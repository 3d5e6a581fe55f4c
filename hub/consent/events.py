"""What consent tells the audit log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hub.audit.events import AuditEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentGiven(AuditEvent):
    """A consent was recorded at a municipal desk."""

    code: ClassVar[str] = "consent.given"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentWithdrawn(AuditEvent):
    """A consent was withdrawn; from here on it opens nothing."""

    code: ClassVar[str] = "consent.withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawalRecorded(AuditEvent):
    """A person took back at a desk whatever they consented to; what there was, the worker finds."""

    code: ClassVar[str] = "withdrawal.recorded"


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectionRecorded(AuditEvent):
    """An objection was recorded at a municipal desk."""

    code: ClassVar[str] = "objection.recorded"


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectionLifted(AuditEvent):
    """An objection was taken back, or decided upon."""

    code: ClassVar[str] = "objection.lifted"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentLapsed(AuditEvent):
    """A consent's period or age bracket is over; from here on it opens nothing."""

    code: ClassVar[str] = "consent.lapsed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectionDecided(AuditEvent):
    """A rights officer upheld or rejected an objection or a restriction."""

    code: ClassVar[str] = "objection.decided"


@dataclass(frozen=True, slots=True, kw_only=True)
class TellingDecided(AuditEvent):
    """It was decided whether somebody is told, also when nobody is; `denied` is an outcome, not an error."""

    code: ClassVar[str] = "telling.decided"


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyAdopted(AuditEvent):
    """A policy set was put in force from a day on; `policy` is its hash."""

    code: ClassVar[str] = "policy.adopted"


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyLaid(AuditEvent):
    """The operator laid a policy set down for somebody to propose; `policy` is its hash."""

    code: ClassVar[str] = "policy.laid"


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionRead(AuditEvent):
    """A privacy officer had a decision explained."""

    code: ClassVar[str] = "decision.read"
