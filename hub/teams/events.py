"""What the teams tell the audit log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hub.audit.events import AuditEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class _Staffing(AuditEvent):
    purpose: str = "administration"


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamOpened(_Staffing):
    """An organisation has one more team."""

    code: ClassVar[str] = "team.opened"


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamSucceeded(_Staffing):
    """A team ends on a day, and another one goes on with what is open."""

    code: ClassVar[str] = "team.succeeded"


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeTeamSet(AuditEvent):
    """The operator said which team takes matches without a case."""

    code: ClassVar[str] = "team.intake_set"


@dataclass(frozen=True, slots=True, kw_only=True)
class PostGiven(_Staffing):
    """A member of staff works in a team from a day on."""

    code: ClassVar[str] = "post.given"


@dataclass(frozen=True, slots=True, kw_only=True)
class PostEnded(_Staffing):
    """A member of staff works in a team no longer."""

    code: ClassVar[str] = "post.ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileSet(_Staffing):
    """What is known of a member of staff changed: employer, expertise."""

    code: ClassVar[str] = "profile.set"


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceRecorded(_Staffing):
    """A member of staff is not at work for some days."""

    code: ClassVar[str] = "absence.recorded"


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolContactNamed(_Staffing):
    """A school's location has a fixed face in the team."""

    code: ClassVar[str] = "school_contact.named"


@dataclass(frozen=True, slots=True, kw_only=True)
class CoordinatorNamed(_Staffing):
    """A school's location has one more coordinator of its own."""

    code: ClassVar[str] = "location.coordinator_named"


@dataclass(frozen=True, slots=True, kw_only=True)
class LocationsListed(AuditEvent):
    """Somebody saw which fixed face and which coordinators a location has."""

    code: ClassVar[str] = "location.listed"


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamFollowed(AuditEvent):
    """A team is as its arrangement says: who may be casemanager in it."""

    code: ClassVar[str] = "team.followed"
