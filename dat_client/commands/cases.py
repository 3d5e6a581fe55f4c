"""The caseload of a municipal team."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import typer

from dat_client.commands.people import ask_person
from dat_client.commands.posting import import_cases
from dat_client.commands.terminal import Json, open_client, write_list, write_one

app = typer.Typer(no_args_is_help=True, help="Caseload (casussen): register, import, list, close.")
app.command("import")(import_cases)


@app.command("register")
def register(
    context: typer.Context,
    basis: Annotated[str, typer.Option(help="Legal basis (grondslag), such as JW_WMO_TASK.")],
    reference: Annotated[
        str | None, typer.Option(help="Your own case number; stays on this machine.")
    ] = None,
    casemanager: Annotated[UUID | None, typer.Option(help="Responsible casemanager; default you.")] = None,
    as_json: Json = False,
) -> None:
    """Register one person of your caseload; the person is asked for, or read as JSON from standard input.

    Example: dat cases register --basis JW_WMO_TASK --reference Z-2026-5
    """
    with open_client(context) as client:
        case = client.register_case(
            ask_person(), legal_basis=basis, reference=reference, casemanager=casemanager
        )
    write_one(case, as_json=as_json)


@app.command("list")
def list_cases(context: typer.Context, as_json: Json = False) -> None:
    """List the team's cases with the own case numbers.

    Example: dat cases list
    """
    with open_client(context) as client:
        columns = ("case_id", "casemanager", "opened_at", "reference")
        write_list(client.list_cases(), columns, as_json=as_json, empty="No cases.")


@app.command("close")
def close(context: typer.Context, case_id: Annotated[UUID, typer.Argument()], as_json: Json = False) -> None:
    """Close a case.

    Example: dat cases close 0b7e...
    """
    with open_client(context) as client:
        write_one(client.close_case(case_id), as_json=as_json)
