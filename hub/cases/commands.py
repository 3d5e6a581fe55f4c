"""`dat-hub teams`: say which team takes matches that have no case."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console

from hub.cases.service import find_team_for, set_intake_team
from hub.context import open_database
from service.work import OPERATOR

teams_app = typer.Typer(help="Municipal teams.", no_args_is_help=True)
console = Console()


@teams_app.command(epilog="Example: dat-hub teams intake 6f1c3a1e-6b0e-4b56-9c5e-0d4f7a0c2b11")
def intake(
    organisation_id: Annotated[UUID, typer.Argument(help="The municipal organisation, as admitted.")],
) -> None:
    """Let one team take every match that has no case."""
    with open_database().work(OPERATOR) as work:
        set_intake_team(work, organisation_id)
    console.print("[green]this team takes the intake[/]")


@teams_app.command(epilog="Example: dat-hub teams show")
def show() -> None:
    """Print which team takes the intake."""
    with open_database().look(OPERATOR) as work:
        team = find_team_for(work)
    typer.echo(str(team.organisation_id) if team else "none")
