"""Teams, who is away, who is a school's face, and how far matches are, as `dat` is typed."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import typer

from dat_client.commands.terminal import Json, open_client, write_json, write_list, write_one, write_rows
from dat_client.teams import Member

teams_app = typer.Typer(
    no_args_is_help=True, help="Your teams (wijkteam): list, faces of schools, who is away."
)
follow_ups_app = typer.Typer(
    no_args_is_help=True, help="How far matches are, for who watches over that: numbers and dates only."
)
DAYS = ["%Y-%m-%d", "%d-%m-%Y"]
Colleague = Annotated[UUID | None, typer.Option(help="A colleague, by pseudonym.")]


@teams_app.command("list")
def list_teams(context: typer.Context, as_json: Json = False) -> None:
    """List the teams in which you work today, and with whom.

    Example: dat teams list
    """
    with open_client(context) as client:
        found = client.list_teams()
    if as_json:
        write_json([one.model_dump(mode="json") for one in found])
        return
    rows = [(str(team.team_id), str(one.staff_id), _state(one)) for team in found for one in team.members]
    write_rows(("team_id", "staff_id", "state"), rows)


@teams_app.command("schools")
def list_locations(context: typer.Context, as_json: Json = False) -> None:
    """List the locations of your school, or of those whose face you are: who knows whom.

    Example: dat teams schools
    """
    with open_client(context) as client:
        columns = ("organisation_id", "location", "face", "coordinators")
        write_list(client.list_school_locations(), columns, as_json=as_json, empty="None.")


@teams_app.command("away")
def record_absence(
    context: typer.Context,
    *,
    since: Annotated[datetime, typer.Option(formats=DAYS, help="First day away.")],
    until: Annotated[datetime, typer.Option(formats=DAYS, help="First day back.")],
    cover: Colleague = None,
    staff: Colleague = None,
    as_json: Json = False,
) -> None:
    """Say that you are away, or somebody of a team that you lead; never why.

    Example: dat teams away --since 2026-12-21 --until 2027-01-04 --cover 9e1d...
    """
    with open_client(context) as client:
        absence = client.record_absence(since=since.date(), until=until.date(), cover=cover, staff_id=staff)
    write_one(absence, as_json=as_json)


@follow_ups_app.command("list")
def list_follow_ups(context: typer.Context, as_json: Json = False) -> None:
    """List how far the matches of your organisation are, longest waiting first.

    Example: dat follow-ups list
    """
    with open_client(context) as client:
        columns = ("match_id", "opened_at", "state")
        write_list(client.list_follow_ups(), columns, as_json=as_json, empty="None.")


@follow_ups_app.command("orphans")
def list_orphans(context: typer.Context, as_json: Json = False) -> None:
    """List the matches that nobody owns who may; empty, unless a team has nobody left.

    Example: dat follow-ups orphans
    """
    with open_client(context) as client:
        columns = ("match_id", "opened_at", "state")
        write_list(client.list_orphans(), columns, as_json=as_json, empty="Every match has an owner.")


def _state(member: Member) -> str:
    return "away" if member.absent else "lead" if member.leads else ""
