"""What a casemanager and a team have to take up."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import typer

from dat_client.commands.terminal import Json, open_client, say, write_json, write_list, write_one, write_rows
from dat_client.facts import Outcome, PossibleDecision

notices_app = typer.Typer(no_args_is_help=True, help="Notices (meldingen) to you: list, acknowledge.")
intake_app = typer.Typer(no_args_is_help=True, help="Matches without a case (intake): list, accept.")
possible_app = typer.Typer(no_args_is_help=True, help="Doubtful matches (mogelijk): list, decide.")

Id = Annotated[UUID, typer.Argument()]


@notices_app.command("list")
def list_notices(
    context: typer.Context,
    everything: Annotated[bool, typer.Option("--all", help="Also what was taken up.")] = False,
    as_json: Json = False,
) -> None:
    """List your notices with your own case numbers.

    Example: dat notices list --all
    """
    facts = ("contact_date", "partner", "police_origin", "verify_person", "due_at", "state")
    columns = ("notice_id", "kind", "reference", *facts)
    with open_client(context) as client:
        found = client.list_notices(include_done=everything)
        write_list(found, columns, as_json=as_json, empty="No notices.")


@notices_app.command("ack")
def acknowledge(
    context: typer.Context,
    notice_id: Id,
    outcome: Annotated[Outcome, typer.Option(help="already_in_contact: you knew.")] = "acknowledged",
    as_json: Json = False,
) -> None:
    """Say that you take a notice up (bevestigen).

    Example: dat notices ack 5c1d... --outcome already_in_contact
    """
    with open_client(context) as client:
        write_one(client.acknowledge(notice_id, outcome=outcome), as_json=as_json)


@intake_app.command("list")
def list_intake(context: typer.Context, as_json: Json = False) -> None:
    """List the matches without a case that wait for somebody of the team.

    Example: dat intake list
    """
    with open_client(context) as client:
        columns = ("item_id", "waiting_since", "brackets", "partners", "state")
        write_list(client.intake(), columns, as_json=as_json, empty="Nothing waits.")


@intake_app.command("accept")
def accept(context: typer.Context, item_id: Id, as_json: Json = False) -> None:
    """Take one: shows which reporter to call, with which handle.

    Example: dat intake accept 77aa...
    """
    with open_client(context) as client:
        taken = client.accept_intake(item_id)
    if as_json:
        write_json(taken.model_dump(mode="json"))
    else:
        rows = [
            (str(each.signal_id), each.partner or "", each.reporter_contact or "") for each in taken.handles
        ]
        write_rows(("handle_id", "partner", "reporter"), rows)
        if taken.reference:
            say(f"Your case: {taken.reference}")


@possible_app.command("list")
def list_possible(context: typer.Context, as_json: Json = False) -> None:
    """List the doubtful matches that wait for a team lead.

    Example: dat possible list
    """
    with open_client(context) as client:
        columns = ("match_id", "brackets", "partner", "waiting_since")
        write_list(client.possible_matches(), columns, as_json=as_json, empty="Nothing waits.")


@possible_app.command("decide")
def decide(
    context: typer.Context,
    match_id: Id,
    decision: Annotated[PossibleDecision, typer.Argument(help="confirmed or rejected")],
    as_json: Json = False,
) -> None:
    """Confirm or reject a doubtful match: until then nobody is told.

    Example: dat possible decide 9f3b... rejected
    """
    with open_client(context) as client:
        write_one(client.decide_possible(match_id, decision=decision), as_json=as_json)
