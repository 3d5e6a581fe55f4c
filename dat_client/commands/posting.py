"""Post one contact, a file of them, or what an interrupted run left."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal
from uuid import UUID

import typer

from dat_client.client import Client
from dat_client.columns import (
    CASE_FIELDS,
    NEEDED_FOR_CASE,
    NEEDED_FOR_SIGNAL,
    SIGNAL_FIELDS,
    Mapped,
    fit_columns,
    read_mapping,
)
from dat_client.commands.people import ask_person
from dat_client.commands.terminal import (
    Holders,
    Json,
    make_progress,
    open_client,
    say,
    write_json,
    write_rows,
)
from dat_client.errors import UnavailableError
from dat_client.facts import GivenBy, SignalKind, SubjectNotice, roles_of
from dat_client.importing import Import, RowOutcome, count_linkable
from dat_client.reporting import UNFINISHED, Summary, open_result, write_results
from dat_client.residence import Living
from dat_client.tables import count_rows, open_table

File = Annotated[Path, typer.Argument(help="CSV with a header row; UTF-8 or Windows-1252; ; , or tab.")]
Pairs = Annotated[
    list[str] | None, typer.Option("--map", help="field=column, such as geslachtsnaam=Achternaam.")
]
Mapping = Annotated[Path | None, typer.Option(help="TOML file with tables columns and defaults.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Report on every row; send and store nothing.")]
Result = Annotated[Path | None, typer.Option(help="Result CSV; default beside FILE.")]
Basis = Annotated[str | None, typer.Option("--basis", help="Legal basis (grondslag) of every row.")]


def post(
    context: typer.Context,
    *,
    contact_date: Annotated[datetime, typer.Option(formats=["%Y-%m-%d", "%d-%m-%Y"], help="Contactdatum.")],
    basis: Annotated[str, typer.Option(help="Legal basis (grondslag), such as JW_7_1_4_1.")],
    notice: Annotated[SubjectNotice, typer.Option(help="Was the person told (kennisgeving)?")],
    weighed: Annotated[bool, typer.Option("--weighed", help="I weighed this one contact (afweging).")],
    told_on: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d", "%d-%m-%Y"], help="On which day, when the notice is given."),
    ] = None,
    told: Annotated[GivenBy | None, typer.Option(help="Who was told, when the notice is given.")] = None,
    holders: Holders = None,
    kind: Annotated[SignalKind, typer.Option(help="contact, or concern (zorg).")] = "contact",
    reporter: Annotated[
        UUID | None, typer.Option(help="Reporter (melder); default the configured one.")
    ] = None,
    submitted_by: Annotated[
        UUID | None,
        typer.Option(help="Who brings it (indiener) for the reporter who weighed it."),
    ] = None,
    on_behalf_of: Annotated[
        UUID | None, typer.Option(help="Organisation of the reporter (namens), which mandated yours.")
    ] = None,
    decision: Annotated[
        UUID | None, typer.Option(help="Reference of the decision (besluit); police.")
    ] = None,
    months: Annotated[int | None, typer.Option(min=1, max=24, help="Months that the signal counts.")] = None,
    in_care: Annotated[
        bool | None,
        typer.Option(
            "--in-care/--at-home", help="Stays in care: the address says nothing of the municipality."
        ),
    ] = None,
    reference: Annotated[
        str | None, typer.Option(help="Your own file number; stays on this machine.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Post one contact signal (signaal). The person is asked for, or read as JSON from standard input.

    Example: dat post --contact-date 2026-11-20 --basis NO_OBJECTION --notice pending --weighed

    Example: dat post ... --notice given --told-on 2026-11-20 --told both --holders 2

    Example: dat post ... < person.json   with {"geslachtsnaam": "...", "geboortedatum": "...", ...}
    """
    if not weighed:
        raise typer.BadParameter("a contact is posted after weighing it: --weighed")
    if (notice == "given") != (told_on is not None and told is not None):
        raise typer.BadParameter("a notice that was given has its day and its readers: --told-on, --told")
    with open_client(context) as client:
        person = ask_person()
        receipt = client.post_signal(
            person,
            living=Living(home=person.postcode, in_care=in_care),
            contact_date=contact_date.date(),
            kind=kind,
            legal_basis=basis,
            subject_notice=notice,
            notice_date=told_on.date() if told_on else None,
            notice_to=roles_of(told) if told else (),
            authority_holders=holders,
            attestation="weighed",
            reporter=reporter,
            submitted_by=submitted_by,
            on_behalf_of=on_behalf_of,
            decision_reference=decision,
            valid_months=months,
            reference=reference,
        )
    if as_json:
        write_json(receipt.as_wire())
    else:
        sys.stdout.write(f"{receipt.signal_id}\n")
        say("Taken. The signed receipt is kept: dat receipts list")


