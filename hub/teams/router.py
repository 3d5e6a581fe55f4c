"""The caller's own teams over HTTP; the operator lays them out on the command line."""

from __future__ import annotations

from fastapi import APIRouter, Request

from hub.context import hub_of
from hub.teams import administration, schools, service
from hub.teams.schemas import (
    AbsenceAnswer,
    LocationAnswer,
    LocationsAnswer,
    MemberAnswer,
    NewAbsence,
    TeamAnswer,
    TeamsAnswer,
)
from service.clock import dutch_date
from service.http import AnyCaller

router = APIRouter(tags=["teams"])


@router.get("/teams", summary="List your teams", operation_id="listOwnTeams")
def list_teams(request: Request, caller: AnyCaller) -> TeamsAnswer:
    """Return the teams in which the caller works today, with their members by pseudonym."""
    with hub_of(request).database.look(caller) as work:
        teams = service.list_own_teams(work)
        members = service.list_members(work, [team.id for team in teams], on=dutch_date(work.now))
    return TeamsAnswer(
        teams=[
            TeamAnswer(
                team_id=team.id,
                municipality=team.municipality,
                members=[_answer(member) for member in members if member.team_id == team.id],
            )
            for team in teams
        ]
    )


@router.get("/school-locations", summary="List who knows whom", operation_id="listSchoolLocations")
def list_locations(request: Request, caller: AnyCaller) -> LocationsAnswer:
    """Return each location's fixed face in the team, and its own coordinators; nothing about any pupil."""
    with hub_of(request).disclosing(caller) as work:
        found = schools.list_locations(work)
    return LocationsAnswer(
        locations=[
            LocationAnswer(
                organisation_id=one.organisation_id,
                location=one.location,
                face=one.face,
                coordinators=list(one.coordinators),
            )
            for one in found
        ]
    )


@router.post("/absences", status_code=201, summary="Record an absence", operation_id="recordAbsence")
def record_absence(request: Request, caller: AnyCaller, body: NewAbsence) -> AbsenceAnswer:
    """Record that the caller, or a colleague of a team they lead, is not at work; never why."""
    with hub_of(request).database.work(caller) as work:
        absence = administration.record_absence(
            work, since=body.since_date, until=body.until_date, cover=body.cover, staff_id=body.staff_id
        )
    return AbsenceAnswer(
        absence_id=absence.id,
        staff_id=absence.staff_id,
        since_date=absence.since,
        until_date=absence.until,
        cover=absence.cover,
    )


def _answer(member: service.Member) -> MemberAnswer:
    return MemberAnswer(
        staff_id=member.staff_id,
        leads=member.leads,
        absent=member.absent,
        expertise=sorted(member.profile.expertise),
    )
