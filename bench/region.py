"""Invent the residents of a region: households, brothers and sisters, twins, names as skewed as real ones."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import accumulate, product
from pathlib import Path
from typing import Literal

TODAY = date(2026, 1, 1)
SURNAMES = 12_000
RARE_NAMES = 500
TWIN_BIRTHS = 0.016
SAME_SEX_TWINS = 0.66
SAME_START = 0.04  # of twins: the first three letters of their names
SAME_INITIAL = 0.15

_WORDS = tomllib.loads(Path(__file__).with_name("names.toml").read_text(encoding="utf-8"))
_ENDS_OF_RARE_NAMES = ("a", "e", "i", "o", "u", "ia", "io", "an", "en", "in")
_LAST_LETTERS = ("", "s", "n", "l", "lle", "ra")

Sex = Literal["M", "V"]


@dataclass(frozen=True, slots=True)
class Resident:
    """One person as they are; how a desk writes them down is another matter.

    Attributes:
        partner_name: the surname that a partner would lend them.
    """

    given_names: str
    surname: str
    born: date
    sex: Sex
    postcode: str
    house: str
    partner_name: str
    bsn: str

    @property
    def first_name(self) -> str:
        """Return the name they are called by."""
        return self.given_names.split()[0]


@dataclass(slots=True)
class Region:
    """Everybody, and which pairs of them are same-sex twins, by place in the list."""

    residents: list[Resident] = field(default_factory=list)
    twins: list[tuple[int, int]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Names:
    """A pool of names with their cumulative weights: a few are everywhere, most are rare."""

    names: Sequence[str]
    weights: Sequence[float]

    @classmethod
    def skewed(cls, names: Sequence[str], *, flat: float, power: float) -> Names:
        """Weigh names by their rank."""
        return cls(names, list(accumulate(1 / (rank + flat) ** power for rank in range(len(names)))))

    def draw(self, chance: random.Random) -> str:
        """Draw a name."""
        return chance.choices(self.names, cum_weights=self.weights)[0]


class Inventor:
    """Draw people of one region."""

    def __init__(self, size: int, chance: random.Random) -> None:
        self.chance = chance
        self.surnames = Names.skewed(_surnames(chance), flat=12, power=0.95)
        self.given: dict[Sex, Names] = {
            "M": Names.skewed(_given_names("boys", chance), flat=15, power=1),
            "V": Names.skewed(_given_names("girls", chance), flat=15, power=1),
        }
        letters = "ABCDEFGHJKLMNPRSTVWXZ"
        self.postcodes = [
            f"{chance.randrange(3000, 3090)}{chance.choice(letters)}{chance.choice(letters)}"
            for _ in range(max(50, size // 40))
        ]
        self._next_bsn = 9_999_999

    def address(self) -> tuple[str, str]:
        """Draw a postcode and a house number."""
        return self.chance.choice(self.postcodes), str(self.chance.randrange(1, 160))

    def household(self) -> Iterator[tuple[Resident, bool]]:
        """Yield one or two adults and up to three children; True marks a same-sex twin of the one before."""
        chance, (postcode, house) = self.chance, self.address()
        name, other = self.surnames.draw(chance), self.surnames.draw(chance)
        for sex, own, partner in (("M", name, other), ("V", other, name)):
            if chance.random() < 0.85:
                yield (
                    self._resident(own, "M" if sex == "M" else "V", partner, (20, 75), postcode, house),
                    False,
                )
        for _ in range(chance.choice((0, 0, 1, 1, 2, 2, 3))):
            child = self._resident(
                name, chance.choice(("M", "V")), self.surnames.draw(chance), (0, 22), postcode, house
            )
            yield child, False
            if chance.random() < TWIN_BIRTHS:
                twin = self._twin(child)
                yield twin, twin.sex == child.sex

    def _resident(
        self, surname: str, sex: Sex, partner: str, ages: tuple[int, int], postcode: str, house: str
    ) -> Resident:
        days = self.chance.randrange(int(ages[0] * 365.25), int(ages[1] * 365.25))
        given = self._given(self.given[sex].draw(self.chance), sex)
        born = TODAY - timedelta(days=days)
        return Resident(given, surname, born, sex, postcode, house, partner, self._bsn())

    def _twin(self, child: Resident) -> Resident:
        chance = self.chance
        other: Sex = "V" if child.sex == "M" else "M"
        sex = child.sex if chance.random() < SAME_SEX_TWINS else other
        first = self._twin_name(child.first_name, sex)
        return Resident(
            self._given(first, sex), child.surname, child.born, sex,
            child.postcode, child.house, self.surnames.draw(chance), self._bsn(),
        )  # fmt: skip

    def _twin_name(self, taken: str, sex: Sex) -> str:
        """Draw another name; parents of twins like names that begin alike more than chance does."""
        like, pool = self.chance.random(), self.given[sex]
        length = 3 if like < SAME_START else 1 if like < SAME_INITIAL else 0
        alike = [name for name in pool.names if name[:length] == taken[:length] and name != taken]
        if length and alike:
            return self.chance.choice(alike)
        if length == 3:
            return f"{taken[:3]}ke" if taken != f"{taken[:3]}ke" else f"{taken[:3]}na"
        while (name := pool.draw(self.chance)) == taken:
            pass
        return name

    def _given(self, first: str, sex: Sex) -> str:
        more = self.chance.choice((0, 0, 1, 1, 2))
        return " ".join([first, *(self.given[sex].draw(self.chance) for _ in range(more))])

    def _bsn(self) -> str:
        """Return the next number that passes the eleven test: of every ten at most one does."""
        while True:
            self._next_bsn += 1
            last = sum(w * int(d) for w, d in zip(range(9, 1, -1), str(self._next_bsn), strict=True)) % 11
            if last < 10:
                return f"{self._next_bsn}{last}"


def invent_region(size: int, *, chance: random.Random) -> Region:
    """Invent at least so many residents, household by household."""
    inventor, region = Inventor(size, chance), Region()
    while len(region.residents) < size:
        for resident, is_twin in inventor.household():
            if is_twin:
                region.twins.append((len(region.residents) - 1, len(region.residents)))
            region.residents.append(resident)
    return region


def _surnames(chance: random.Random) -> list[str]:
    parts = (_split("heads"), _split("vowels"), _split("tails"), ["", *_split("ends")])
    made = ["".join(part).capitalize() for part in product(*parts)]
    rare = [
        f"{chance.choice(_WORDS['particles'])} {name}" if chance.random() < 0.25 else name
        for name in chance.sample(made, SURNAMES)
    ]
    frequent = [*_split("common_surnames"), *_WORDS["surnames_with_particle"]]
    chance.shuffle(frequent)
    return [*frequent, *rare]


def _given_names(name: str, chance: random.Random) -> list[str]:
    """Return frequent names of boys or girls, and a long tail of rare ones."""
    alphabets = ("BCDEFGHIJKLMNPQRSTVWXYZ", "aeiou", "lnrsvmdt", _ENDS_OF_RARE_NAMES, _LAST_LETTERS)
    rare = ["".join(map(chance.choice, alphabets)) for _ in range(RARE_NAMES)]
    return list(dict.fromkeys([*_split(name), *rare]))


def _split(name: str) -> list[str]:
    return str(_WORDS[name]).split()
