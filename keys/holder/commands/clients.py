"""`dat-keys admit`, `reporter`, `disable`, `list`: the holder's own list of who may ask."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console
from rich.table import Table

from keys.holder import administration
from keys.holder.administration import DEFAULT_PER_DAY, Admission
from keys.holder.errors import AdmissionInvalidError
from keys.holder.opening import operating
from keys.holder.permission_list import require_no_pinned_list
from keys.holder.settings import HolderSettings
from service.oauth.errors import InvalidKeyError

clients_app = typer.Typer()
reporter_app = typer.Typer(help="Reporters, by pseudonym: each has a quota of the day.", no_args_is_help=True)
clients_app.add_typer(reporter_app, name="reporter")

Organisation = Annotated[UUID, typer.Option(help="The organisation's id, as the hub knows it.")]
Reporter = Annotated[UUID, typer.Option(help="The reporter's pseudonym, as the hub knows it.")]


@clients_app.command(
    epilog="Example: dat-keys admit --client-id school-linde-1 --organisation 5b0c… --jwk public.jwk "
    "--scheme demographic=5000"
)
def admit(
    *,
    client_id: Annotated[str, typer.Option(help="3 to 63 of a-z, 0-9 and '-'; never used again.")],
    organisation: Organisation,
    jwk: Annotated[Path, typer.Option(help="The public key as a JSON Web Key.", exists=True, dir_okay=False)],
    scheme: Annotated[
        list[str] | None, typer.Option(help="bsn, demographic or household, with =elements a day; repeat.")
    ] = None,
    staff: Annotated[UUID | None, typer.Option(help="When one member of staff holds the key.")] = None,
) -> None:
    """Register a partner's key and what it may ask; prints the thumbprint, to compare by another road."""
    require_no_pinned_list(HolderSettings())
    admission = Admission(
        client_id=client_id,
        organisation_id=organisation,
        public_jwk=_read_jwk(jwk),
        schemes=dict(_scheme(text) for text in scheme or ()),
        staff_id=staff,
    )
    with operating() as work:
        thumbprint = administration.admit(work, admission)
    typer.echo(json.dumps({"clientId": client_id, "thumbprint": thumbprint}))


@clients_app.command(epilog="Example: dat-keys permit --organisation 5b0c… --scheme bsn=0")
def permit(
    organisation: Organisation,
    scheme: Annotated[list[str], typer.Option(help="scheme=elements a day; 0 ends it; repeat.")],
) -> None:
    """Change what an organisation may ask a day."""
    if any(per_day for _, per_day in map(_scheme, scheme)):
        require_no_pinned_list(HolderSettings())
    with operating() as work:
        for name, per_day in map(_scheme, scheme):
            administration.permit(work, organisation, name, per_day=per_day)
    typer.echo(json.dumps({"organisationId": str(organisation), "schemes": dict(map(_scheme, scheme))}))


@clients_app.command(epilog="Example: dat-keys disable school-linde-1")
def disable(client_id: str) -> None:
    """Let a key sign no longer, in every process within half a minute."""
    with operating() as work:
        administration.disable(work, client_id)
    typer.echo(json.dumps({"clientId": client_id, "disabled": True}))


@clients_app.command(name="list", epilog="Example: dat-keys list --json")
def list_all(as_json: Annotated[bool, typer.Option("--json", help="Print one JSON list.")] = False) -> None:
    """List every client and what its organisation may ask."""
    with operating() as work:
        clients = list(administration.list_clients(work))
    if as_json:
        typer.echo(json.dumps([asdict(client) for client in clients], default=str))
        return
    table = Table("client", "organisation", "schemes a day", "reporters", "state", "thumbprint")
    for client in clients:
        schemes = ", ".join(f"{name} {per_day}" for name, per_day in client.schemes.items())
        state = "disabled" if client.disabled else "admitted"
        organisation = str(client.organisation_id)
        table.add_row(
            client.client_id, organisation, schemes, str(client.reporters), state, client.thumbprint
        )
    Console().print(table)


@reporter_app.command(
    name="add", epilog="Example: dat-keys reporter add --organisation 5b0c… --reporter 9e1d…"
)
def add_reporter(
    organisation: Organisation,
    reporter: Annotated[list[UUID], typer.Option(help="The reporter's pseudonym; repeat.")],
    per_day: Annotated[int, typer.Option(min=1, help="Elements a day; a person takes about nine.")] = 1_000,
) -> None:
    """Register reporters, or change their quota: a partner can't make them up."""
    require_no_pinned_list(HolderSettings())
    with operating() as work:
        for one in reporter:
            administration.add_reporter(work, organisation, one, per_day=per_day)
    typer.echo(json.dumps({"reporters": [str(one) for one in reporter], "perDay": per_day}))


@reporter_app.command(
    name="end", epilog="Example: dat-keys reporter end --organisation 5b0c… --reporter 9e1d…"
)
def end_reporter(organisation: Organisation, reporter: Reporter) -> None:
    """End a reporter."""
    with operating() as work:
        administration.end_reporter(work, organisation, reporter)
    typer.echo(json.dumps({"reporter": str(reporter), "ended": True}))


def _scheme(text: str) -> tuple[str, int]:
    name, _, per_day = text.partition("=")
    if not per_day and name in DEFAULT_PER_DAY:
        return name, DEFAULT_PER_DAY[name]
    if not (per_day.isascii() and per_day.isdigit()):
        raise AdmissionInvalidError(places=("/scheme",))
    return name, int(per_day)


def _read_jwk(path: Path) -> dict[str, str]:
    try:
        jwk = json.loads(path.read_text("utf-8"))
    except ValueError:
        raise InvalidKeyError from None
    if not isinstance(jwk, dict):
        raise InvalidKeyError
    return jwk
