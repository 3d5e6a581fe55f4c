"""Tell what happens, with colour and progress where somebody watches and plain lines where nobody does."""

from __future__ import annotations

import json
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.panel import Panel
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn
from rich.table import Table

from demo.inboxes import Item
from demo.running import Facts
from demo.town import Town

DOMAINS = {
    "hub": "hub and worker: pseudonyms under own peppers; no name, no key of the pseudonyms",
    "holder": "key holder: the keys of the pseudonyms; sees blinded points and counts",
    "root": "offline root: signs the list of all public keys, that partners pin",
    "mail": "the municipality's mail server",
    "logins": "the municipality's provider of logins (OpenID Connect), with fictive people",
    "partners/police": "Politie Waterstad",
    "partners/housing": "Woonstichting De Dijk",
    "partners/school": "Scholengemeenschap De Linde",
    "partners/attendance": "Leerplicht Waterstad (may use the BSN)",
    "partners/team": "Sociaal team Waterstad (may use the BSN): three casemanagers and a lead, a key each",
}
ROLES_SEE = {
    "casemanager": "/inbox, /matches, /caseload, /absence",
    "team_lead": "/team, /team/agenda, and the same",
    "process_director": "/follow-up, /households, /changes",
    "municipal_coordinator": "/follow-up",
    "municipal_supervisor": "/rights-desk, /partners",
    "privacy_officer": "/oversight, /log, /questions, /warnings, /reviews, /requests, /keeping",
    "functional_administrator": "/partners, /delivery, /health",
    "covenant_manager": "/arrangements, /changes, /partners",
    "desk": "/rights-desk, /consent-tasks",
    "rights_officer": "/rights-desk, /changes",
    "partner_coordinator": "/advices, /consent-tasks",
}
LEVELS = {0: "a partner", 1: "its domain", 2: "the organisation", 3: "the reporter's desk"}


