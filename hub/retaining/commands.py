"""`dat-hub retention`: see what went, and release the brake."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from hub.consent.keeping import keeping_in_force
from hub.context import disclosing, open_database
from hub.retaining.registry import KEEPINGS, municipalities_of
from hub.retaining.schemas import RetentionOut, RuleOut, write_rule, write_runs
from hub.retention.reporting import list_runs, report
from hub.retention.service import ReleaseReason, default_terms, release
from service.work import OPERATOR

retention_app = typer.Typer(help="How long data are kept, and whether they went.", no_args_is_help=True)
console = Console()


@retention_app.command(name="report", epilog="Example: dat-hub retention report --json")
def show_report(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Print per rule what there is, what is past its term, and what went; exit 1 where some stayed."""
    with disclosing() as work:
        found = report(work, KEEPINGS, municipalities_of, terms=keeping_in_force(work))
        rules = [write_rule(one) for one in found]
    if as_json:
        print(RetentionOut(rules=rules).model_dump_json(by_alias=True))
    else:
        table = Table(
            "rule", "days", "rows", "due now", "late", "oldest", "last run", "last gone", "gone", "brake"
        )
        for one in rules:
            cells = (
                one.days,
                one.rows,
                one.due_now,
                one.late,
                one.oldest_date,
                one.last_run_at,
                one.last_gone,
                one.gone,
            )
            table.add_row(
                one.rule, *(str(cell) if cell is not None else "" for cell in cells), one.brake or ""
            )
        console.print(table)
        console.print(_write_places(rules))
    raise typer.Exit(1 if any(one.brake or one.late for one in rules) else 0)


def _write_places(rules: Sequence[RuleOut]) -> Table:
    """Write the same counts for each municipality; without one: what is no municipality's."""
    table = Table("rule", "municipality", "rows", "due now", "late", "gone")
    for rule in rules:
        for one in rule.places:
            counts = (one.rows, one.due_now, one.late, one.gone)
            table.add_row(rule.rule, str(one.municipality_id or ""), *(str(count) for count in counts))
    return table


@retention_app.command(name="runs", epilog="Example: dat-hub retention runs signal")
def show_runs(rule: Annotated[str, typer.Argument(help="As in the report.")]) -> None:
    """Print as JSON what each run of a rule found due and removed, newest first."""
    _require_rule(rule)
    with disclosing() as work:
        runs = write_runs(list_runs(work, rule, municipalities_of))
    print(runs.model_dump_json(by_alias=True))


@retention_app.command(
    name="release", epilog="Example: dat-hub retention release signal --reason hub_was_down"
)
def release_brake(
    rule: Annotated[str, typer.Argument(help="As in the report.")],
    reason: Annotated[ReleaseReason, typer.Option(help="Why what is due may go.")],
) -> None:
    """Let the next run of a rule pass, once and within two days; find out first why it stopped."""
    _require_rule(rule)
    with open_database().work(OPERATOR) as work:
        release(work, rule, reason=reason)
    console.print("the next run passes once")


def _require_rule(rule: str) -> None:
    if rule not in {one.code for one in default_terms().rules}:
        raise typer.BadParameter("there is no such rule")
