"""Wire shapes of teams: who works in the caller's teams, and who is away."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from service.http import WireModel


class NewAbsence(WireModel):
    """Who is not at work, never why; `untilDate` is the first day back. Source: domain.md ROU-03."""

    since_date: date
    until_date: date
    cover: UUID | None = None
    staff_id: UUID | None = None


class AbsenceAnswer(WireModel):
    """An absence as it was recorded."""

    absence_id: UUID
    staff_id: UUID
    since_date: date
    until_date: date
    cover: UUID | None


class MemberAnswer(WireModel):
    """A colleague, by pseudonym, with what they know more of."""

    staff_id: UUID
    leads: bool
    absent: bool
    expertise: list[str]


class TeamAnswer(WireModel):
    """A team in which the caller works today."""

    team_id: UUID
    municipality: str | None
    members: list[MemberAnswer]


class LocationAnswer(WireModel):
    """A school's location: its fixed face in a team, and its own coordinators."""

    organisation_id: UUID
    location: str
    face: str | None
    coordinators: list[str]


class LocationsAnswer(WireModel):
    """The locations of the caller's school, or those of which the caller is the face."""

    locations: list[LocationAnswer]


class TeamsAnswer(WireModel):
    """The caller's teams."""

    teams: list[TeamAnswer]
