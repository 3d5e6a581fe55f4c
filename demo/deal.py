"""Deal people to the files of desks and to caseloads, and keep the books of who is who.

The books are the only thing that the hub is judged by; nothing in here asks the hub or the client.
"""

from __future__ import annotations

import random
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from itertools import combinations
from uuid import UUID

from dat_client.identity.age import bracket
from demo.desks import CASEMANAGERS, HOUSING, POLICE, POSTING, TEAM, TEAM_BASIS, Desk, find_basis
from demo.people import Individual
from demo.trouble import registered

Mark = tuple[str, str]  # an organisation's folder and its own reference
Pair = frozenset[Mark]
SHARE_IN_CASELOAD = 0.5
TOLD = "gegeven"  # the person knows of the signal (kennisgeving)


@dataclass(frozen=True, slots=True)
class Registration:
    """One person as one desk wrote them down, and what it says of the contact.

    Attributes:
        home: whose client posts it, as a folder below the organisation's; empty for its only one.
        refusal: why the row cannot be used, as the deal sees it; None when it can.
    """

    desk: Desk
    home: str
    reference: str
    person: int
    written: Individual
    basis: str
    contact_on: date
    kind: str
    notice: str
    told: str
    decision: UUID | None
    refusal: str | None

    @property
    def mark(self) -> Mark:
        """Name the registration."""
        return self.desk.folder, self.reference


@dataclass(frozen=True)
class Deal:
    """What was dealt, and what follows from it."""

    people: tuple[Individual, ...]
    registrations: tuple[Registration, ...]

    @cached_property
    def person_of(self) -> dict[Mark, int]:
        """Say who each registration is about."""
        return {one.mark: one.person for one in self.registrations}

    @cached_property
    def expected(self) -> frozenset[Pair]:
        """Pair the usable registrations of one person by different organisations, as lanes let them meet.

        Where the person is in a caseload, every signal should meet the case; where not, every two signals
        should meet. All lanes of the demo lead to the municipal team, so no lane forbids such a pair. What
        the person was not told of meets nobody until a second person approves; in the demo nobody does.
        """
        by_person: dict[int, list[Registration]] = defaultdict(list)
        for one in self.registrations:
            if one.refusal is None and (one.notice == TOLD or one.desk == TEAM):
                by_person[one.person].append(one)
        return frozenset(pair for group in by_person.values() for pair in _meetings(group))

    def list_file(self, desk: Desk, home: str = "") -> list[Registration]:
        """Give the rows of one file."""
        return [one for one in self.registrations if one.desk == desk and one.home == home]


@dataclass(frozen=True, slots=True)
class Tally:
    """How what the hub matched compares with the books.

    Attributes:
        unexpected: pairs that were told as a match and are not one person, or of one organisation.
        unexpected_namesakes: those of them whom the file itself gives one name, birth date and sex.
    """

    expected_matches: int
    found_expected: int
    possible_expected: int
    unexpected: int
    unexpected_possible: int
    unexpected_namesakes: int


def deal_people(people: Sequence[Individual], *, today: date, chance: random.Random) -> Deal:
    """Deal everybody to one to three desks whose lane fits, and about half to a casemanager's caseload."""
    decision = UUID(int=chance.getrandbits(128), version=4)
    persons = _name_persons(people)
    drafts = [draft for person in people for draft in _deal_one(person, today, chance)]
    counts: dict[str, int] = defaultdict(int)
    registrations = []
    for desk, home, written, basis in drafts:
        counts[desk.folder] += 1
        registrations.append(
            Registration(
                desk=desk,
                home=home,
                reference=f"{desk.folder[:3].upper()}-{counts[desk.folder]:05d}",
                person=persons[written.number],
                written=written,
                basis=basis,
                contact_on=today - timedelta(days=chance.randint(0, 28)),
                kind="contact",
                notice="uitzondering" if desk != HOUSING and chance.random() < 0.1 else TOLD,
                told=_whom_to_tell(written, today),
                decision=decision if desk == POLICE else None,
                refusal=why_unusable(written, uses_bsn=desk.uses_bsn, today=today),
            )
        )
    return Deal(tuple(people), tuple(registrations))


