"""Run the whole of it once and gather the facts: set up, post, match, open inboxes, look behind, judge."""

from __future__ import annotations

import json
import random
import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from compileall import compile_dir
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import asdict, dataclass
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any, Protocol

from demo import looking, searching
from demo.deal import Deal, Tally, compare, deal_people
from demo.domains import PROJECT, DemoError, Domain
from demo.inboxes import Acts, Inboxes, act, file_request, open_inboxes
from demo.people import invent_people, read_people
from demo.posting import Posted, post_files, write_files
from demo.processes import run, wait_until
from demo.settings import Choices
from demo.town import Town, lay_out, make_keys, onboard, start_services, wait_for_services
from service.clock import dutch_date, now

QUIET_WITHIN = 120.0  # seconds
ROOMS = ("dat_client", "demo", "hub", "keys", "ledger", "look", "service")


@dataclass(frozen=True, slots=True)
class Behind:
    """What lies behind the counters.

    Attributes:
        found: traces of people in the hub's folder: database, journal, logs, keys.
        needles: how many writings of people were looked for.
        searched: bytes that were searched.
        holder: one line of the key holder's log.
        mails: mails that were sent; `texts` is what they say, each text once.
        intruded: which account could list another's folder, where each has its own; None where none has.
        proved: what one partner's own receipts are proved to, by `dat receipts verify --log`.
    """

    tables: dict[str, int]
    rows: dict[str, list[dict[str, Any]]]
    found: list[searching.Hit]
    needles: int
    searched: int
    holder: dict[str, Any]
    audit: dict[str, Any]
    mails: int
    texts: frozenset[str]
    intruded: list[str] | None
    proved: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that came out."""

    deal: Deal
    posted: list[Posted]
    pairs: looking.Pairs
    tally: Tally
    inboxes: Inboxes
    acts: Acts
    behind: Behind

    def as_json(self, *, seconds: float) -> dict[str, Any]:
        """Give the figures for a machine to check."""
        signals = [one for one in self.posted if one.receipts is not None]
        refused: Counter[str] = Counter()
        for one in self.posted:
            refused.update(one.refused)
        by_name = {name: len(items) for name, items in self.inboxes.notices.items()}
        return {
            "signals_posted": sum(one.rows - sum(one.refused.values()) for one in signals),
            "signals_acknowledged": sum(one.receipts or 0 for one in signals),
            "cases_registered": sum(one.accepted for one in self.posted if one.receipts is None),
            "matches": len(self.pairs.matched),
            "possible_matches": len(self.pairs.possible),
            "held_matches": self.pairs.held,
            "notices_delivered": sum(by_name.values()),
            "notices_by_casemanager": by_name,
            "intake_items": len(self.inboxes.intake),
            "mails_delivered": self.behind.mails,
            "refused_rows": dict(sorted(refused.items())),
            **asdict(self.tally),
            "separate_accounts": self.behind.intruded is not None,
            "identities_in_hub": len(self.behind.found),
            "audit_verified": bool(self.behind.audit["verified"]),
            "audit_events": self.behind.audit["events"],
            "seconds": round(seconds, 1),
        }


class Listener(Protocol):
    """Who is told how far it is."""

    def begin(self, what: str) -> None:
        """Hear what is done now."""

    def laid_out(self, town: Town) -> None:
        """Hear who takes part."""

    def posting(self, rows: dict[str, int]) -> None:
        """Hear how many rows each home will post."""

    def posted(self, client_id: str, count: int) -> None:
        """Hear how many rows a home has behind it."""


def deal_choice(choices: Choices) -> Deal:
    """Deal the chosen people by the chosen seed."""
    # Not a secret: the same seed must deal the same people.
    chance, today = random.Random(choices.seed), dutch_date(now())  # noqa: S311
    people = (
        read_people(choices.people, chance=chance)
        if choices.people
        else invent_people(choices.invented, today=today, chance=chance)
    )
    return deal_people(people, today=today, chance=chance)


def set_up(choices: Choices, deal: Deal, listener: Listener) -> Iterator[Town]:
    """Lay out and start everything; the first value is the town, so that its children can be stopped."""
    # Other accounts can't keep what they compile: each of thirty processes would compile it anew.
    for room in ROOMS:
        compile_dir(PROJECT / room, quiet=2)
    town = lay_out(choices.data, cases_to_load=len(deal.registrations))
    yield town
    listener.laid_out(town)
    listener.begin("every party draws its own keys; an offline root signs the public ones")
    make_keys(town)
    listener.begin("key holder, hub, worker and mail server start")
    start_services(town)
    listener.begin("organisations and staff are admitted, at the hub and at the key holder apart")
    onboard(town)
    wait_for_services(town)


def play(town: Town, deal: Deal, listener: Listener) -> Facts:
    """Post, match, read, act and look; everything through the real client but the looking."""
    hub = town.domains["hub"].folder
    people = [*deal.people, *(one.written for one in deal.registrations)]
    needles = searching.make_needles(people)
    for before in searching.find_people(hub, needles):
        needles.pop(before.needle, None)
    rows = write_files(town, deal)
    listener.posting({client_id: len(listed) for client_id, listed in rows.items()})
    posted = post_files(town, rows, listener.posted)
    listener.begin("the worker matches what was posted, decides, tells and mails")
    wait_until(lambda: looking.is_quiet(hub), town.children, seconds=QUIET_WITHIN, what="an empty queue")
    ids = {id_: mark for one in posted for id_, mark in one.ids.items()}
    pairs = looking.read_pairs(hub, ids)
    listener.begin("casemanagers and team lead open their inboxes")
    with ThreadPoolExecutor(
        1
    ) as pool:  # a counter that files while the worker matches may be told to come back
        filed = pool.submit(file_request, town, deal)
        inboxes = open_inboxes(town)
        filed.result()
    acts = act(town, inboxes)
    listener.begin("database, journal and logs of the hub are searched for everybody")
    behind = _look_behind(town, needles, posted)
    tally = compare(deal, matched=pairs.matched, possible=pairs.possible)
    return Facts(deal, posted, pairs, tally, inboxes, acts, behind)


def require_promises(facts: Facts) -> None:
    """Fail when the run shows that a promise is broken.

    Raises:
        DemoError: Which one.
    """
    figures = facts.as_json(seconds=0)
    if len(facts.behind.texts) > 1:
        raise DemoError("mails differ from each other, so they say something")
    if not figures["audit_verified"]:
        raise DemoError("the audit log does not verify")
    if facts.behind.proved["dropped"] or facts.behind.proved["unknown"]:
        raise DemoError("the hub did not prove that every receipt stands in its log")
    if facts.behind.intruded:
        raise DemoError(f"one account can read another's folder: {facts.behind.intruded[0]}")
    if facts.behind.found:
        raise DemoError(f"{len(facts.behind.found)} traces of people in the hub: {_places(facts)}")
    if figures["signals_acknowledged"] != figures["signals_posted"]:
        raise DemoError("not every signal that was posted has a receipt that holds")


def _places(facts: Facts) -> str:
    return ", ".join(sorted({f"{hit.what} in {hit.file}" for hit in facts.behind.found}))


def _look_behind(town: Town, needles: dict[bytes, str], posted: Sequence[Posted]) -> Behind:
    hub = town.domains["hub"]
    with ThreadPoolExecutor(1) as pool:
        # Exit 1 is a verdict here, not a failure to run.
        verify = ["dat-hub", "audit", "verify", "--json"]
        verdict = pool.submit(run, hub, verify, environment=town.hub_settings(), allowed=(0, 1))
        proved = pool.submit(_prove_receipts, next(one for one in posted if one.receipts))
        found = searching.find_people(hub.folder, needles)
        mails = _read_mails(town.domains["mail"].folder / "taken")
        audit = json.loads(verdict.result())
    return Behind(
        tables=looking.count_rows(hub.folder),
        rows={name: looking.show_rows(hub.folder, name, limit=1) for name in ("registration", "match_index")},
        found=found,
        needles=len(needles),
        searched=sum(path.stat().st_size for path in hub.folder.rglob("*") if path.is_file()),
        holder=_last_line(town.domains["holder"].folder),
        audit=audit,
        mails=len(mails),
        texts=frozenset(mails),
        intruded=_intrude(town) if town.accounts else None,
        proved=proved.result(),
    )


def _prove_receipts(posted: Posted) -> dict[str, Any]:
    command = posted.home.dat("receipts", "verify", "--log", "--json")
    said: dict[str, Any] = json.loads(run(posted.home.domain, command, allowed=(0, 1)))
    return said


def _intrude(town: Town) -> list[str]:
    """Have every account try to list every other's folder; gives those that could."""
    pool = ThreadPoolExecutor(4)
    tries = [(one, other) for one in town.domains.values() for other in town.domains.values() if one != other]
    opened = pool.map(lambda pair: _can_list(*pair), tries)
    return [f"{one.name} {other.name}" for (one, other), could in zip(tries, opened, strict=True) if could]


def _can_list(one: Domain, other: Domain) -> bool:
    return run(one, ["/bin/ls", str(other.folder)], allowed=(0, 2)) != ""


def _read_mails(folder: Path) -> list[str]:
    """Give what each mail says."""
    messages = (
        message_from_bytes(path.read_bytes(), policy=default) for path in sorted(folder.glob("*.eml"))
    )
    return [str(message.get_content()) for message in messages]


def _last_line(holder: Path) -> dict[str, Any]:
    """Give the newest line of the key holder's log of evaluations."""
    with closing(sqlite3.connect(f"file:{holder / 'holder.db'}?mode=ro", uri=True)) as connection:
        rows = connection.execute("select leaf from evaluation_event").fetchall()
    leaves = [json.loads(leaf) for (leaf,) in rows]
    evaluated = [leaf for leaf in leaves if "n" in leaf]
    return dict((evaluated or leaves or [{}])[-1])
