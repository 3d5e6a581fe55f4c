"""What the pages do with the client: one contact, one case, a file, the own signals; one thing at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from threading import Lock
from typing import Literal

from dat_client import clock
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
from dat_client.desk.held import Held, HeldFile, HeldForm
from dat_client.errors import ClientError, UnavailableError
from dat_client.identity.age import bracket
from dat_client.identity.nl1 import parse_birth_date
from dat_client.importing import Import, Target
from dat_client.informing import Preview
from dat_client.preparing import Draft, Refusal, read_draft
from dat_client.reporting import Summary
from dat_client.rows import RowError, read_case
from dat_client.store import State
from dat_client.tables import open_table
from look.language import Language

TEAM = "municipal_team"
MAPPING = "columns.toml"
KEPT_FORMS = 500
FRESH = timedelta(minutes=10)  # the rules of who hears what may change
Outcome = Literal["posted", "registered", "kept", "twice"]


@dataclass(slots=True)
class Desk:
    """One partner's desk.

    Attributes:
        lock: the store and its pending posts are for one at a time.
        sent: forms that were sent, so that a double click is one signal.
    """

    client: Client
    lock: Lock = field(default_factory=Lock)
    files: Held[HeldFile] = field(default_factory=Held)
    forms: Held[HeldForm] = field(default_factory=Held)
    sent: dict[str, None] = field(default_factory=dict)
    previews: dict[tuple[str, ...], tuple[datetime, Preview]] = field(default_factory=dict)

    @property
    def is_team(self) -> bool:
        """Whether this is a municipal team, which registers its caseload instead of signalling."""
        return self.client.configuration.partner_kind == TEAM

    @property
    def _target(self) -> Target:
        return self.client.case_target() if self.is_team else self.client.signal_target()

    @property
    def today(self) -> date:
        """The day it is in the Netherlands."""
        return clock.dutch_date(clock.now())

    def judge(self, fields: Mapping[str, str]) -> None:
        """Judge one person and contact on this machine; nothing is sent.

        Raises:
            RowError: Something is missing or not right, by its code.
        """
        read = read_draft(self._draft(fields), schemes=self.client.configuration.schemes, today=self.today)
        if isinstance(read, Refusal):
            raise RowError(read.code)

    def look_ahead(self, fields: Mapping[str, str], language: Language) -> Preview | None:
        """Ask who would be told what: the age bracket goes along, and nothing else of the person."""
        kind = self.client.configuration.partner_kind
        if kind is None or self.is_team:
            return None
        age = bracket(parse_birth_date(fields["geboortedatum"]), self.today)
        asked = (kind, fields.get("grondslag", "").strip().upper(), age, language.value)
        before = self.previews.get(asked)
        if before is None or clock.now() - before[0] > FRESH:
            before = clock.now(), self.client.preview_telling(*asked[:3], language=language.value)
            self.previews[asked] = before
        return before[1]

    def forget_old(self) -> None:
        """Forget what was filled in or dropped and waits too long, also where nobody comes back for it."""
        with self.lock:
            self.files.forget_old()
            self.forms.forget_old()

    def send(self, fields: Mapping[str, str], once: str) -> Outcome:
        """Post one contact, or register one case; the same form twice is one.

        Raises:
            RowError: It was refused, by its code; nothing was sent, or the hub did not take it.
            ClientError: Nothing was sent, and nothing was kept.
        """
        if once in self.sent:
            return "twice"
        self.judge(fields)
        waiting = self.count_pending()
        try:
            self._send(self._draft(fields))
        except ClientError:
            if self.count_pending() == waiting:
                raise
            self._remember(once)
            return "kept"
        self._remember(once)
        return "registered" if self.is_team else "posted"

    def count_pending(self) -> int:
        """Count what was sealed and has no answer yet."""
        return sum(1 for _ in self.client.store.list_posts(state=State.PENDING))

    def hold_file(self, content: bytes, fields: Mapping[str, str]) -> str:
        """Judge every row of a file and keep it, in memory; gives its name.

        Raises:
            TableError: It is no table, or misses a column.
        """
        table = open_table(content)
        allowed, needed = (
            (CASE_FIELDS, NEEDED_FOR_CASE) if self.is_team else (SIGNAL_FIELDS, NEEDED_FOR_SIGNAL)
        )
        columns = fit_columns(table.header, self._mapped(fields, allowed), fields=allowed, needed=needed)
        run = Import(self.client, table, columns, self._target)
        return self.files.hold(HeldFile(run, list(run.dry_run()), clock.now()))

    def send_file(self, held: HeldFile) -> None:
        """Post a file that was judged; posting it again goes on where it stopped, and posts nothing twice."""
        summary = Summary()
        held.run.failure = None
        for outcome in held.run.run():
            summary.count(outcome)
        held.summary = summary

    def _mapped(self, fields: Mapping[str, str], allowed: tuple[str, ...]) -> Mapped:
        """Say what holds for every row; other names of columns stand in a file of the home."""
        path = self.client.home / MAPPING
        own = read_mapping(path if path.exists() else None, (), {})
        given = {name: fields[name] for name in allowed if fields.get(name)}
        return Mapped(own.columns, {**own.defaults, **given})

    def _draft(self, fields: Mapping[str, str]) -> Draft:
        known = {name: value for name, value in fields.items() if value}
        if self.is_team:
            return self.client.draft_case(read_case(known))
        return self.client.draft_row(known, today=self.today)

    def _send(self, draft: Draft) -> None:
        posted = self.client.post_draft(draft, self._target)
        if posted.status == "refused":
            raise RowError(posted.code or "refused")
        if posted.status == "unfinished":
            raise UnavailableError

    def _remember(self, once: str) -> None:
        """Remember that a form was sent, and forget what was filled in."""
        self.forms.clear()
        self.sent[once] = None
        while len(self.sent) > KEPT_FORMS:
            self.sent.pop(next(iter(self.sent)))