def import_signals(
    context: typer.Context,
    *,
    file: File,
    pairs: Pairs = None,
    mapping: Mapping = None,
    contact_date: Annotated[str | None, typer.Option(help="Contactdatum of every row.")] = None,
    kind: Annotated[str | None, typer.Option(help="Kind (soort) of every row: contact or zorg.")] = None,
    basis: Basis = None,
    notice: Annotated[str | None, typer.Option(help="Kennisgeving of every row.")] = None,
    told_on: Annotated[str | None, typer.Option(help="The day (kennisgeving_op), every row.")] = None,
    told: Annotated[str | None, typer.Option(help="Who was told (kennisgeving_aan), every row.")] = None,
    holders: Annotated[str | None, typer.Option(help="How many parents (gezagdragers), every row.")] = None,
    weighed: Annotated[bool, typer.Option("--weighed", help="Each row was weighed (afweging).")] = False,
    reporter: Annotated[str | None, typer.Option(help="Reporter (melder) of every row.")] = None,
    dry_run: DryRun = False,
    result: Result = None,
    as_json: Json = False,
) -> None:
    """Post a file of contact signals. Interrupted? The same command goes on, and posts nothing twice.

    Columns by default: bsn, voornamen, voorvoegsel, geslachtsnaam, geboortedatum, geslacht, postcode,
    huisnummer, toevoeging, referentie, contactdatum, soort, grondslag, kennisgeving, kennisgeving_op,
    kennisgeving_aan, gezagdragers, afweging, melder, indiener, namens, besluit, geldigheid, gemeente,
    verblijf, postcode_voor_verblijf, gemeente_moeder, verblijfplaats, geheim_adres, ouder1_geslachtsnaam,
    ouder1_voornamen, ouder1_voorvoegsel, ouder1_geboortedatum, ouder1_geslacht, ouder2_geslachtsnaam,
    ouder2_voornamen, ouder2_voorvoegsel, ouder2_geboortedatum, ouder2_geslacht.

    Exit codes: 0 all accepted, 2 usage, 3 some rows refused, 4 service unavailable or not finished.

    Example: dat import contacten.csv --dry-run

    Example: dat import contacten.csv --map geslachtsnaam=Achternaam --basis NO_OBJECTION --weighed
    """
    defaults = {
        "contactdatum": contact_date,
        "soort": kind,
        "grondslag": basis,
        "kennisgeving": notice,
        "kennisgeving_op": told_on,
        "kennisgeving_aan": told,
        "gezagdragers": holders,
        "afweging": "weighed" if weighed else None,
        "melder": reporter,
    }
    mapped = read_mapping(mapping, pairs or (), defaults)
    _run(context, "signal", file, mapped, dry_run=dry_run, result=result, as_json=as_json)


def import_cases(
    context: typer.Context,
    *,
    file: File,
    pairs: Pairs = None,
    mapping: Mapping = None,
    basis: Basis = None,
    casemanager: Annotated[str | None, typer.Option(help="Casemanager of every row.")] = None,
    dry_run: DryRun = False,
    result: Result = None,
    as_json: Json = False,
) -> None:
    """Register a file of cases (caseload). Resumable, and with the exit codes of `dat import`.

    Example: dat cases import caseload.csv --basis JW_WMO_TASK
    """
    mapped = read_mapping(mapping, pairs or (), {"grondslag": basis, "casemanager": casemanager})
    _run(context, "case", file, mapped, dry_run=dry_run, result=result, as_json=as_json)


