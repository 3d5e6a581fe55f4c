"""`dat-hub policy`: show by which rules the hub decides, propose others, explain a decision."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer
from rich.console import Console
from rich.table import Table

from hub.changes.service import ChangeReason
from hub.consent import reading, versions
from hub.consent.comparing import compare
from hub.consent.errors import PolicyInvalidError
from hub.consent.explanation import Language, explain
from hub.consent.loading import DEFAULT, load_policy, parse_policy
from hub.consent.policy_set import PolicySet
from hub.consent.tables import place_tables, write_tables
from hub.context import disclosing, open_database
from hub.documents import read_document
from hub.partners.errors import StaffMissingError
from hub.partners.service import find_staff
from service.work import OPERATOR, Caller, Work

policy_app = typer.Typer(help="By which rules the hub decides.", no_args_is_help=True)
console = Console()
PolicyFile = Annotated[
    Path | None, typer.Option("--file", help="A policy set's file instead of this hub's database.")
]


@policy_app.command(epilog="Example: dat-hub policy show")
def show(
    hash_: Annotated[str | None, typer.Option("--hash", help="Another version.")] = None,
    file: PolicyFile = None,
) -> None:
    """Print a policy set, the one in force by default, with its hash as it stands in every decision."""
    if file is not None:
        rules = load_policy(file)
    else:
        with _looking() as work:
            rules = versions.find_policy(work, hash_) if hash_ else versions.policy_in_force(work)
    console.print(f"[bold]{rules.name}[/]  {rules.hash}  ages: {rules.age_profile}", highlight=False)
    for table in (_bases(rules), _partners(rules), _ages(rules), _terms(rules)):
        console.print(table)
    console.print("(L) law, (C) case law, (P) practice, (S) founding document, (A) our own default")


@policy_app.command(epilog="Example: dat-hub policy tables --page docs/consent.md")
def tables(
    page: Annotated[Path | None, typer.Option("--page", help="Renew the tables in this page.")] = None,
    file: PolicyFile = None,
) -> None:
    """Print a policy set as Markdown tables that a lawyer reads, or renew them in a page."""
    if file is not None:
        rules = load_policy(file)
    else:
        with _looking() as work:
            rules = versions.policy_in_force(work)
    if page is None:
        print(write_tables(rules))
    else:
        page.write_text(place_tables(page.read_text("utf-8"), rules), "utf-8")


@policy_app.command(name="versions", epilog="Example: dat-hub policy versions")
def list_all() -> None:
    """List every version and the day from which it holds."""
    with _looking() as work:
        found, in_force = versions.list_versions(work), versions.policy_in_force(work)
    table = _table("Policy sets", "version", "hash", "from", "change", "in force")
    for one in found:
        now = "yes" if one.hash == in_force.hash else ""
        table.add_row(str(one.version), one.hash, str(one.in_force_on), str(one.change_id or "packaged"), now)
    console.print(table)


@policy_app.command(epilog="Example: dat-hub policy template policy.toml")
def template(path: Annotated[Path, typer.Argument(help="A file that is not there yet.")]) -> None:
    """Write the packaged policy set to a file, to start a proposal from."""
    with path.open("x", encoding="utf-8") as out:
        out.write(DEFAULT.read_text(encoding="utf-8"))


@policy_app.command(epilog="Example: dat-hub policy diff policy.toml")
def diff(
    after: Annotated[str, typer.Argument(help="A file, or a version's hash.")],
    before: Annotated[str | None, typer.Argument(help="A file or a hash; else the one in force.")] = None,
) -> None:
    """Print what one policy set says otherwise than another."""
    with _looking() as work:
        first = _document(work, before or versions.policy_in_force(work).hash)
        second = _document(work, after)
    table = _table("Differences", "place", "before", "after")
    for one in compare(first, second):
        table.add_row(one.place, _shown(one.before), _shown(one.after))
    console.print(table if table.row_count else "nothing differs")


@policy_app.command(
    epilog="Example: dat-hub policy propose policy.toml --reason law_changed --from 2027-01-01 --by 9e1d…"
)
def propose(
    file: Annotated[Path, typer.Argument(help="The policy set, whole.", exists=True, dir_okay=False)],
    reason: Annotated[ChangeReason, typer.Option(help="Why.")],
    begins: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="The first day.")],
    by: Annotated[UUID, typer.Option(help="The member of staff who proposes it; another one approves it.")],
) -> None:
    """Put a policy set before a second person, who approves it with a key of their own over the API."""
    document = read_document(file)
    try:
        rules = parse_policy(document)
    except PolicyInvalidError as failure:
        raise typer.BadParameter(f"not a policy set at {', '.join(failure.places)}") from None
    with _looking() as work:
        staff = find_staff(work, [by]).get(by)
    if staff is None:
        raise StaffMissingError
    caller = replace(OPERATOR, organisation_id=staff.organisation_id, staff_id=staff.id)
    with _working(caller) as work:
        change = versions.propose_policy(work, document, in_force_on=begins.date(), reason=reason)
    console.print(f"proposed {rules.hash} as change {change.id}, until {change.expires_at:%Y-%m-%d}")


@policy_app.command(epilog="Example: dat-hub policy lay policy.toml")
def lay(
    file: Annotated[Path, typer.Argument(help="The policy set, whole.", exists=True, dir_okay=False)],
) -> None:
    """Lay a policy set down, for a covenant manager to read and propose over the API. Prints its hash."""
    try:
        with _working(OPERATOR) as work:
            rules = versions.lay_draft(work, read_document(file))
    except PolicyInvalidError as failure:
        raise typer.BadParameter(f"not a policy set at {', '.join(failure.places)}") from None
    console.print(rules.hash)


@policy_app.command(name="explain", epilog="Example: dat-hub policy explain 5b0c… --language en")
def explain_decision(
    decision_id: UUID,
    language: Annotated[Language, typer.Option(help="nl or en.")] = Language.DUTCH,
) -> None:
    """Say in words why somebody was told, or nobody; that it was read is recorded."""
    with disclosing() as work:
        read = reading.read_decision(work, decision_id)
    moment, decision = f"{read.decided_at:%Y-%m-%d %H:%M} UTC", read.decision
    console.print(f"{moment}  level {decision.level}  policy set {decision.policy_hash}", highlight=False)
    console.print(explain(decision, language), highlight=False)


@contextmanager
def _looking() -> Iterator[Work]:
    with closing(open_database()) as database, database.look(OPERATOR) as work:
        yield work


@contextmanager
def _working(caller: Caller) -> Iterator[Work]:
    with closing(open_database()) as database, database.work(caller) as work:
        yield work


def _document(work: Work, named: str) -> dict[str, Any]:
    return read_document(Path(named)) if Path(named).is_file() else versions.find_document(work, named)


def _shown(value: object) -> str:
    return "" if value is None else str(value)


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
            f"{min(row.level, rules.sensitive_level) if row.sensitive else row.level}",
            "consent" if row.feedback else "never",
        )
    return table


def _ages(rules: PolicySet) -> Table:
    brackets = [row.bracket for row in rules.brackets]
    table = _table("Ages", "act", *brackets, "source")
    for row in rules.acts:
        cells = (" + ".join(sorted(row.who[bracket])) for bracket in brackets)
        table.add_row(row.act, *cells, f"{row.source} ({row.status})")
    return table


def _terms(rules: PolicySet) -> Table:
    table = _table("Terms", "code", "length", "source")
    for row in rules.terms:
        table.add_row(row.code, str(row.length), f"{row.source} ({row.status})")
    for exception in rules.exceptions:
        length = f"{rules.notice_terms.exception_days} days"
        table.add_row(f"exception: {exception.code}", length, f"{exception.source} ({exception.status})")
    return table


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left")
    for column in columns:
        table.add_column(
            column, no_wrap=column in {"code", "kind", "may use", "tells", "act", "feedback", "hash"}
        )
    return table
