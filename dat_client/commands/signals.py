"""Own signals: list, show, withdraw."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import typer

from dat_client.commands.terminal import Json, open_client, write_list, write_one
from dat_client.facts import WithdrawalReason

app = typer.Typer(no_args_is_help=True, help="Own signals (signalen): list, show, withdraw.")

SignalId = Annotated[UUID, typer.Argument(help="Signal id, or the handle that a casemanager reads out.")]


@app.command("list")
def list_signals(context: typer.Context, as_json: Json = False) -> None:
    """List the own signals with the own file numbers.

    Example: dat signals list --json
    """
    columns = ("signal_id", "contact_date", "kind", "state", "valid_until_date", "reference")
    with open_client(context) as client:
        write_list(client.list_signals(), columns, as_json=as_json, empty="No signals.")


@app.command("show")
def show(context: typer.Context, signal_id: SignalId, as_json: Json = False) -> None:
    """Show one signal and your own file number for it: the way back from a handle to the person.

    Example: dat signals show 6f0c1c9e-...
    """
    with open_client(context) as client:
        write_one(client.show_signal(signal_id), as_json=as_json)


@app.command("feedback")
def list_feedback(context: typer.Context, as_json: Json = False) -> None:
    """List what became of your signals, as far as you may hear it (terugkoppeling).

    Example: dat signals feedback
    """
    columns = ("signal_id", "code", "given_date", "joint_consideration_date")
    with open_client(context) as client:
        write_list(client.list_feedback(), columns, as_json=as_json, empty="Nothing that you may hear.")


@app.command("withdraw")
def withdraw(
    context: typer.Context,
    signal_id: SignalId,
    reason: Annotated[WithdrawalReason, typer.Option(help="unjustified erases it; reason_gone ends it.")],
    as_json: Json = False,
) -> None:
    """Withdraw a signal (intrekken).

    Example: dat signals withdraw 6f0c1c9e-... --reason reason_gone
    """
    with open_client(context) as client:
        write_one(client.withdraw(signal_id, reason=reason), as_json=as_json)
