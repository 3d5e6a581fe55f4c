"""The people of the demo: invented here, or read from a file of test persons."""

from __future__ import annotations

import csv
import random
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

FIRST = {
    "V": "Fenna Noor Sanne Yara Lotte Imke Roos Amina Julia Femke Elif Bo Tess Nina Saar Wietske Maud Aylin".split(),
    "M": "Daan Bram Sem Youssef Luuk Tijn Mees Jelle Emre Gijs Thijs Noah Ruben Stijn Jort Sil Mats Bilal".split(),
}
SURNAMES = (
    "Zandstra Kwakkelstein Oudenbroek Bolderman Vlaskamp Wielinga Tuinhof Ravensloot Hagelkruis Molenwiek "
    "Kraaijenhof IJzerdraat Öztürkmen Çelikbaş Benhaddi Roodnat Duindam Schaapskooi Pijpelink Waterval"
).split()
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
    return [
        Individual(
            number, *((row.get(name) or "").strip() for name in FILE_COLUMNS), *fictive_address(chance)
        )
        for number, row in enumerate(rows)
    ]


def invent_people(count: int, *, today: date, chance: random.Random) -> list[Individual]:
    """Invent people of 4 to 70 years, most of them young, and one pair of same-sex twins at one address."""
    people = [_invent(number, today=today, chance=chance) for number in range(count - 1)]
    twin = people[0]
    other = next(name for name in FIRST[twin.sex] if name != twin.given_names)
    people.append(replace(twin, number=count - 1, given_names=other, bsn=fictive_bsn(chance)))
    return people


def fictive_address(chance: random.Random) -> tuple[str, str]:
    """Return a postcode that no street has, and a house number."""
    letters = "".join(chance.choice("BCDEFGHJKLMNPRSTVWXZ") for _ in range(2))
    return f"{chance.randint(9990, 9999)}{letters}", str(chance.randint(1, 250))


def fictive_bsn(chance: random.Random) -> str:
    """Return a number that passes the eleven test in the range that is given to test persons."""
    while True:
        digits = [9, 9, 9, *(chance.randint(0, 9) for _ in range(5))]
        last = sum(weight * digit for weight, digit in zip(range(9, 1, -1), digits, strict=True)) % 11
        if last < 10:
            return "".join(map(str, [*digits, last]))


def _invent(number: int, *, today: date, chance: random.Random) -> Individual:
    sex = chance.choice("MV")
    years = chance.randint(5, 17) if chance.random() < 0.7 else chance.randint(18, 70)
    born = today - timedelta(days=years * 365 + chance.randint(0, 364))
    return Individual(
        number=number,
        bsn=fictive_bsn(chance),
        given_names=chance.choice(FIRST[sex]),
        prefix=chance.choice(PREFIXES),
        surname=chance.choice(SURNAMES),
        born=born.strftime("%Y%m%d"),
        sex=sex,
        **dict(zip(("postcode", "house"), fictive_address(chance), strict=True)),
    )
