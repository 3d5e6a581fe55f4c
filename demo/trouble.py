"""The trouble of real life: how one person comes to be written differently at different desks."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

from demo.people import Individual, fictive_address

Trouble = Callable[[Individual, random.Random], Individual]

RESPELLINGS = [
    ("ij", "y"),
    ("y", "ij"),
    ("k", "ck"),
    ("c", "k"),
    ("z", "s"),
    ("v", "f"),
    ("oo", "o"),
    ("th", "t"),
]
PARTICLES = {
    "van der": "v.d.",
    "van den": "v.d.",
    "van de": "v.d.",
    "van": "Van",
    "de": "De",
    "in 't": "in het",
    "ter": "Ter",
    "van 't": "vant",
}
PARTNERS = ["Holtkamp", "Vriezeveen", "Ketelaars", "Boonacker", "Lindeboom", "Sterrenburg"]
SHORT_NAMES = ["Bobbie", "Jip", "Puck", "Kiki", "Tinus", "Loes", "Guus", "Wim"]


def respelled(person: Individual, chance: random.Random) -> Individual:
    """Write the surname as it sounds to somebody else."""
    possible = [pair for pair in RESPELLINGS if pair[0] in person.surname.lower()]
    if not possible:
        return replace(person, surname=person.surname + "s")
    old, new = chance.choice(possible)
    return replace(person, surname=person.surname.lower().replace(old, new, 1).title())


def typo(person: Individual, chance: random.Random) -> Individual:
    """Swap two neighbouring letters of a name."""
    if chance.random() < 0.5:
        return replace(person, surname=_swapped(person.surname, chance))
    return replace(person, given_names=_swapped(person.given_names, chance))


def other_particle(person: Individual, _chance: random.Random) -> Individual:
    """Write the particle otherwise, or in front of the name itself."""
    if not person.prefix:
        return person
    return replace(
        person, prefix="", surname=f"{PARTICLES.get(person.prefix, person.prefix)} {person.surname}"
    )


def partners_name(person: Individual, chance: random.Random) -> Individual:
    """Write the partner's name, alone or before the own one."""
    name = chance.choice(PARTNERS)
    return replace(person, prefix="", surname=f"{name}-{person.surname}" if chance.random() < 0.5 else name)


def date_error(person: Individual, chance: random.Random) -> Individual:
    """Swap day and month where that gives a date, or shift the year."""
    swapped = replace(person, born=person.born[:4] + person.born[6:] + person.born[4:6])
    if swapped.birth_date and swapped.born != person.born and chance.random() < 0.5:
        return swapped
    if person.birth_date is None:
        return person
    return replace(person, born=f"{int(person.born[:4]) - 1:04d}{person.born[4:]}")


def other_first_name(person: Individual, chance: random.Random) -> Individual:
    """Write the name somebody goes by."""
    return replace(person, given_names=chance.choice(SHORT_NAMES))


def moved(person: Individual, chance: random.Random) -> Individual:
    """Write another address."""
    postcode, house = fictive_address(chance)
    return replace(person, postcode=postcode, house=house)


def no_address(person: Individual, _chance: random.Random) -> Individual:
    """Write no address."""
    return replace(person, postcode="", house="")


RATES: tuple[tuple[float, Trouble], ...] = (
    (0.03, respelled),
    (0.02, typo),
    (0.15, other_particle),
    (0.05, partners_name),
    (0.012, date_error),
    (0.12, other_first_name),
    (0.08, moved),
    (0.20, no_address),
)


def registered(person: Individual, chance: random.Random) -> Individual:
    """Return the person as one desk wrote them down: each trouble strikes by its own rate."""
    for rate, trouble in RATES:
        if chance.random() < rate:
            person = trouble(person, chance)
    return person


def _swapped(text: str, chance: random.Random) -> str:
    if len(text) < 3:
        return text
    at = chance.randrange(1, len(text) - 1)
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
