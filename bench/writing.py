"""Write residents down as desks do: every registration has its own mistakes, at the assumed rates."""

from __future__ import annotations

import random
from datetime import date, timedelta

from bench.region import Inventor, Resident
from dat_client.identity.person import Person

RATES = {
    "surname_respelled": 0.03,
    "surname_typo": 0.02,
    "other_particle": 0.15,  # of those who have one
    "partner_name": 0.05,
    "date_error": 0.012,
    "other_first_name": 0.12,
    "moved": 0.08,
    "no_address": 0.20,
}
_PREFIXES = ("van der", "van den", "van de", "van 't", "in 't", "van", "de", "ten", "ter", "el", "El")
_OTHERWISE = {
    "van der": ("v.d.", "v d", "vd", "van de", "Van Der", ""),
    "van den": ("v.d.", "van de", "vd", ""),
    "van de": ("v.d.", "van der", ""),
    "van 't": ("v.'t", "van het", "vant", ""),
    "in 't": ("in het", "i.t.", ""),
    "van": ("v.", "Van", ""),
    "de": ("De", "den", "d.", ""),
    "ten": ("te", ""),
    "ter": ("te", ""),
    "el": ("El", "al", "el-", ""),
    "El": ("el", "el-", ""),
}
_RESPELLINGS = (
    ("ij", "y"), ("ei", "ij"), ("ij", "ei"), ("k", "c"), ("c", "k"), ("s", "z"), ("z", "s"), ("d", "dt"),
    ("dt", "d"), ("t", "th"), ("aa", "ae"), ("oo", "o"), ("ss", "s"), ("s", "ss"), ("ie", "i"), ("f", "v"),
    ("v", "f"), ("x", "ks"), ("kk", "k"), ("ou", "au"), ("n", "nn"),
)  # fmt: skip
_ALPHABET = "abcdefghijklmnopqrstuvwxyz"


def write_down(resident: Resident, inventor: Inventor, *, with_bsn: bool) -> Person:
    """Return one registration of a resident; each kind of mistake strikes by its own rate."""
    chance = inventor.chance
    postcode, house = resident.postcode, resident.house
    if _strikes(chance, "moved"):
        postcode, house = inventor.address()
    if _strikes(chance, "no_address"):
        postcode = house = ""
    return Person(
        surname=_surname(resident, chance),
        given_names=_given_names(resident, inventor),
        birth_date=_birth_date(resident.born, chance),
        sex=resident.sex,
        bsn=resident.bsn if with_bsn else None,
        postcode=postcode,
        house_number=house,
    )


def _strikes(chance: random.Random, mistake: str) -> bool:
    return chance.random() < RATES[mistake]


def _surname(resident: Resident, chance: random.Random) -> str:
    prefix = next((one for one in _PREFIXES if resident.surname.startswith(f"{one} ")), "")
    core = resident.surname.removeprefix(prefix).strip()
    if _strikes(chance, "surname_respelled"):
        core = _respelled(core, chance)
    if _strikes(chance, "surname_typo"):
        core = _mistyped(core, chance)
    if prefix and _strikes(chance, "other_particle"):
        prefix = chance.choice(_OTHERWISE[prefix])
    surname = f"{prefix}{'' if prefix.endswith('-') else ' '}{core}".strip()
    if _strikes(chance, "partner_name"):
        return chance.choice((resident.partner_name, f"{resident.partner_name}-{surname}"))
    return surname


def _respelled(name: str, chance: random.Random) -> str:
    lower = name.lower()
    possible = [pair for pair in _RESPELLINGS if pair[0] in lower]
    if not possible:
        return f"{name}s"
    old, new = chance.choice(possible)
    at = chance.choice([place for place in range(len(lower)) if lower.startswith(old, place)])
    return lower[:at] + new + lower[at + len(old) :]


def _mistyped(name: str, chance: random.Random) -> str:
    at, letter = chance.randrange(len(name)), chance.choice(_ALPHABET)
    mistakes = (
        name[:at] + name[at + 1 :] or name,
        name[:at] + letter + name[at + 1 :],
        name[:at] + letter + name[at:],
        name[:at] + name[at + 1 : at + 2] + name[at : at + 1] + name[at + 2 :],
    )
    return chance.choice(mistakes)


def _birth_date(born: date, chance: random.Random) -> date:
    if not _strikes(chance, "date_error"):
        return born
    kind = chance.random()
    if kind < 0.4 and born.day <= 12:
        return date(born.year, born.day, born.month)
    if kind < 0.8:
        return born + timedelta(days=chance.choice((-10, -1, 1, 10)))
    return date(born.year + chance.choice((-1, 1)), born.month, min(born.day, 28))


def _given_names(resident: Resident, inventor: Inventor) -> str:
    chance, first = inventor.chance, resident.first_name
    if not _strikes(chance, "other_first_name"):
        return resident.given_names
    kind = chance.random()
    if kind < 0.4:
        return first[: max(3, len(first) - 2)] + chance.choice(("", "tje", "ie", "y"))
    other = inventor.given[resident.sex].draw(chance)
    return first[0] + other[1:] if kind < 0.65 else other
