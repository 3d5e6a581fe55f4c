"""What joining and leaving tell the audit log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hub.audit.events import AuditEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierRecorded(AuditEvent):
    """Something was shown on paper: which items, never what they say."""

    code: ClassVar[str] = "onboarding.recorded"
    purpose: str = "administration"


@dataclass(frozen=True, slots=True, kw_only=True)
class AddendumRecorded(AuditEvent):
    """An organisation has a rule of its own, by an addendum to the covenant."""

    code: ClassVar[str] = "onboarding.addendum"
    purpose: str = "administration"


@dataclass(frozen=True, slots=True, kw_only=True)
class LocationChanged(AuditEvent):
    """A location takes part from a day, or until one."""

    code: ClassVar[str] = "onboarding.location"
    purpose: str = "administration"


@dataclass(frozen=True, slots=True, kw_only=True)
class WentLive(AuditEvent):
    """Everything was in order: the organisation takes part."""

    code: ClassVar[str] = "organisation.live"
    purpose: str = "administration"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offboarded(AuditEvent):
    """An organisation left; its open signals are withdrawn, or go on with another one."""

    code: ClassVar[str] = "organisation.offboarded"
    purpose: str = "administration"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalsWoundUp(AuditEvent):
    """Signals of an organisation that left were withdrawn or handed over."""

    code: ClassVar[str] = "onboarding.signals_wound_up"
    purpose: str = "administration"
