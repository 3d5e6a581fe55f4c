"""What the municipal team sees and does, each member with the real client and an own key."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from demo.deal import Deal
from demo.desks import age_on
from demo.files import person_fields
from demo.people import Individual
from demo.processes import run
from demo.town import Home, Town

ADULT = 18
Item = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Inboxes:
    """What the team was shown.

    Attributes:
        notices: by casemanager, what waits in the inbox.
        lead: what waits in the team lead's inbox.
    """

    notices: dict[str, list[Item]]
    lead: list[Item]
    intake: list[Item]
    possible: list[Item]


@dataclass(frozen=True, slots=True)
class Acts:
    """What two casemanagers and the team lead then did.

    Attributes:
        handle: what the taker of an intake item was told: whom to call, with which handle.
        resolved: what the reporter's own client says of that handle.
    """

    taken_up: Item | None
    known: Item | None
    handle: Item | None
    resolved: Item | None


def open_inboxes(town: Town) -> Inboxes:
    """Have every member of the team open the own inbox, and the lead the team's queues."""
    casemanagers, (lead,) = town.home_of("casemanager"), town.home_of("team_lead")
    lines = [home.dat("notices", "list", "--json") for home in (*casemanagers, lead)]
    lines += [lead.dat("intake", "list", "--json"), lead.dat("possible", "list", "--json")]
    *notices, leads_own, intake, possible = _several(casemanagers[0], lines)
    by_name = {home.name: found for home, found in zip(casemanagers, notices, strict=True)}
    return Inboxes(by_name, leads_own, intake, possible)


def file_request(town: Town, deal: Deal) -> None:
    """Have somebody ask at the municipality's counter what is registered about them, if there is an adult."""
    usable = [one for one in deal.registrations if one.refusal is None]
    adults = [one.written for one in usable if _is_adult(one.written, today=town.today)]
    if adults:
        (counter,) = town.home_of("desk")
        asked = ["--kind", "access", "--identification", "document_at_desk", "--filed-by", "subject"]
        run(counter.domain, counter.dat("rights", "file", *asked), given=json.dumps(person_fields(adults[0])))


def _is_adult(person: Individual, *, today: date) -> bool:
    return person.birth_date is not None and age_on(person.birth_date, today) >= ADULT


def act(town: Town, seen: Inboxes) -> Acts:
    """Take one notice up, mark one as known already, take one intake item and resolve its handle."""
    homes = {home.name: home for home in town.homes if home.name}
    filled = [(homes[name], items[0]) for name, items in seen.notices.items() if items]
    lines = [
        home.dat("notices", "ack", item["notice_id"], "--json", "--outcome", outcome)
        for (home, item), outcome in zip(filled, ("acknowledged", "already_in_contact"), strict=False)
    ]
    waiting = seen.intake[:1]
    (lead,) = town.home_of("team_lead")
    lines += [lead.dat("intake", "accept", item["item_id"], "--json") for item in waiting]
    done = _several(lead, lines) if lines else []
    handle = done.pop()["handles"][0] if waiting else None
    taken_up, known = (*done, None, None)[:2]
    return Acts(taken_up, known, handle, _resolve(town, handle) if handle else None)


def _resolve(town: Town, handle: Item) -> Item | None:
    for home in town.home_of("reporter"):
        if home.desk.name == handle["partner"]:
            command = home.dat("signals", "show", handle["signal_id"], "--json")
            return dict(json.loads(run(home.domain, command)))
    return None


def _several(home: Home, lines: Sequence[Sequence[str]]) -> list[Any]:
    """Run command lines of one domain in one process; each home still uses its own key and store."""
    given = json.dumps([list(line)[1:] for line in lines])
    printed = run(home.domain, ["python", "-m", "demo.several", "dat"], given=given)
    return [json.loads(text) for text in json.loads(printed)]
