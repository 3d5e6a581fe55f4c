"""`dat-hub audit`: check the log without trusting it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from hub.audit.carrying import submit, take_in
from hub.audit.exporting import export_trees
from hub.audit.findings import explain
from hub.audit.keys import ledger_signer
from hub.audit.reading import SILENT, ReadingPurpose, reading, record_reading, record_verification
from hub.audit.witness import Watch, read_keys, watch_of
from hub.audit.witnessed import verify_with_witness
from hub.context import open_cover, open_database
from hub.settings import HubSettings
from service.eventlog.verification import VerificationReport
from service.keystore import FileKeyStore
from service.work import OPERATOR

audit_app = typer.Typer(help="Check the audit log.", no_args_is_help=True)
console = Console()
PurposeOption = Annotated[ReadingPurpose, typer.Option(help="What the log is read for.")]


@audit_app.callback()
def _group() -> None:
    """Check the audit log."""


@audit_app.command(name="verify", epilog="Example: dat-hub audit verify --json")
def verify_log(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    opening: Annotated[
        bool, typer.Option("--open", help="Ask the data keys back and check the values too.")
    ] = False,
    purpose: PurposeOption = ReadingPurpose.OPERATION,
) -> None:
    """Recompute the whole log and hold it against its witness; exit 0 when all is as signed, 1 otherwise.

    With --open the values are read, so that is in the log first, and witnessed.
    """
    settings = HubSettings()
    database = open_database(settings)
    signer = ledger_signer(FileKeyStore(settings.keys), settings.hub_id)
    watch = watch_of(settings.witness_url, settings.witness_keys, ca_file=settings.data_keys_ca_file)
    if opening:
        with open_cover(settings).disclosing(database, OPERATOR) as work:
            record_reading(work, purpose, what="values")
    report = verify_with_witness(database, signer, watch, opening=opening)
    with database.work(OPERATOR) as work:
        record_verification(work, findings=report.findings, events=report.events)
    if as_json:
        console.print_json(data=_figures(report, watch))
    else:
        _tell(report, watch)
    raise typer.Exit(0 if report.verified else 1)


@audit_app.command(name="export-tiles", epilog="Example: dat-hub audit export-tiles /media/stick/log")
def export_tiles(
    folder: Annotated[Path, typer.Argument(help="Where to write; a folder a tree.")],
    purpose: PurposeOption = ReadingPurpose.EXTERNAL_AUDIT,
) -> None:
    """Write every tree as static files for other people's tools (C2SP tlog-tiles); see docs/audit.md.

    An export is a disclosure: that it was made is in what it exports.
    """
    settings = HubSettings()
    database, cover = open_database(settings), open_cover(settings)
    with reading(database, cover, OPERATOR, purpose, what="tiles") as work:
        for shard, size in export_trees(work, folder):
            console.print(f"{folder / shard}: {size} leaves", highlight=False)


@audit_app.command(epilog="Example: dat-hub audit submission --witness fg.gemeente.example/w1 > submission")
def submission(
    witness: Annotated[str, typer.Option(help="The name of the witness, as in DAT_HUB_WITNESS_KEYS.")],
    old: Annotated[int | None, typer.Option(help="What it holds, if it says another size.")] = None,
) -> None:
    """Print the newest signed head with its proof, for a witness that is carried by hand; hashes only."""
    with open_database(HubSettings()).look(OPERATOR) as work:
        print(submit(work, witness, old=old).to_text(), end="")


@audit_app.command(epilog="Example: dat-hub audit cosignature cosigned.note")
def cosignature(path: Annotated[Path, typer.Argument(help="What the witness printed.", exists=True)]) -> None:
    """Take in what such a witness cosigned."""
    settings = HubSettings()
    verifier = ledger_signer(FileKeyStore(settings.keys), settings.hub_id).verifier
    keys = read_keys(settings.witness_keys)
    with open_database(settings).work(OPERATOR) as work:
        for one in take_in(work, path.read_text("utf-8"), verifier=verifier, keys=keys):
            console.print(f"{one.witness}: cosigned", highlight=False)


def _figures(report: VerificationReport, watch: Watch | None) -> dict[str, object]:
    return {
        "verified": report.verified,
        "events": report.events,
        "pending": report.pending,
        "opened": report.opened,
        "erased": report.erased,
        "witness": watch.name if watch else None,
        "witnessed": report.witnessed,
        "gaps": report.gaps,
        "findings": report.findings,
    }


def _tell(report: VerificationReport, watch: Watch | None) -> None:
    whole = "[green]nothing was changed, dropped or added[/]"
    changed = "[red]the log is not as it was signed[/]"
    if report.findings == [SILENT]:
        changed = "[red]not held against its witness[/]"
    verdict = whole if report.verified else changed
    console.print(f"{report.events} events in {report.shards} shards, {report.pending} waiting: {verdict}")
    if watch is None:
        console.print(
            "[bold red]NOT WITNESSED[/]: nobody outside this hub holds its size; if the whole store"
        )
        console.print("was rolled back, or written anew with its key, this does not show it.")
    else:
        console.print(f"{report.witnessed} heads that {watch.name} and others cosigned are in it")
    for gap in report.gaps:
        console.print(
            f"  [bold red]lost by a restore[/], and said so in the next tree: {gap}", highlight=False
        )
    for finding in report.findings:
        console.print(f"  {finding}: {explain(finding)}", highlight=False)
