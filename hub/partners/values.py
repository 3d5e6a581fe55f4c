"""What the other slices see of partners: values, never rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Literal
from uuid import UUID


class StaffRole(StrEnum):
    """In which capacity a member of staff may act.

    Source: domain.md 5.5; Jeugdwet 7.1.1.2 (meldingsbevoegde).
    """

    REPORTER = "reporter"
    CASEMANAGER = "casemanager"
    TEAM_LEAD = "team_lead"
    DESK = "desk"
    PRIVACY_OFFICER = "privacy_officer"
    PARTNER_COORDINATOR = "partner_coordinator"
    PROCESS_DIRECTOR = "process_director"
    MUNICIPAL_COORDINATOR = "municipal_coordinator"
    MUNICIPAL_SUPERVISOR = "municipal_supervisor"
    COVENANT_MANAGER = "covenant_manager"
    FUNCTIONAL_ADMINISTRATOR = "functional_administrator"
    RIGHTS_OFFICER = "rights_officer"


@dataclass(frozen=True, slots=True)
class Partner:
    """An admitted organisation, as it stands at the moment of asking.

    Attributes:
        covenant_from: first day of the covenant in force, else of the latest; None when none was signed.
        covenant_until: its last day, inclusive.
        schemes: identity schemes whose token types it may send.
        state: `joining` until everything is in order (see `hub.onboarding`), then `active`.
        domain: what a recipient may hear at disclosure level 1 ("housing"), instead of the name.
        told_at_most: the level that its addendum to the covenant allows; None without one. Source: ONB-05.
        bases: on which it signals by that addendum, whatever its kind may; None for what its kind may.
        brackets: of whose age; None for what its kind may.
        hears_back: whether anything may be told back to it.
    """

    id: UUID
    oin: str
    name: str
    kind: str
    covenant_from: date | None
    covenant_until: date | None
    schemes: frozenset[str]
    may_signal: bool
    may_receive: bool
    state: Literal["joining", "active", "ended"] = "active"
    domain: str = ""
    told_at_most: int | None = None
    bases: frozenset[str] | None = None
    brackets: frozenset[str] | None = None
    hears_back: bool = True


@dataclass(frozen=True, slots=True, order=True)
class HeldRole:
    """A role that a member of staff holds for a period.

    Attributes:
        until: the first day on which it is over; None while it lasts.
    """

    role: StaffRole
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Staff:
    """A member of staff, known here by a random id under the partner's responsibility.

    Attributes:
        roles: every role ever held, with its days; a gate asks for one on a day.
        mail_address: only where notices are sent to: municipal staff.
        contact_label: how to reach a reporter, in the partner's words: a function and a desk number.
        active_until: the first day on which the authorisation is over; None while it lasts.
        trained_on: when the organisation attested that they were trained; without it nobody reports.
    """

    id: UUID
    organisation_id: UUID
    roles: tuple[HeldRole, ...]
    mail_address: str | None
    contact_label: str | None
    active_from: date
    active_until: date | None
    trained_on: date | None = None


@dataclass(frozen=True, slots=True)
class PostingPartner:
    """What the gates of a post ask about its sender.

    Attributes:
        reporter: None when the organisation has no such member of staff.
    """

    partner: Partner
    reporter: Staff | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """An organisation that joins.

    Attributes:
        schemes: None for what its kind gets by default.
        decision_reference: of the decision under Wpg 18 or 20 that lets the police take part.
        locations: codes of the locations that take part (toetreding per locatie).
    """

    oin: str
    name: str
    kind: str
    covenant_from: date
    covenant_until: date
    schemes: frozenset[str] | None = None
    decision_reference: str | None = None
    locations: tuple[str, ...] = ()
    id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorisation:
    """A member of staff whom an organisation authorises.

    Attributes:
        active_from: None for today.
        id: None for a new random one.
    """

    organisation_id: UUID
    role: StaffRole
    mail_address: str | None = None
    contact_label: str | None = None
    active_from: date | None = None
    trained_on: date | None = None
    id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A role that somebody gives to a member of staff.

    Attributes:
        since: None for today.
        until: the first day on which it is over; None for as long as the authorisation lasts.
        granted_by: the member of staff who decided so; None for the operator.
    """

    staff_id: UUID
    role: StaffRole
    since: date | None = None
    until: date | None = None
    granted_by: UUID | None = None


@dataclass(frozen=True, slots=True)
class Granted:
    """Who has which role since when, given by whom. Source: domain.md AUD-11."""

    staff_id: UUID
    organisation_id: UUID
    held: HeldRole
    granted_at: datetime
    granted_by: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """A public key that an organisation, or one member of its staff, will sign with."""

    client_id: str
    public_jwk: Mapping[str, str]
    organisation_id: UUID
    staff_id: UUID | None = None
