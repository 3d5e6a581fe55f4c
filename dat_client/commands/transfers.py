"""Cases that change hands, and addresses by which nobody is a household."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import typer

from dat_client.commands.terminal import Json, open_client, say, write_list, write_one
from dat_client.transfers import ReturnReason, TransferReason

transfers_app = typer.Typer(
    no_args_is_help=True, help="Cases that change hands (overdracht): offer, list, accept, return, complete."
)
addresses_app = typer.Typer(
    no_args_is_help=True, help="Addresses of institutions (uitgesloten adressen): exclude, include, review."
)
Id = Annotated[UUID, typer.Argument()]
COLUMNS = ("transfer_id", "state", "municipality", "offered_at", "sender")


@transfers_app.command("offer")
def offer(
    context: typer.Context,
    case_id: Id,
    municipality: Annotated[str, typer.Option(help="Who answers from now on (CBS, four digits).")],
    reason: Annotated[TransferReason, typer.Option(help="Why.")] = "moved",
    as_json: Json = False,
) -> None:
    """Hand a case over: it stays yours until it is completed.

    Example: dat transfers offer 0b7e... --municipality 0344
    """
    with open_client(context) as client:
        write_one(client.offer_transfer(case_id, municipality=municipality, reason=reason), as_json=as_json)


@transfers_app.command("list")
def list_transfers(context: typer.Context, as_json: Json = False) -> None:
    """List that somebody is your team's now, since when and from where; nothing of whom.

    Example: dat transfers list
    """
    with open_client(context) as client:
        write_list(client.list_transfers(), COLUMNS, as_json=as_json, empty="Nobody.")


@transfers_app.command("accept")
def accept(context: typer.Context, transfer_id: Id, as_json: Json = False) -> None:
    """Take one on: shows whom to call.

    Example: dat transfers accept 5d1c...
    """
    with open_client(context) as client:
        write_one(client.accept_transfer(transfer_id), as_json=as_json)


@transfers_app.command("return")
def give_back(
    context: typer.Context,
    transfer_id: Id,
    reason: Annotated[ReturnReason, typer.Option(help="Why.")],
    as_json: Json = False,
) -> None:
    """Give one back; the other team answers as before.

    Example: dat transfers return 5d1c... --reason not_resident
    """
    with open_client(context) as client:
        write_one(client.return_transfer(transfer_id, reason=reason), as_json=as_json)


@transfers_app.command("complete")
def complete(
    context: typer.Context,
    transfer_id: Id,
    case_id: Annotated[UUID, typer.Option(help="The case that you registered of the same person.")],
    as_json: Json = False,
) -> None:
    """Close the old case, now that you registered the person yourself.

    Example: dat transfers complete 5d1c... --case-id 0b7e...
    """
    with open_client(context) as client:
        write_one(client.complete_transfer(transfer_id, case_id=case_id), as_json=as_json)


@addresses_app.command("exclude")
def exclude(
    context: typer.Context,
    postcode: Annotated[str, typer.Option(help="1234AB.")],
    number: Annotated[str, typer.Option(help="House number.")],
    addition: Annotated[str, typer.Option(help="Addition (toevoeging).")] = "",
) -> None:
    """Put an institution's address in the register: nobody is a household by it. Prints its id.

    Example: dat addresses exclude --postcode 1234AB --number 5
    """
    with open_client(context) as client:
        typer.echo(client.exclude_address(postcode=postcode, house_number=number, house_addition=addition))


@addresses_app.command("include")
def include(context: typer.Context, address_id: Id) -> None:
    """Take an address out of the register.

    Example: dat addresses include 77aa...
    """
    with open_client(context) as client:
        client.include_address(address_id)
    say("Out of the register.")


@addresses_app.command("review")
def review(context: typer.Context) -> None:
    """Say that the register is complete today; without that, addresses make no household.

    Example: dat addresses review
    """
    with open_client(context) as client:
        client.review_addresses()
    say("Reviewed.")
