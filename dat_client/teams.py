"""Teams: who works in them, who is away, who is a school's face, and how far their matches are."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from dat_client.answers import Answer, read_answer
from dat_client.connection import Connection


class Member(Answer):
    """A colleague, by pseudonym."""

    staff_id: UUID
    leads: bool = False
    absent: bool = False
    expertise: tuple[str, ...] = ()


class Team(Answer):
    """A team in which the caller works today."""

    team_id: UUID
    municipality: str | None = None
    members: tuple[Member, ...] = ()


class SchoolLocation(Answer):
    """A school's location: its fixed face in a team, and its own coordinators."""

    organisation_id: UUID
    location: str
    face: str | None = None
    coordinators: tuple[str, ...] = ()


class Absence(Answer):
    """Who is not at work, never why; `until_date` is the first day back."""

    absence_id: UUID
    staff_id: UUID
    since_date: date
    until_date: date
    cover: UUID | None = None


class FollowUp(Answer):
    """How far a match is: a number, a moment and a state."""

    match_id: UUID
    opened_at: datetime
    state: str


class TeamActs(Connection):
    """What concerns the caller's teams, and what a lead or a watcher does about their matches."""

    def list_teams(self) -> list[Team]:
        """Give the teams in which the caller works today."""
        return list(self.list_pages("/teams", "teams", Team))

    def list_school_locations(self) -> list[SchoolLocation]:
        """Give who knows whom: of the own school, or of the schools whose face the caller is."""
        return list(self.list_pages("/school-locations", "locations", SchoolLocation))

    def record_absence(
        self, *, since: date, until: date, cover: UUID | None = None, staff_id: UUID | None = None
    ) -> Absence:
        """Say that the caller, or somebody of a team they lead, is away until the first day back."""
        body = {
            "sinceDate": since.isoformat(),
            "untilDate": until.isoformat(),
            "cover": str(cover) if cover else None,
            "staffId": str(staff_id) if staff_id else None,
        }
        return read_answer(Absence, self.hub.post("/absences", body))

    def list_follow_ups(self) -> list[FollowUp]:
        """Give how far the matches of the own organisation are, longest waiting first."""
        return list(self.list_pages("/follow-ups", "followUps", FollowUp))

    def list_orphans(self) -> list[FollowUp]:
        """Give the matches that nobody owns who may: none, unless a team has nobody left."""
        return list(self.list_pages("/orphans", "followUps", FollowUp))

    def assign_match(self, match_id: UUID, *, staff_id: UUID) -> None:
        """Ask somebody of the team by name to take a match up."""
        self.hub.post(f"/matches/{match_id}/assignment", {"staffId": str(staff_id)})
