"""`dat-hub teams`: which teams there are, who works in them when, and which one takes the intake."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Annotated
from uuid import UUID, uuid4

import typer
from rich.console import Console

from hub.context import operating
from hub.teams import administration, schools, store
from hub.teams.service import find_team_for, list_members
from hub.teams.values import EmployerKind, Expertise, Profile, SchoolContact, Team, TeamKind
from service.clock import dutch_date

teams_app = typer.Typer(help="Municipal teams and who works in them.", no_args_is_help=True)
console = Console()

Day = Annotated[datetime, typer.Option(formats=["%Y-%m-%d"])]
OptionalDay = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"])]


@teams_app.command(epilog="Example: dat-hub teams intake 6f1c3a1e-6b0e-4b56-9c5e-0d4f7a0c2b11")
def intake(
    team_id: Annotated[UUID, typer.Argument(help="A team, or an organisation as a whole.")],
) -> None:
    """Let one team take every match that has no case."""
    with operating() as work:
        administration.set_intake_team(work, team_id)
    console.print("[green]this team takes the intake[/]")


@teams_app.command(epilog="Example: dat-hub teams show")
def show() -> None:
    """Print which team takes the intake."""
    with operating() as work:
        team = find_team_for(work)
    typer.echo(str(team.id) if team else "none")


@teams_app.command(name="open", epilog="Example: dat-hub teams open 5b0c… --municipality 0352")
def open_team(
    organisation_id: UUID,
    *,
    kind: Annotated[TeamKind, typer.Option(help="What the team is for.")] = TeamKind.NEIGHBOURHOOD,
    municipality: Annotated[str | None, typer.Option(help="CBS code of four digits.")] = None,
    providers: Annotated[
        bool, typer.Option("--providers", help="A provider's employees may be casemanager (ROU-18).")
    ] = False,
    desk: Annotated[str | None, typer.Option(help="How its desk is reached: a name and a number.")] = None,
    team_id: Annotated[UUID | None, typer.Option("--id")] = None,
) -> None:
    """Lay out a team whose members have posts; prints its id."""
    team = Team(
        id=team_id or uuid4(),
        organisation_id=organisation_id,
        kind=kind,
        municipality=municipality,
        provider_separation=not providers,
        desk=desk,
    )
    with operating() as work:
        administration.open_team(work, team)
    typer.echo(json.dumps({"teamId": str(team.id)}))


@teams_app.command(epilog="Example: dat-hub teams succeed 6f1c… 77aa… --on 2027-01-01")
def succeed(team_id: UUID, successor_id: UUID, on: Day) -> None:
    """Let another team go on with a team's work from a day on: open matches move, history stays."""
    with operating() as work:
        administration.succeed_team(work, team_id, successor_id=successor_id, on=on.date())
    typer.echo(json.dumps({"teamId": str(team_id), "successorId": str(successor_id)}))


@teams_app.command(epilog="Example: dat-hub teams post 6f1c… 9e1d… --until 2027-07-01")
def post(team_id: UUID, staff_id: UUID, since: OptionalDay = None, until: OptionalDay = None) -> None:
    """Let a member of staff work in a team for a period; prints the post's id."""
    with operating() as work:
        given = administration.give_post(work, team_id, staff_id, since=_day(since), until=_day(until))
    typer.echo(json.dumps({"postId": str(given.id)}))


@teams_app.command(name="end-post", epilog="Example: dat-hub teams end-post 31f0…")
def end_post(post_id: UUID, on: OptionalDay = None) -> None:
    """End a post, today by default: what its holder owns goes to their cover or back to the team."""
    with operating() as work:
        ended = administration.end_post(work, post_id, on=_day(on))
    typer.echo(json.dumps({"postId": str(post_id), "until": str(ended.until)}))


@teams_app.command(epilog="Example: dat-hub teams profile 9e1d… --employer welfare --expertise youth")
def profile(
    staff_id: UUID,
    employer: Annotated[EmployerKind, typer.Option(help="Who employs this member.")],
    expertise: Annotated[list[Expertise] | None, typer.Option(help="Repeat.")] = None,
    since: OptionalDay = None,
    *,
    specialist: Annotated[bool, typer.Option("--specialist", help="No generalist.")] = False,
) -> None:
    """Say who employs a member of staff and what they know more of."""
    known = Profile(employer=employer, expertise=frozenset(expertise or ()), generalist=not specialist)
    with operating() as work:
        administration.set_profile(work, staff_id, known, since=_day(since))
    typer.echo(json.dumps({"staffId": str(staff_id), "employer": employer.value}))


@teams_app.command(
    name="school-contact",
    epilog="Example: dat-hub teams school-contact 5b0c… Dorp --team 6f1c… --staff 9e1d… --since 2027-01-01",
)
def school_contact(
    organisation_id: UUID,
    location: str,
    *,
    team: Annotated[UUID, typer.Option(help="Whose face it is.")],
    staff: Annotated[UUID, typer.Option(help="Who; works in that team.")],
    since: Day,
    until: OptionalDay = None,
) -> None:
    """Give a school's location its one fixed face in a team."""
    contact = SchoolContact(
        organisation_id=organisation_id,
        location=location,
        team_id=team,
        staff_id=staff,
        since=since.date(),
        until=_day(until),
    )
    with operating() as work:
        administration.name_school_contact(work, contact)
    typer.echo(json.dumps({"staffId": str(staff), "location": location}))


@teams_app.command(
    epilog="Example: dat-hub teams coordinator 5b0c… Dorp --staff 9e1d…",
)
def coordinator(
    organisation_id: UUID,
    location: str,
    *,
    staff: Annotated[UUID, typer.Option(help="Who, of the school's own staff.")],
    since: OptionalDay = None,
    until: OptionalDay = None,
) -> None:
    """Let somebody of a school coordinate support at a location, beside others if there are."""
    with operating() as work:
        schools.name_coordinator(work, organisation_id, location, staff, since=_day(since), until=_day(until))
    typer.echo(json.dumps({"staffId": str(staff), "location": location}))


@teams_app.command(name="list", epilog="Example: dat-hub teams list")
def list_all() -> None:
    """Print every team and who works in it today, as a JSON list."""
    with operating() as work:
        teams = store.list_teams(work.session)
        members = list_members(work, [team.id for team in teams], on=dutch_date(work.now))
    typer.echo(
        json.dumps(
            [_shown(team, [one.staff_id for one in members if one.team_id == team.id]) for team in teams]
        )
    )


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def _shown(team: Team, staff: list[UUID]) -> dict[str, object]:
    return {
        "teamId": str(team.id),
        "organisationId": str(team.organisation_id),
        "kind": team.kind.value,
        "municipality": team.municipality,
        "closedOn": str(team.closed_on) if team.closed_on else None,
        "successorId": str(team.successor_id) if team.successor_id else None,
        "staff": [str(one) for one in staff],
    }
