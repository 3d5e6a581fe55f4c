"""`dat-hub audit`: check the log without trusting it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from hub.audit.exporting import export_trees
from hub.audit.keys import ledger_signer
from hub.audit.witness import Watch, watch_of
from hub.audit.witnessed import verify_with_witness
from hub.context import open_database
from hub.settings import HubSettings
from service.eventlog.verification import VerificationReport
from service.keystore import FileKeyStore
from service.work import OPERATOR

audit_app = typer.Typer(help="Check the audit log.", no_args_is_help=True)
console = Console()


@audit_app.callback()
def _group() -> None:
    """Check the audit log."""


@audit_app.command(name="verify", epilog="Example: dat-hub audit verify --json")
def verify_log(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    opening: Annotated[
        bool, typer.Option("--open", help="Ask the data keys back and check the values too.")
    ] = False,
) -> None:
    """Recompute the whole log and hold it against its witness; exit 0 when all is as signed, 1 otherwise."""
    settings = HubSettings()
    signer = ledger_signer(FileKeyStore(settings.keys), settings.hub_id)
    watch = watch_of(settings.witness_url, settings.witness_keys)
    report = verify_with_witness(open_database(settings), signer, watch, opening=opening)
    if as_json:
        console.print_json(data=_figures(report, watch))
    else:
        _tell(report, watch)
    raise typer.Exit(0 if report.verified else 1)


@audit_app.command(name="export-tiles", epilog="Example: dat-hub audit export-tiles /media/stick/log")
def export_tiles(folder: Annotated[Path, typer.Argument(help="Where to write; a folder a tree.")]) -> None:
    """Write every tree as static files for other people's tools (C2SP tlog-tiles); see docs/audit.md."""
    with open_database(HubSettings()).look(OPERATOR) as work:
        for shard, size in export_trees(work, folder):
            console.print(f"{folder / shard}: {size} leaves", highlight=False)


def _figures(report: VerificationReport, watch: Watch | None) -> dict[str, object]:
    return {
        "verified": report.verified,
        "events": report.events,
        "pending": report.pending,
        "opened": report.opened,
        "erased": report.erased,
        "witness": watch.name if watch else None,
        "witnessed": report.witnessed,
        "findings": report.findings,
    }


def _tell(report: VerificationReport, watch: Watch | None) -> None:
    whole = "[green]nothing was changed, dropped or added[/]"
    verdict = whole if report.verified else "[red]the log was changed[/]"
    console.print(f"{report.events} events in {report.shards} shards, {report.pending} waiting: {verdict}")
    if watch is None:
        console.print(
            "[bold red]NOT WITNESSED[/]: nobody outside this hub holds its size; if the whole store"
        )
        console.print("was rolled back, or written anew with its key, this does not show it.")
    else:
        console.print(f"{report.witnessed} heads that {watch.name} and others cosigned are in it")
    for finding in report.findings:
        console.print(f"  {finding}", highlight=False)
