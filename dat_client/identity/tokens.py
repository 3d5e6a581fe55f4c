"""Turn a person into the inputs of tokens: one BSN, match keys A-H, and apart from those the household.

A key whose fields are incomplete is not made: a guess would meet strangers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from dat_client.identity import nl1
from dat_client.identity.person import Person, RefusalReason, RefusedPersonError
from keys.protocol.tokens import TokenType

BSN_SCHEME = "bsn"
DEMOGRAPHIC_SCHEME = "demographic"
PERSON_SCHEMES = frozenset({BSN_SCHEME, DEMOGRAPHIC_SCHEME})

MATCH_KEYS = tuple(kind for kind in TokenType if kind.scheme == DEMOGRAPHIC_SCHEME)
MAX_TOKENS = 16


@dataclass(frozen=True, slots=True)
class TokenFields:
    """Name one token and the normalised fields that its input is made of, in their fixed order."""

    token_type: TokenType
    fields: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True, repr=False)
class _Facts:
    """Hold the normalised person; an empty string is a fact that is not known."""

    surnames: tuple[str, ...]
    first_name: str
    born_on: date
    sex: str
    postcode: str
    house_number: str


def person_tokens(
    person: Person, *, schemes: frozenset[str] = PERSON_SCHEMES, today: date | None = None
) -> tuple[TokenFields, ...]:
    """Give every token input that the schemes allow, ordered by type; a double surname gives some twice.

    Raises:
        RefusedPersonError: No name, no usable birth date (later than `today` included), a BSN that is none,
            or fewer than two kinds of match key and no BSN.
    """
    facts = _facts(person, today=today)
    tokens = _bsn_tokens(person) if BSN_SCHEME in schemes else ()
    if DEMOGRAPHIC_SCHEME in schemes:
        tokens += tuple(dict.fromkeys(_match_keys(facts)))
    kinds = {token.token_type for token in tokens}
    if len(kinds) < 2 and TokenType.BSN not in kinds:
        raise RefusedPersonError(RefusalReason.TOO_FEW_KEYS)
    assert len(tokens) <= MAX_TOKENS
    return tokens


def household_tokens(
    person: Person, *, parents: Iterable[Person] = (), today: date | None = None
) -> tuple[TokenFields, ...]:
    """Give the household's token inputs, for the household scheme only: never a key to the person.

    The address token carries the addition, which tells the flats of one building apart. A parent without a
    sex or a usable birth date is left out.
    """
    tokens = []
    house = nl1.normalise_house(person.house_number, person.house_addition)
    postcode = nl1.normalise_postcode(person.postcode)
    if house and postcode:
        tokens.append(TokenFields(TokenType.HOUSEHOLD, (postcode, *house)))
    for parent in parents:
        tokens.extend(_parent_tokens(parent, today=today))
    return tuple(dict.fromkeys(tokens))


def _parent_tokens(parent: Person, *, today: date | None) -> Iterator[TokenFields]:
    try:
        facts = _facts(parent, today=today)
    except RefusedPersonError:
        return
    if facts.sex:
        for surname in facts.surnames:
            yield TokenFields(TokenType.PARENT, (surname, _compact(facts.born_on), facts.sex))


def _facts(person: Person, *, today: date | None) -> _Facts:
    surnames = nl1.normalise_surname(person.surname)
    if not surnames:
        raise RefusedPersonError(RefusalReason.NO_NAME)
    born_on = nl1.parse_birth_date(person.birth_date)
    if today is not None and born_on > today:
        raise RefusedPersonError(RefusalReason.FUTURE_BIRTH_DATE)
    house = nl1.normalise_house(person.house_number, person.house_addition)
    return _Facts(
        surnames=surnames,
        first_name=nl1.normalise_first_name(person.given_names),
        born_on=born_on,
        sex=person.sex if person.sex in ("M", "V") else "",
        postcode=nl1.normalise_postcode(person.postcode) or "",
        house_number=house[0] if house else "",
    )


def _bsn_tokens(person: Person) -> tuple[TokenFields, ...]:
    if not person.bsn or not person.bsn.strip(nl1.BLANKS):
        return ()
    bsn = nl1.normalise_bsn(person.bsn)
    if bsn is None:
        raise RefusedPersonError(RefusalReason.BAD_BSN)
    return (TokenFields(TokenType.BSN, (bsn,)),)


def _match_keys(facts: _Facts) -> Iterator[TokenFields]:
    """Yield the match keys whose fields are all there."""
    by_surname = [_fields_by_type(facts, surname) for surname in facts.surnames]
    for token_type in MATCH_KEYS:
        for fields_by_type in by_surname:
            fields = fields_by_type[token_type]
            if all(fields):
                yield TokenFields(token_type, fields)


def _fields_by_type(facts: _Facts, surname: str) -> dict[TokenType, tuple[str, ...]]:
    """Lay out the fields of every key; an empty field says that the key cannot be made.

    D and E take the house number without its addition: '12', '12A' and '12 hs' are one door in three
    registers, and birth date and sex (or name and year) already tell the neighbours apart.
    """
    born, year = _compact(facts.born_on), f"{facts.born_on:%Y}"
    early, late = sorted((f"{facts.born_on:%d}", f"{facts.born_on:%m}"))
    sound, letter = nl1.sound_code(surname), nl1.initial(facts.first_name)
    name = facts.first_name if len(facts.first_name) > 1 else ""
    return {
        TokenType.A: (surname, born, facts.sex),
        TokenType.B: (sound, born, letter),
        TokenType.C: (sound, born, facts.sex),
        TokenType.D: (born, facts.sex, facts.postcode, facts.house_number),
        TokenType.E: (sound, letter, facts.sex, facts.postcode, facts.house_number, year),
        TokenType.F: (name, born, facts.postcode[:4]),
        TokenType.G: (surname[:4], name[:3], year, early, late),
        TokenType.H: (sound, name, born),
    }


def _compact(day: date) -> str:
    return day.isoformat().replace("-", "")
