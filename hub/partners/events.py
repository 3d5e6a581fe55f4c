"""What the partner directory tells the audit log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from hub.audit.events import AuditEvent, Outcome
from hub.partners.values import Grant


@dataclass(frozen=True, slots=True, kw_only=True)
class _Administered(AuditEvent):
    purpose: str = "administration"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationAdmitted(_Administered):
    """An organisation may take part."""

    code: ClassVar[str] = "organisation.admitted"

    @classmethod
    def of(
        cls, organisation_id: UUID, *, oin: str, kind: str, schemes: frozenset[str]
    ) -> OrganisationAdmitted:
        """Say which organisation, and what it may use."""
        detail = {"oin": oin, "kind": kind, "schemes": " ".join(sorted(schemes))}
        return cls(organisation_id=organisation_id, detail=detail)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationEnded(_Administered):
    """An organisation has left: nothing of it works any longer."""

    code: ClassVar[str] = "organisation.ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class CovenantSigned(_Administered):
    """An organisation is bound for a period."""

    code: ClassVar[str] = "covenant.signed"

    @classmethod
    def of(cls, organisation_id: UUID, *, begins: date, ends: date) -> CovenantSigned:
        """Say for which period."""
        detail = {"from": begins.isoformat(), "until": ends.isoformat()}
        return cls(organisation_id=organisation_id, detail=detail)


@dataclass(frozen=True, slots=True, kw_only=True)
class MandateGiven(_Administered):
    """An organisation lets another bring its signals, for a period."""

    code: ClassVar[str] = "mandate.given"

    @classmethod
    def of(cls, organisation_id: UUID, *, to: UUID, begins: date, ends: date) -> MandateGiven:
        """Say to whom, and for which period."""
        detail = {"to": str(to), "from": begins.isoformat(), "until": ends.isoformat()}
        return cls(organisation_id=organisation_id, detail=detail)


@dataclass(frozen=True, slots=True, kw_only=True)
class MandateEnded(_Administered):
    """An organisation no longer lets another bring its signals."""

    code: ClassVar[str] = "mandate.ended"

    @classmethod
    def of(cls, organisation_id: UUID, *, to: UUID, on: date) -> MandateEnded:
        """Say to whom it was given, and from which day it is over."""
        return cls(organisation_id=organisation_id, detail={"to": str(to), "on": on.isoformat()})


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffAuthorised(_Administered):
    """An organisation authorised a member of its staff."""

    code: ClassVar[str] = "staff.authorised"

    @classmethod
    def of(cls, organisation_id: UUID, *, staff_id: UUID, role: str) -> StaffAuthorised:
        """Say who, by pseudonym, and in which role."""
        return cls(organisation_id=organisation_id, detail={"staff": str(staff_id), "role": role})


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffTrained(_Administered):
    """An organisation attested that a member of its staff was trained."""

    code: ClassVar[str] = "staff.trained"

    @classmethod
    def of(cls, organisation_id: UUID, *, staff_id: UUID, on: date) -> StaffTrained:
        """Say who, by pseudonym, and on which day."""
        return cls(organisation_id=organisation_id, detail={"staff": str(staff_id), "on": on.isoformat()})


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffSuspended(_Administered):
    """A reporter did not signal for long: the right rests until somebody attests a training again."""

    code: ClassVar[str] = "staff.suspended"

    @classmethod
    def of(cls, organisation_id: UUID, *, staff_id: UUID) -> StaffSuspended:
        """Say who, by pseudonym."""
        return cls(organisation_id=organisation_id, detail={"staff": str(staff_id)})


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffEnded(_Administered):
    """An authorisation ended."""

    code: ClassVar[str] = "staff.ended"

    @classmethod
    def of(cls, organisation_id: UUID, *, staff_id: UUID, on: date) -> StaffEnded:
        """Say whose, by pseudonym, and from which day."""
        return cls(organisation_id=organisation_id, detail={"staff": str(staff_id), "on": on.isoformat()})


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleGranted(_Administered):
    """A member of staff may act in one more role."""

    code: ClassVar[str] = "role.granted"

    @classmethod
    def of(cls, organisation_id: UUID, *, grant: Grant, since: date) -> RoleGranted:
        """Say to whom, by pseudonym, which role, for which days, and who decided so."""
        detail = {
            "staff": str(grant.staff_id),
            "role": grant.role.value,
            "since": since.isoformat(),
            "until": grant.until.isoformat() if grant.until else "",
            "by": str(grant.granted_by or ""),
        }
        return cls(organisation_id=organisation_id, detail=detail)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleEnded(_Administered):
    """A member of staff may act in a role no longer."""

    code: ClassVar[str] = "role.ended"

    @classmethod
    def of(cls, organisation_id: UUID, *, staff_id: UUID, role: str, on: date) -> RoleEnded:
        """Say whose, by pseudonym, which role, and from which day."""
        detail = {"staff": str(staff_id), "role": role, "on": on.isoformat()}
        return cls(organisation_id=organisation_id, detail=detail)


@dataclass(frozen=True, slots=True, kw_only=True)
class _CredentialEvent(_Administered):
    @classmethod
    def of(cls, organisation_id: UUID, *, client_id: str, thumbprint: str) -> AuditEvent:
        """Say which credential, and which key."""
        return cls(organisation_id=organisation_id, detail={"client": client_id, "thumbprint": thumbprint})


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialRegistered(_CredentialEvent):
    """A public key may sign for an organisation."""

    code: ClassVar[str] = "credential.registered"


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialDisabled(_CredentialEvent):
    """A key may not sign any longer."""

    code: ClassVar[str] = "credential.disabled"


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenGiven(_Administered):
    """A client proved who it is and may call for ten minutes; the actor says which."""

    code: ClassVar[str] = "auth.ok"
    purpose: str = "access"


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRefused(_Administered):
    """So many callers did not prove who they are; nobody vouches for any name that they gave."""

    code: ClassVar[str] = "auth.fail"
    purpose: str = "access"
    outcome: Outcome = "denied"

    @classmethod
    def of(cls, reason: str, *, count: int) -> TokenRefused:
        """Say why, in a code, and how many since the line before of that reason."""
        return cls(legal_basis=reason, count=count)
