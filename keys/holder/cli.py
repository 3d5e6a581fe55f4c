"""`dat-keys`: set up, run and check a key holder from the command line."""

from __future__ import annotations

import json
import os
from typing import Annotated

import typer
from rich.console import Console

from keys.holder import custody
from keys.holder.commands.clients import clients_app
from keys.holder.commands.datakeys import data_keys_app
from keys.holder.commands.permissions import permissions_app
from keys.holder.commands.root import manifest_app, root_app
from keys.holder.commands.shares import shares_app
from keys.holder.commands.witness import witness_app
from keys.holder.migrating import migrate as migrate_database
from keys.holder.models import LOG
from keys.holder.opening import inspecting, open_database, open_holder
from keys.holder.settings import HolderSettings
from keys.protocol.errors import ProtocolError
from ledger.errors import LedgerError
from service import logging
from service.errors import DatError, UnsafeSettingsError
from service.eventlog.verification import verify_tree
from service.keystore import FileKeyStore
from service.serving import serve_app

app = typer.Typer(
    help="Set up, run and check a key holder. Settings come from DAT_KEYS_… variables.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
log_app = typer.Typer(help="The holder's own log: counts only.", no_args_is_help=True)
app.add_typer(clients_app)
app.add_typer(shares_app)
app.add_typer(root_app, name="root")
app.add_typer(manifest_app, name="manifest")
app.add_typer(permissions_app, name="permissions")
app.add_typer(log_app, name="log")
app.add_typer(witness_app, name="witness")
app.add_typer(data_keys_app, name="data-keys")
console = Console()


@app.command(epilog="Example: DAT_KEYS_DATA=/var/lib/dat-keys dat-keys init")
def init(
    dealt: Annotated[bool, typer.Option("--dealt", help="Shares are dealt to it: draw none.")] = False,
) -> None:
    """Make the holder's keys and its database, and print what the manifest must hold of it."""
    settings = HolderSettings()
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    keys = FileKeyStore(settings.keys)
    if not keys.names("token"):
        (custody.create_service_keys if dealt else custody.create_keys)(keys)
    migrate()
    show_public_part()


@app.command(epilog="Example: dat-keys migrate")
def migrate() -> None:
    """Bring the database to this version; nothing happens when it is."""
    database = open_database()
    migrate_database(database)
    database.close()


@app.command(name="public-part", epilog="Example: dat-keys public-part > holder.json")
def show_public_part() -> None:
    """Print the public values of this holder, for the manifest."""
    settings = HolderSettings()
    keys = FileKeyStore(settings.keys)
    print(json.dumps(custody.public_part(keys, name=settings.name, url=settings.public_url), indent=2))


@app.command(epilog="Example: DAT_KEYS_PORT=8200 dat-keys serve")
def serve(workers: Annotated[int, typer.Option(help="Worker processes; with SQLite, one.")] = 1) -> None:
    """Serve evaluations; refuses to start on unsafe settings."""
    settings = HolderSettings()
    logging.configure("holder", level=settings.log_level)
    open_holder(settings).database.close()
    serve_app("keys.holder.app:create_app", host=settings.host, port=settings.port, workers=workers)


@app.command(epilog="Example: dat-keys doctor")
def doctor() -> None:
    """Check settings, keys and database, and say how to mend what is wrong."""
    holder = open_holder(HolderSettings())
    holder.database.close()
    console.print(f"[green]everything is safe[/]; {len(holder.shares)} shares")
    if not holder.settings.manifest.exists():
        console.print(f"no manifest to show yet: {holder.settings.manifest}", highlight=False)


@log_app.callback()
def _log() -> None:
    """The holder's own log: counts only."""


@log_app.command(epilog="Example: dat-keys log verify --json")
def verify(as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False) -> None:
    """Recompute the whole log; exit 0 when nothing was changed, dropped or added, 1 otherwise."""
    settings = HolderSettings()
    verifier = custody.signer(FileKeyStore(settings.keys), settings.name).verifier
    with inspecting() as work:
        report = verify_tree(work, LOG, verifier)
    if as_json:
        numbers = {"events": report.events, "pending": report.pending, "findings": report.findings}
        print(json.dumps({"verified": report.verified, **numbers}))
    else:
        verdict = "[green]nothing was changed[/]" if report.verified else "[red]the log was changed[/]"
        console.print(f"{report.events} events, {report.pending} waiting: {verdict}")
        for finding in report.findings:
            console.print(f"  {finding}", highlight=False)
    raise typer.Exit(0 if report.verified else 1)


def main() -> None:
    """Run the command line; what is wrong is said in one line."""
    os.umask(0o077)
    try:
        app()
    except (UnsafeSettingsError, DatError, ProtocolError, LedgerError, FileExistsError) as error:
        reason = error.title if isinstance(error, DatError) else str(error)
        Console(stderr=True).print(f"dat-keys: {reason}", style="red", highlight=False, markup=False)
        raise SystemExit(1) from None
