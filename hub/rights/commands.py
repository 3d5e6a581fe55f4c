"""`dat-hub rights`: which desk answers for which organisation."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import typer

from hub.context import disclosing, open_database
from hub.rights.desks import appoint_desk, list_gaps
from hub.rights.overdue import list_deadlines
from service.work import OPERATOR

rights_app = typer.Typer(help="Citizens' requests: which desk answers.", no_args_is_help=True)


@rights_app.callback()
def _group() -> None:
    """Citizens' requests: which desk answers."""


@rights_app.command(epilog="Example: dat-hub rights desk 5b0c… 77e1…")
def desk(organisation_id: UUID, desk_id: UUID) -> None:
    """Record which municipality's desk answers for what an organisation registers."""
    with open_database().work(OPERATOR) as work:
        appoint_desk(work, organisation_id, desk_id=desk_id)
    typer.echo("recorded")


@rights_app.command(epilog="Example: dat-hub rights gaps")
def gaps() -> None:
    """Print the organisations for which no desk can answer a citizen, and why; exit 1 where there are."""
    with open_database().work(OPERATOR) as work:
        found = list_gaps(work)
    for one in found:
        typer.echo(f"{one.organisation_id}  {one.reason.value}  {one.name}")
    raise typer.Exit(1 if found else 0)


@rights_app.command(epilog="Example: dat-hub rights overdue --within 7")
def overdue(
    within: Annotated[int, typer.Option(min=0, max=92, help="Also what will be so within days.")] = 0,
) -> None:
    """Print what is over its term, by the clock of each controller; exit 1 where anything is late."""
    with disclosing() as work:
        found = list_deadlines(work, within_days=within)
    for one in found:
        typer.echo(
            f"{one.due_on}  {one.days_late:+d}  {one.clock.value}  {one.controller.value}  {one.kind.value}  "
            f"{one.request_id}  desk {one.desk_id}  by {one.organisation_id}"
        )
    raise typer.Exit(1 if any(one.days_late > 0 for one in found) else 0)
