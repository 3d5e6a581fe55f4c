"""`dat-hub`: set up, run and check a hub from the command line."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from hub.alarms.commands import alarms_app
from hub.arrangements.commands import arrangement_app
from hub.audit.commands import audit_app
from hub.cases.commands import cases_app
from hub.consent.commands import policy_app
from hub.consent.service import policy_in_force
from hub.context import open_database
from hub.informing.commands import show_notice_text, show_preview
from hub.initialising import initialise, load_first_policy, public_part
from hub.matches.commands import show_orphans
from hub.migrating import migrate as migrate_database
from hub.migrating import require_migrated
from hub.onboarding.commands import onboarding_app
from hub.opening import open_hub
from hub.partners.commands import partners_app
from hub.questions.commands import ask_question
from hub.restoring import reopen
from hub.retaining.commands import retention_app
from hub.rights.commands import rights_app
from hub.rights.replaying import require_replayed
from hub.settings import HubSettings
from hub.statistics.commands import statistics_app
from hub.teams.commands import teams_app
from hub.worker import run_worker
from service import logging
from service.errors import DatError, UnsafeSettingsError
from service.openapi import openapi_document
from service.serving import serve_app
from service.work import OPERATOR

app = typer.Typer(
    help="Set up, run and check a DAT-hub. Settings come from DAT_HUB_… variables; see docs/operations.md.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
app.add_typer(partners_app, name="partners")
app.add_typer(onboarding_app, name="onboarding")
app.add_typer(teams_app, name="teams")
app.add_typer(cases_app, name="cases")
app.add_typer(policy_app, name="policy")
app.add_typer(arrangement_app, name="arrangement")
app.add_typer(audit_app, name="audit")
audit_app.command(
    name="ask", epilog="Example: dat-hub audit ask AUD-05 --purpose supervision --from 2026-01-01"
)(ask_question)
app.command(name="notice-text")(show_notice_text)
app.command(name="preview")(show_preview)
app.add_typer(retention_app, name="retention")
app.add_typer(alarms_app, name="alarms")
app.add_typer(rights_app, name="rights")
app.add_typer(statistics_app, name="statistics")
console = Console()


@app.command(epilog="Example: DAT_HUB_DATA=/var/lib/dat-hub dat-hub init")
def init() -> None:
    """Make the hub's keys and its database, and print what the manifest must hold of it."""
    settings = HubSettings()
    initialise(settings)
    print(json.dumps(public_part(settings), indent=2))


@app.command(epilog="Example: dat-hub migrate")
def migrate() -> None:
    """Bring the database to this version; run it before the hub or a new version of it starts."""
    database = open_database()
    migrate_database(database)
    load_first_policy(database)
    console.print("the database is of this version")


@app.command(name="public-part", epilog="Example: dat-hub public-part > hub.json")
def show_public_part() -> None:
    """Print the public keys of this hub, for the manifest."""
    print(json.dumps(public_part(HubSettings()), indent=2))


@app.command(epilog="Example: DAT_HUB_PORT=8100 dat-hub serve --workers 2")
def serve(workers: Annotated[int, typer.Option(help="Worker processes; with SQLite, one.")] = 1) -> None:
    """Serve the API; refuses to start on unsafe settings."""
    settings = HubSettings()
    logging.configure("hub", level=settings.log_level)
    _check(settings)
    serve_app("hub.app:create_app", host=settings.host, port=settings.port, workers=workers)


@app.command(epilog="Example: dat-hub worker")
def worker() -> None:
    """Match, tell, deliver and sequence, until stopped; more than one may run."""
    settings = HubSettings()
    logging.configure("worker", level=settings.log_level)
    _check(settings)
    run_worker(open_hub(settings))


@app.command(epilog="Example: dat-hub doctor")
def doctor() -> None:
    """Check settings, keys and database, and say how to mend what is wrong."""
    _check(HubSettings())
    console.print("[green]everything is safe[/]")


audit_app.command(name="reopen", epilog="Example: dat-hub audit reopen")(reopen)
app.command(name="orphans", epilog="Example: dat-hub orphans")(show_orphans)


@app.command(epilog="Example: dat-hub openapi openapi.json")
def openapi(path: Annotated[Path, typer.Argument(help="Where to write it.")]) -> None:
    """Write the API's OpenAPI document."""
    from hub.app import create_hub_api  # noqa: PLC0415 - its routes are a quarter of every start

    path.write_text(json.dumps(openapi_document(create_hub_api()), indent=2, ensure_ascii=False) + "\n")


def _check(settings: HubSettings) -> None:
    hub = open_hub(settings)
    require_migrated(hub.database)
    with hub.database.look(OPERATOR) as work:
        policy_in_force(work)
    require_replayed(hub.database)
    hub.database.close()


def main() -> None:
    """Run the command line; what is wrong is said in one line."""
    os.umask(0o077)
    try:
        app()
    except (UnsafeSettingsError, DatError) as error:
        reason = error.title if isinstance(error, DatError) else str(error)
        Console(stderr=True).print(f"dat-hub: {reason}", style="red", highlight=False)
        raise SystemExit(1) from None
