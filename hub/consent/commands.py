"""`dat-hub policy`: show by which rules the hub decides."""

from __future__ import annotations

import typer
from rich.console import Console
from rich.table import Table

from hub.consent.loading import default_policy
from hub.consent.policy_set import PolicySet

policy_app = typer.Typer(help="Show by which rules the hub decides.", no_args_is_help=True)
console = Console()


@policy_app.callback()
def _group() -> None:
    """Show by which rules the hub decides."""


@policy_app.command(epilog="Example: dat-hub policy show")
def show() -> None:
    """Print the policy set in force, with its hash, as it stands in every decision."""
    rules = default_policy()
    console.print(f"[bold]{rules.name}[/]  {rules.hash}", highlight=False)
    for table in (_bases(rules), _partners(rules), _ages(rules)):
        console.print(table)
    console.print("(L) law, (C) case law, (P) practice, (A) our own default")


def _bases(rules: PolicySet) -> Table:
    table = _table("Legal bases", "code", "in force", "needs", "level", "source")
    for row in rules.bases:
        needs = {
            "decision": row.needs_decision_reference,
            "consent": row.needs_consent,
            "notice": row.notice_needed,
        }
        table.add_row(
            row.code,
            f"{row.valid_from_on} - {row.valid_to_on or ''}",
            " + ".join(name for name, needed in needs.items() if needed),
            str(row.level),
            f"{row.source} ({row.status})",
        )
    return table


def _partners(rules: PolicySet) -> Table:
    table = _table("Partner matrix", "kind", "may use", "ages", "tells", "level", "feedback")
    for row in rules.partners:
        table.add_row(
            row.kind,
            "\n".join(basis.code for basis in rules.bases if row.kind in basis.partner_kinds),
            " ".join(sorted(row.brackets)),
            "\n".join(sorted(row.told)),
            str(row.level),
            "consent" if row.feedback else "never",
        )
    return table


def _ages(rules: PolicySet) -> Table:
    table = _table("Ages", "bracket", "consent of", "notice to", "source")
    for row in rules.ages:
        givers, told = " + ".join(sorted(row.consent_of)), " + ".join(sorted(row.notice_to))
        table.add_row(row.bracket, givers, told, f"{row.source} ({row.status})")
    return table


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left")
    for column in columns:
        table.add_column(
            column, no_wrap=column in {"code", "kind", "may use", "tells", "bracket", "feedback"}
        )
    return table