class Story:
    """The one who tells; hears from `running` how far it is."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.progress = Progress(
            TextColumn("  {task.description:<24}"),
            BarColumn(),
            MofNCompleteColumn(),
            console=console,
            disable=not console.is_terminal,
        )
        self.tasks: dict[str, TaskID] = {}
        self.done: set[str] = set()

    def chapter(self, title: str) -> None:
        """Begin a chapter."""
        self.console.print()
        self.console.rule(f"[bold]{title}", align="left", characters="-")

    def begin(self, what: str) -> None:
        """Say what is done now."""
        self.progress.stop()
        self.console.print(f"  [cyan]..[/] {what}")

    def laid_out(self, town: Town) -> None:
        """Say who takes part, each in a folder of its own."""
        self.chapter("Waterstad: who takes part, each on its own ground")
        table = _table("folder", "account", "who, and what lies there")
        for name, domain in town.domains.items():
            account = str(domain.account or "yours")
            table.add_row(f"{name}/", account, DOMAINS[name])
        self.console.print(table)
        if not town.accounts:
            self.console.print(
                "  [yellow]one account for all[/]: only root can give each party its own, and only where "
                "others may read this folder and Python; folders, keys, stores, logs and variables are apart"
            )

    def posting(self, rows: dict[str, int]) -> None:
        """Show how far each file is."""
        self.chapter("Desks post their files and casemanagers their caseload, with the real client")
        self.progress.start()
        self.tasks = {name: self.progress.add_task(name, total=count) for name, count in rows.items()}

    def posted(self, client_id: str, count: int) -> None:
        """Move a bar; without a terminal, say it once when the file is done."""
        task = self.tasks[client_id]
        self.progress.update(task, completed=max(0, count))
        total = self.progress.tasks[task].total
        if count == total and client_id not in self.done:
            self.done.add(client_id)
            if not self.console.is_terminal:
                self.console.print(f"  {client_id}: {count} rows done")

    def tell(self, town: Town, facts: Facts) -> None:
        """Show what each party sees."""
        self._partners(facts)
        self._casemanagers(town, facts)
        self._waiting(facts)
        self._hub(facts)
        self._proofs(facts)
        self._judged(facts)

    def _partners(self, facts: Facts) -> None:
        self.chapter("What the partners see: receipts, and nothing else")
        table = _table("who", "rows", "accepted", "receipts that hold", "refused on the spot")
        for one in facts.posted:
            refused = ", ".join(f"{count} {reason}" for reason, count in sorted(one.refused.items()))
            receipts = "" if one.receipts is None else str(one.receipts)
            table.add_row(one.home.label, str(one.rows), str(one.accepted), receipts, refused)
        self.console.print(table)
        self.console.print("  The answer is the same whether anybody else knows the person or not.")

    def _casemanagers(self, town: Town, facts: Facts) -> None:
        self.chapter("What the casemanagers see: that there was contact, never what about")
        table = _table("casemanager", "own case", "contact on", "kind", "told at level", "from", "verify?")
        for name, items in facts.inboxes.notices.items():
            for item in items[:3]:
                table.add_row(name, *_notice(item))
            if len(items) > 3:
                table.add_row(name, f"... and {len(items) - 3} more")
        self.console.print(table)
        acts = facts.acts
        if acts.taken_up:
            self.console.print(f"  One notice is taken up: [green]{acts.taken_up['state']}[/].")
        if acts.known:
            self.console.print(f"  One casemanager knew already: [green]{acts.known['state']}[/].")

    def _waiting(self, facts: Facts) -> None:
        self.chapter("What waits for a human")
        possible, intake, acts = facts.inboxes.possible, facts.inboxes.intake, facts.acts
        self.console.print(
            f"  {len(possible)} possible matches (twins, a name that changed): nobody is told before "
            "the team lead has looked."
        )
        self.console.print(f"  {len(intake)} matches without a case wait in the team's intake.")
        if acts.handle and acts.resolved:
            handle = acts.handle
            partner, contact = handle["partner"], handle["reporter_contact"] or "its desk"
            file, number = acts.resolved["reference"], handle["signal_id"][:8]
            self.console.print(
                f"  The lead takes one and hears: call {escape(partner)} ({escape(contact)}) on {number}...\n"
                f"  Only that desk's own client knows whom that is about: its file [bold]{file}[/]."
            )

    def _hub(self, facts: Facts) -> None:
        behind = facts.behind
        self.chapter("What the hub holds: no identity")
        for name, rows in behind.rows.items():
            for row in rows:
                self.console.print(f"  [bold]{name}[/] {_short(row)}", highlight=False)
        size = behind.searched / 1e6
        verdict = "[green]nothing found[/]" if not behind.found else f"[red]{len(behind.found)} found[/]"
        self.console.print(
            f"  {size:.1f} MB of database, journal, keys and logs searched for {behind.needles:,} writings "
            f"of names, numbers, dates and addresses (plain, hexadecimal, base64, SHA-256): {verdict}"
        )
        if behind.intruded is not None:
            self.console.print("  Every account tried to read every other's folder: [green]refused[/].")

    def _proofs(self, facts: Facts) -> None:
        behind = facts.behind
        self.chapter("What can be checked afterwards")
        verdict = "[green]verified[/]" if behind.audit["verified"] else "[red]not verified[/]"
        self.console.print(f"  audit log of the hub: {behind.audit['events']} events, {verdict}")
        self.console.print(f"  key holder's log, counts only: {_short(behind.holder)}", highlight=False)
        self.console.print(f"  {behind.mails} mails were sent, and each says no more than this:")
        for text in behind.texts:
            self.console.print(Panel(escape(text.strip()), expand=False))

    def _judged(self, facts: Facts) -> None:
        tally = facts.tally
        self.chapter("Judged by the books of the deal, that the hub never saw")
        table = _table("pairs of registrations", "count")
        for name, count in (
            ("that are one person and should meet", tally.expected_matches),
            ("of those, matched and told", tally.found_expected),
            ("of those, waiting for a human", tally.possible_expected),
            ("matched and not one person", tally.unexpected),
            ("of those, of one name, birth date and sex in the file itself", tally.unexpected_namesakes),
            ("waiting for a human and not one person", tally.unexpected_possible),
        ):
            table.add_row(name, str(count))
        self.console.print(table)

    def show_the_way(self, town: Town) -> None:
        """Print where to go while it stays up."""
        self.chapter("It stays up. Where to go")
        casemanager, reporter = town.home_of("casemanager")[0], town.home_of("reporter")[0]
        read = f".venv/bin/dat --home {casemanager.folder} notices list"
        post = (
            f".venv/bin/dat --home {reporter.folder} post --contact-date {town.today} --basis JW_7_1_4_1 "
            "--notice pending --weighed"
        )
        desk = f".venv/bin/dat --home {reporter.folder} desk --no-browser"
        for line in (
            f"the pages, in a browser      {town.hub_url}/",
            f"the API, as a document       {town.hub_url}/api/v1/openapi.json",
            f"read as a casemanager        {_as(casemanager.domain.account)}{read}",
            f"post a contact yourself      {_as(reporter.domain.account)}{post}",
            "                             (a form asks for the person; it stays on this machine)",
            f"the same on a page           {_as(reporter.domain.account)}{desk}",
            f"stores, keys and logs        {town.data}/hub, holder, partners/...",
        ):
            self.console.print(f"  {line}", soft_wrap=True, highlight=False, markup=False)
        self._show_logins(town)
        self.console.print("\n  [bold]Ctrl-C stops everything.[/]")

    def _show_logins(self, town: Town) -> None:
        """Print as whom one can log in to the pages."""
        if not town.logins:
            self.console.print("  nobody can log in: the provider is not installed; `make demo` installs it")
            return
        table = _table("log in as", "who is", "at", "and see")
        for login in town.logins:
            role = login.role.replace("_", " ")
            table.add_row(login.name, role, f"{town.hub_url}/login", ROLES_SEE.get(login.role, "/sessions"))
        self.console.print(table)
        self.console.print(
            "  without a login: /register, /parents, /young-people, /your-rights", highlight=False
        )


def _as(account: int | None) -> str:
    return "" if account is None else f"setpriv --reuid {account} --regid {account} --clear-groups "


def _notice(item: Item) -> tuple[str, ...]:
    return (
        str(item.get("reference") or ""),
        str(item.get("contact_date") or ""),
        str(item.get("signal_kind") or item["kind"]),
        f"{item.get('level')}: {LEVELS.get(item.get('level') or 0, '')}",
        ", ".join(filter(None, (item.get("partner"), item.get("reporter_contact")))),
        "verify the person" if item.get("verify_person") else "",
    )


def _table(*columns: str) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=True, padding=(0, 2))
    for name in columns:
        table.add_column(name, overflow="fold")
    return table


def _short(row: dict[str, Any]) -> str:
    return ", ".join(f"{name}={_cut(value)}" for name, value in row.items())


def _cut(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return text if len(text) <= 24 else f"{text[:21]}..."
