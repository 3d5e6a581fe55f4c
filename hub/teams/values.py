"""What the other slices see of teams: values, never rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID


class TeamKind(StrEnum):
    """What a team is for."""

    NEIGHBOURHOOD = "neighbourhood"  # wijkteam, buurtteam, sociaal team
    AREA = "area"  # stadsdeel
    EXPERT_PANEL = "expert_panel"  # advises who should act; never acts itself
    SERVICE_DESK = "service_desk"  # Loket


class EmployerKind(StrEnum):
    """Who employs a member. Source: domain.md ROU-18, row 12."""

    MUNICIPALITY = "municipality"
    SOCIAL_WORK = "social_work"
    WELFARE = "welfare"
    INDEPENDENT_SUPPORT = "independent_support"  # cliëntondersteuning, MEE
    PARTNER_SERVICE = "partner_service"  # GGD, consultatiebureau, elderly care: a partner, not the team
    COMMUNITY = "community"  # church, employer, club: who helps somebody to find the way (verkenner)
    PROVIDER = "provider"  # of indicated maatwerk or individual services
    CERTIFIED_INSTITUTION = "certified_institution"  # gecertificeerde instelling


class Expertise(StrEnum):
    """What a member knows more of than a generalist does."""

    YOUTH = "youth"
    PARENTING = "parenting"
    YOUTH_HEALTH = "youth_health"
    BEHAVIOUR = "behaviour"
    SCHOOL = "school"
    HOUSING = "housing"
    INCOME = "income"
    WORK = "work"
    DISABILITY = "disability"
    CARE = "care"
    ELDERLY = "elderly"


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """A team of an organisation that receives matches.

    Attributes:
        whole: its members are all casemanagers and team leads of the organisation, without posts.
        municipality: four digits (CBS); None where the organisation serves one municipality only.
        provider_separation: whether who is employed by a provider may not be casemanager (ROU-18).
        employers: of whom its casemanagers are, by its arrangement; none for whoever is not excluded.
        desk: how its desk is reached, in its own words: a name and a number. Source: ROU-16.
        closed_on: the first day on which it is over; its open matches then are its successor's.
    """

    id: UUID
    organisation_id: UUID
    kind: TeamKind = TeamKind.NEIGHBOURHOOD
    whole: bool = False
    municipality: str | None = None
    provider_separation: bool = True
    employers: frozenset[EmployerKind] = frozenset()
    opened_on: date | None = None
    closed_on: date | None = None
    successor_id: UUID | None = None
    desk: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What is known of a member for the choice of who takes a match."""

    employer: EmployerKind = EmployerKind.MUNICIPALITY
    expertise: frozenset[Expertise] = field(default_factory=frozenset)
    generalist: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A member of a team on a day.

    Attributes:
        leads: whether they lead it.
        absent: not at work on that day.
        cover: who stands in while they are absent, if somebody was named.
    """

    staff_id: UUID
    team_id: UUID
    leads: bool
    profile: Profile
    absent: bool = False
    cover: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """Who works in which team in which period; `until` is the first day on which that is over."""

    id: UUID
    team_id: UUID
    staff_id: UUID
    since: date
    until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """Who is not at work in which period; `until` is the first day back."""

    id: UUID
    staff_id: UUID
    since: date
    until: date
    cover: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolContact:
    """The one fixed face of a team at a school's location; not thereby anybody's casemanager.

    Source: domain.md ROU-04.
    """

    organisation_id: UUID
    location: str
    team_id: UUID
    staff_id: UUID
    since: date
    until: date | None
