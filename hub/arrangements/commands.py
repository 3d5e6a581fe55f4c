"""`dat-hub arrangement`: say how the work is divided, and propose to divide it otherwise."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from hub.arrangements import versions
from hub.arrangements.directory import read_directory
from hub.arrangements.errors import ArrangementInvalidError
from hub.arrangements.explanation import Language, explain
from hub.arrangements.loading import load_arrangement, parse_arrangement
from hub.changes.service import ChangeReason
from hub.context import open_database
from hub.documents import read_document
from hub.partners.errors import StaffMissingError
from hub.partners.service import find_staff
from service.work import OPERATOR

arrangement_app = typer.Typer(help="How the work is divided.", no_args_is_help=True)


@arrangement_app.command(name="explain", epilog="Example: dat-hub arrangement explain weekly_meeting.toml")
def explain_arrangement(
    file: Annotated[Path | None, typer.Argument(help="An arrangement's file.")] = None,
    in_force: Annotated[bool, typer.Option("--in-force", help="Those of this hub's database.")] = False,
    language: Annotated[Language, typer.Option(help="nl or en.")] = Language.DUTCH,
) -> None:
    """Say in plain words what an arrangement does; what is wrong with a file is named by its places."""
    if in_force is (file is not None):
        raise typer.BadParameter("name a file, or --in-force")
    found = [load_arrangement(file)] if file else []
    if in_force:
        with closing(open_database()) as database, database.look(OPERATOR) as work:
            found = versions.arrangements_in_force(work)
    for one in found:
        typer.echo("\n".join([*explain(one, language), f"({one.hash}, {one.source})", ""]))


@arrangement_app.command(epilog="Example: dat-hub arrangement directory")
def directory() -> None:
    """Say how each municipality is entered; ends with 1 where one still has to lay something down."""
    with closing(open_database()) as database, database.look(OPERATOR) as work:
        found = read_directory(work)
    for one in found:
        missing = ", ".join(one.missing)
        typer.echo(
            f"{one.municipality}  {one.intake or '-'}  {one.team_id or '-'}  {one.desk or '-'}"
            + (f"  missing: {missing}" if missing else "")
        )
    raise typer.Exit(1 if any(one.missing for one in found) else 0)


@arrangement_app.command(name="versions", epilog="Example: dat-hub arrangement versions")
def list_all() -> None:
    """List every version and the day from which it holds."""
    with closing(open_database()) as database, database.look(OPERATOR) as work:
        for one in versions.list_versions(work):
            typer.echo(f"{one.name}  {one.version}  {one.hash}  {one.in_force_on}  change {one.change_id}")


@arrangement_app.command(
    epilog="Example: dat-hub arrangement propose a.toml --reason yearly_review --from 2027-01-01 --by 9e1d…"
)
def propose(
    file: Annotated[Path, typer.Argument(help="The arrangement, whole.", exists=True, dir_okay=False)],
    reason: Annotated[ChangeReason, typer.Option(help="Why.")],
    begins: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="The first day.")],
    by: Annotated[UUID, typer.Option(help="The member of staff who proposes it; another one approves it.")],
) -> None:
    """Put an arrangement before a second person, who approves it with a key of their own over the API."""
    document = read_document(file)
    with closing(open_database()) as database:
        with database.look(OPERATOR) as work:
            staff = find_staff(work, [by]).get(by)
        if staff is None:
            raise StaffMissingError
        caller = replace(OPERATOR, organisation_id=staff.organisation_id, staff_id=staff.id)
        try:
            wanted = parse_arrangement(document)
            with database.work(caller) as work:
                change = versions.propose_arrangement(
                    work, document, in_force_on=begins.date(), reason=reason
                )
        except ArrangementInvalidError as failure:
            raise typer.BadParameter(f"not an arrangement at {', '.join(failure.places)}") from None
    typer.echo(f"proposed {wanted.hash} as change {change.id}, until {change.expires_at:%Y-%m-%d}")
