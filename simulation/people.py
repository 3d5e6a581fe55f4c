"""Who lives in the region, who of them is met in the year, and what happens to them: the plan of the year.

The plan is the truth that the hub is judged by; nothing in here asks the hub.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bench.region import Inventor, Resident, invent_region
from hub.notices.terms import is_working_day
from simulation.scale import FIRST_DAY, KINDS, MUNICIPALITIES, Scale


@dataclass(slots=True)
class Client:
    """Somebody whom partners meet; `resident` follows their moves."""

    number: int
    resident: Resident
    has_consented: bool = False


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens to somebody on a day; events of one day happen in the order of the plan."""

    on: date
    act: str
    client: int
    kind: str = ""
    to: Resident | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """Everybody who is met, and everything that happens, by day."""

    clients: tuple[Client, ...]
    events: tuple[Event, ...]
    inventor: Inventor


def municipality_of(resident: Resident) -> str:
    """Return where somebody lives: the region's postcodes are dealt to its municipalities."""
    return MUNICIPALITIES[int(resident.postcode[:4]) % len(MUNICIPALITIES)]


def plan_year(scale: Scale) -> Plan:
    """Draw the region and the year."""
    chance = random.Random(scale.seed)
    residents = invent_region(scale.inhabitants, chance=chance).residents
    inventor = Inventor(scale.inhabitants, random.Random(scale.seed + 1))
    met = chance.sample(range(len(residents)), scale.inhabitants * scale.clients_per_1000 // 1000)
    clients = tuple(Client(number, residents[at]) for number, at in enumerate(met))
    events = [event for client in clients for event in _life_of(client, scale, chance, inventor)]
    inside = [event for event in events if FIRST_DAY <= event.on <= scale.last_day]
    return Plan(
        clients, tuple(sorted(inside, key=lambda event: (event.on, event.client, event.act))), inventor
    )


def _life_of(client: Client, scale: Scale, chance: random.Random, inventor: Inventor) -> Iterator[Event]:
    number, begins = client.number, FIRST_DAY + timedelta(days=chance.randrange(scale.days))
    meetings = list(_meetings(client, begins, chance))
    adult = any(KINDS[kind].adult == "CONSENT" and _age(client, on) >= 23 for on, kind in meetings)
    if adult and chance.random() < 0.7:
        client.has_consented = True
        given = begins - timedelta(days=chance.randrange(1, 20))
        yield Event(max(given, FIRST_DAY), "consent", number)
        if chance.random() < 0.2:
            yield Event(begins + timedelta(days=chance.randrange(1, 90)), "withdraw_consent", number)
    for on, kind in meetings:
        yield Event(on, "signal", number, kind)
        if chance.random() < 0.06:
            yield Event(on + timedelta(days=chance.randrange(3, 60)), "withdraw_signal", number, kind)
    yield from _case_of(client, begins, scale, chance, inventor)
    if chance.random() < 0.03:
        on = begins + timedelta(days=chance.randrange(-10, 60))
        yield Event(max(on, FIRST_DAY), "object", number)
        if chance.random() < 0.3:
            yield Event(on + timedelta(days=chance.randrange(20, 60)), "lift_objection", number)


def _case_of(
    client: Client, begins: date, scale: Scale, chance: random.Random, inventor: Inventor
) -> Iterator[Event]:
    if chance.random() > 0.5:
        return
    opened = max(begins + timedelta(days=chance.randrange(-120, 60)), FIRST_DAY)
    yield Event(opened, "open_case", client.number)
    if chance.random() < 0.25:
        yield Event(opened + timedelta(days=chance.randrange(40, 200)), "close_case", client.number)
    if chance.random() < 0.06:
        postcode, house = inventor.address()
        to = replace(client.resident, postcode=postcode, house=house)
        yield Event(opened + timedelta(days=chance.randrange(10, 150)), "move", client.number, to=to)


def _meetings(client: Client, begins: date, chance: random.Random) -> Iterator[tuple[date, str]]:
    on = begins
    for _ in range(1 + min(6, int(chance.expovariate(0.8)))):
        kind = _fitting_kind(client, on, chance)
        if kind is not None:
            while KINDS[kind].weekdays and not is_working_day(on):
                on += timedelta(days=1)
            yield on, kind
        on += timedelta(days=1 + int(chance.expovariate(1 / 25)))


def _fitting_kind(client: Client, on: date, chance: random.Random) -> str | None:
    age = _age(client, on)
    fitting = [
        name
        for name, kind in KINDS.items()
        if kind.youngest <= age <= kind.oldest and (kind.youth if age < 23 else kind.adult)
    ]
    holiday = on.month == 8 or (on.month == 12 and on.day > 20)
    closed = {"school", "school_attendance"} if holiday else set()
    open_ = [name for name in fitting if name not in closed]
    weights = [KINDS[name].weight for name in open_]
    return chance.choices(open_, weights=weights)[0] if open_ else None


def _age(client: Client, on: date) -> int:
    born = client.resident.born
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