def compare(deal: Deal, *, matched: frozenset[Pair], possible: frozenset[Pair]) -> Tally:
    """Hold the pairs that the hub made against the books."""
    wrong = [pair for pair in matched if not _is_right(deal, pair)]
    looks = {one.mark: _looks(deal.people[one.written.number]) for one in deal.registrations}
    return Tally(
        expected_matches=len(deal.expected),
        found_expected=len(deal.expected & matched),
        possible_expected=len(deal.expected & possible - matched),
        unexpected=len(wrong),
        unexpected_possible=sum(not _is_right(deal, pair) for pair in possible),
        unexpected_namesakes=sum(len({looks[mark] for mark in pair}) == 1 for pair in wrong),
    )


def why_unusable(written: Individual, *, uses_bsn: bool, today: date) -> str | None:
    """Say why no desk could use this row, in the words of the client's report; None when it can."""
    if not _letters(written.surname):
        return "no_name"
    if not written.birth_date:
        parts = (written.born[:4], written.born[4:6], written.born[6:])
        return "impossible_birth_date" if all(part.strip("0") for part in parts) else "unknown_birth_date"
    if written.birth_date > today:
        return "future_birth_date"
    if uses_bsn and written.bsn:
        return None if _passes_eleven_test(written.bsn) else "bad_bsn"
    return None if written.sex in ("M", "V") or len(_letters(written.given_names)) > 1 else "too_few_keys"


def _deal_one(
    person: Individual, today: date, chance: random.Random
) -> Iterator[tuple[Desk, str, Individual, str]]:
    fitting = [(desk, basis) for desk in POSTING if (basis := _basis_of(person, desk, today))]
    for desk, basis in chance.sample(fitting, min(chance.randint(1, 3), len(fitting))):
        written = registered(person, chance)
        # A desk goes by the date it has on file: outside its lane it does not write at all.
        if written.birth_date is None or find_basis(desk, written.birth_date, today=today) == basis:
            yield desk, "", written, basis
    if chance.random() < SHARE_IN_CASELOAD or _has_bad_bsn(person):
        yield TEAM, chance.choice(CASEMANAGERS), registered(person, chance), TEAM_BASIS


def _whom_to_tell(written: Individual, today: date) -> str:
    """Say who was told, in the file's own words: whom the age that is on file asks for."""
    if written.birth_date is None or written.birth_date > today:
        return "betrokkene"
    return {"0-11": "ouders", "12-15": "beide"}.get(bracket(written.birth_date, today), "jongere")


def _basis_of(person: Individual, desk: Desk, today: date) -> str | None:
    born_on = person.birth_date
    if born_on is None:  # nobody can tell the age: such rows come up anywhere
        return {"police": "WPG_ADULT", "housing": "NO_OBJECTION"}.get(desk.folder, "JW_7_1_4_1")
    return find_basis(desk, born_on, today=today)


def _name_persons(people: Sequence[Individual]) -> dict[int, int]:
    """Number the persons: two rows of the file with one good BSN are one person, written down twice."""
    first: dict[str, int] = {}
    return {
        one.number: first.setdefault(one.bsn, one.number) if _passes_eleven_test(one.bsn) else one.number
        for one in people
    }


def _meetings(group: Sequence[Registration]) -> Iterator[Pair]:
    cases = [one for one in group if one.desk == TEAM]
    signals = [one for one in group if one.desk != TEAM]
    pairs = ((signal, case) for signal in signals for case in cases) if cases else combinations(signals, 2)
    yield from (frozenset({one.mark, other.mark}) for one, other in pairs if one.desk != other.desk)


def _is_right(deal: Deal, pair: Pair) -> bool:
    """Tell whether a pair is one person, and of different organisations."""
    return len({deal.person_of[mark] for mark in pair}) == 1 and len({desk for desk, _ in pair}) == 2


def _looks(person: Individual) -> tuple[str, ...]:
    bare = replace(person, number=0, bsn="", postcode="", house="")
    return _letters(bare.given_names), _letters(bare.surname), bare.born, bare.sex


def _letters(text: str) -> str:
    return "".join(one for one in unicodedata.normalize("NFKD", text).lower() if "a" <= one <= "z")


def _has_bad_bsn(person: Individual) -> bool:
    return bool(person.bsn) and not _passes_eleven_test(person.bsn)


def _passes_eleven_test(bsn: str) -> bool:
    digits = bsn.rjust(9, "0")
    if len(digits) != 9 or not digits.isdecimal() or not int(digits):
        return False
    return sum(w * int(d) for w, d in zip((9, 8, 7, 6, 5, 4, 3, 2, -1), digits, strict=True)) % 11 == 0