def resume(context: typer.Context, as_json: Json = False) -> None:
    """Send again what has no answer yet: the same bytes under the same keys.

    Example: dat resume
    """
    with open_client(context) as client:
        posted = client.finish_pending()
    summary = Summary()
    for number, each in enumerate(posted):
        summary.count(RowOutcome(number, each))
    _finish(summary, None, as_json=as_json)


def _run(
    context: typer.Context,
    what: Literal["signal", "case"],
    file: Path,
    mapped: Mapped,
    *,
    dry_run: bool,
    result: Path | None,
    as_json: bool,
) -> None:
    result = result or file.with_suffix(".result.csv")
    if result.resolve() == file.resolve():
        raise typer.BadParameter("the result would be written over the file itself: name another --result")
    with open_client(context) as client:
        run = _open_import(client, what, file, mapped)
        if dry_run:
            _report(run, as_json=as_json)
        else:
            _import(run, result, as_json=as_json)


def _open_import(client: Client, what: Literal["signal", "case"], file: Path, mapped: Mapped) -> Import:
    table = open_table(file)
    if what == "signal":
        columns = fit_columns(table.header, mapped, fields=SIGNAL_FIELDS, needed=NEEDED_FOR_SIGNAL)
        return Import(client, table, columns, client.signal_target())
    columns = fit_columns(table.header, mapped, fields=CASE_FIELDS, needed=NEEDED_FOR_CASE)
    return Import(client, table, columns, client.case_target())


def _report(run: Import, *, as_json: bool) -> None:
    reports = list(run.dry_run())
    refused = sum(report.code is not None for report in reports)
    judged, linkable = count_linkable(reports)
    if as_json:
        rows = [
            {"row": each.number, "ok": each.code is None, "reason": each.code, "types": each.token_types}
            for each in reports
        ]
        share = {"linkable": linkable, "judged": judged}
        write_json({"rows": rows, "ok": len(reports) - refused, "refused": refused, **share})
    else:
        write_rows(
            ("row", "state", "token types or reason"),
            [
                (str(each.number), "refused" if each.code else "ok", each.code or " ".join(each.token_types))
                for each in reports
            ],
        )
        say(f"{len(reports) - refused} rows can be posted, {refused} are refused. Nothing was sent.")
        say(f"Linkable: {linkable}/{judged}. Before you go live, the hub's administrator records this.")
    raise typer.Exit(3 if refused else 0)


def _import(run: Import, result: Path, *, as_json: bool) -> None:
    summary = Summary()
    with open_result(result) as file, make_progress() as progress, _interruptible():
        task = progress.add_task(run.target.kind.value, total=count_rows(run.table))
        for outcome in write_results(file, run.run()):
            summary.count(outcome)
            progress.advance(task)
    if run.failure is not None:
        say(str(run.failure))
    _finish(summary, result, as_json=as_json)


@contextmanager
def _interruptible() -> Iterator[None]:
    """Turn Ctrl-C into the same advice as a service that went away."""
    try:
        yield
    except KeyboardInterrupt:
        raise UnavailableError("interrupted; the same command again goes on where this one stopped") from None


def _finish(summary: Summary, result: Path | None, *, as_json: bool) -> None:
    if as_json:
        write_json({**summary.as_dict(), "result": str(result) if result else None})
    else:
        counts = {name: str(count) for name, count in summary.as_dict().items() if isinstance(count, int)}
        write_rows(("rows", "count"), list(counts.items()))
    if summary.refused_rows and not as_json:
        write_rows(("refused because", "rows"), [(code, str(n)) for code, n in summary.refused_rows.items()])
    if summary.exit_code == UNFINISHED:
        say("Not finished: run the same command again.")
    raise typer.Exit(summary.exit_code)
