"""The people of the demo: invented here, or read from a file of test persons."""

from __future__ import annotations

import csv
import random
import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

NAMES = {
    "V": "Fenna Noor Sanne Yara Lotte Imke Roos Amina Julia Femke Elif Bo Tess Nina Saar Wietske Maud Aylin",
    "M": "Daan Bram Sem Youssef Luuk Tijn Mees Jelle Emre Gijs Thijs Noah Ruben Stijn Jort Sil Mats Bilal",
}
FIRST = {sex: names.split() for sex, names in NAMES.items()}
SURNAMES = re.findall(
    r"\w+",
    "Zandstra Kwakkelstein Oudenbroek Bolderman Vlaskamp Wielinga Tuinhof Ravensloot Hagelkruis Molenwiek "
    "Kraaijenhof IJzerdraat Öztürkmen Çelikbaş Benhaddi Roodnat Duindam Schaapskooi Pijpelink Waterval",
)
PREFIXES = ["", "", "", "", "van", "de", "van der", "van den", "in 't", "ter"]
FILE_COLUMNS = ("bsn", "voornamen", "voorvoegsel", "geslachtsnaam", "geboortedatum", "geslacht")


@dataclass(frozen=True, slots=True)
class Individual:
    """One person as the base register would have them, with a fictive address.

    Attributes:
        born: yyyymmdd, possibly incomplete or impossible.
        number: who it is, in the deal's own books only.
    """

    number: int
    bsn: str
    given_names: str
    prefix: str
    surname: str
    born: str
    sex: str
    postcode: str
    house: str

    @property
    def birth_date(self) -> date | None:
        """Return the birth date, or None when it is incomplete or impossible."""
        try:
            return date(int(self.born[:4]), int(self.born[4:6]), int(self.born[6:]))
        except ValueError:
            return None


def read_people(path: Path, *, chance: random.Random) -> list[Individual]:
    """Read test persons from a CSV file; the file has no addresses, so each gets a fictive one."""
    with path.open(newline="", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    people = []
    for number, row in enumerate(rows):
        bsn, given_names, prefix, surname, born, sex = (
            (row.get(name) or "").strip() for name in FILE_COLUMNS
        )
        postcode, house = fictive_address(chance)
        people.append(Individual(number, bsn, given_names, prefix, surname, born, sex, postcode, house))
    return people


def invent_people(count: int, *, today: date, chance: random.Random) -> list[Individual]:
    """Invent people of 5 to 70 years, most of them young.

    The last six are a twin at the same address, a twin with the same initial too, and rows as every register
    has them: no birth date, a day that never was, no name, a mistyped BSN.
    """
    taken: set[str] = set()
    people = [_invent(number, today=today, chance=chance, taken=taken) for number in range(count - 6)]
    first, second = people[:2]
    other = next(name for name in FIRST[first.sex] if name[0] != first.given_names[0])
    odd = [_invent(0, today=today, chance=chance, taken=taken) for _ in range(4)]
    last = [
        replace(first, given_names=other, bsn=fictive_bsn(chance, taken)),
        replace(second, given_names=f"{second.given_names[0]}oris", bsn=fictive_bsn(chance, taken)),
        replace(odd[0], born="00000000"),
        replace(odd[1], born=f"{odd[1].born[:4]}0230"),
        replace(odd[2], surname="."),
        replace(odd[3], bsn="123456789"),
    ]
    return [*people, *(replace(one, number=count - 6 + at) for at, one in enumerate(last))]


def fictive_address(chance: random.Random) -> tuple[str, str]:
    """Return a postcode that no street has, and a house number."""
    letters = "".join(chance.choice("BCDEFGHJKLMNPRSTVWXZ") for _ in range(2))
    return f"{chance.randint(9990, 9999)}{letters}", str(chance.randint(1, 250))


def fictive_bsn(chance: random.Random, taken: set[str]) -> str:
    """Return a number that passes the eleven test, in the range of test persons, that nobody has taken."""
    while True:
        digits = [9, 9, 9, *(chance.randint(0, 9) for _ in range(5))]
        last = sum(weight * digit for weight, digit in zip(range(9, 1, -1), digits, strict=True)) % 11
        bsn = "".join(map(str, [*digits, last]))
        if last < 10 and bsn not in taken:
            taken.add(bsn)
            return bsn


def _invent(number: int, *, today: date, chance: random.Random, taken: set[str]) -> Individual:
    sex = chance.choice("MV")
    years = chance.randint(5, 17) if chance.random() < 0.7 else chance.randint(18, 70)
    born = today - timedelta(days=years * 365 + chance.randint(0, 364))
    postcode, house = fictive_address(chance)
    return Individual(
        number=number,
        bsn=fictive_bsn(chance, taken),
        given_names=chance.choice(FIRST[sex]),
        prefix=chance.choice(PREFIXES),
        surname=chance.choice(SURNAMES),
        born=born.strftime("%Y%m%d"),
        sex=sex,
        postcode=postcode,
        house=house,
    )
