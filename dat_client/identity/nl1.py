"""Normalise names, dates, numbers and addresses so that two partners write one person alike: version `nl1`.

Frozen: golden vectors pin every answer, and a change of any rule is a new version with new token types.

A name goes through these steps, in this order, and the order decides:

1. NFKD, the combining marks U+0300-U+036F dropped, lower case. Compatibility decomposition comes first, so
   that 'ǽ' and 'Ĳ' meet the rules for 'æ' and 'ij'. One fixed block of marks, so that Unicode versions agree.
2. Letters without a decomposition are mapped ('ø' o, 'ß' ss), dashes become '-'. All that is not a-z, '-' or
   '.' becomes a space: apostrophes, digits, letters of other scripts.
3. 'ij' becomes 'y' inside a word, before particles are compared: 'Uijt', 'Uyt' and 'Uÿt' are one particle.
4. In a surname points become spaces too, and it splits at '-'; a part with nothing but particles is no part
   ("'s-Gravenhage", 'Al-Amin').
5. Leading particles go, after folding, so that capitals, accents and points in them do not matter, and only
   while a word is left. Inside a name ('Brest naar Kempen') they stay.
6. The words of a part are joined: 'O Brien' and "O'Brien" are one name.

Source: protocol.md 3; BRP table 36 (voorvoegsels).
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime

from dat_client.identity.person import RefusalReason, RefusedPersonError

NORMALISATION = "nl1"

MAX_LETTERS = 64  # keeps a token's input within 512 bytes; the longest names differ long before
EARLIEST_YEAR = 1850
BLANKS = " \t\r\n\u00a0"  # named one by one: languages disagree on what is white space

# The words that the entries of BRP table 36 consist of, after steps 1-3.
_TABLE_36 = (
    "a aan af al am auf aus ben bin boven by d da dal dalla das de deca degli dei del della dem den der des "
    "di die do don dos du el gen het i im in l la las le les lo los m of onder op over s t te ten ter tho "
    "thoe thor to toe tot uit unter uyt v van ver vom von voor vor zu zum zur"
)
_RUN_TOGETHER = "vande vanden vander vd"  # how partners' files also write 'van der'
PARTICLES = frozenset(f"{_TABLE_36} {_RUN_TOGETHER}".split())

_MARKS = re.compile("[\u0300-\u036f]")
_OTHER = re.compile("[^a-z.-]")
_MAPPED = str.maketrans(
    {
        "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i",
        "ħ": "h", "ŧ": "t", "ŋ": "n", "ĸ": "k", "ə": "e", "ƒ": "f", "ɓ": "b", "ɗ": "d", "ƙ": "k", "ɛ": "e",
        "ɔ": "o", "ǥ": "g", "ʒ": "z", "·": "",
        **dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff", ""),
        **dict.fromkeys("\u2010\u2012\u2013\u2014\u2015\u2212", "-"),
    }
)  # fmt: skip

_SOUND = {letter: digit for digit, letters in enumerate(("bfpv", "cgjkqsxz", "dt", "l", "mn", "r"), 1)
          for letter in letters}  # fmt: skip
_INITIAL_SOUND = str.maketrans("ckzv", "sssf")

_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_DUTCH = re.compile(r"([0-9]{1,2})-([0-9]{1,2})-([0-9]{4})")
_FIRST_WORD = re.compile(r"(-*[a-z][a-z-]*)(\.?)")
_BLANK = re.compile(f"[{BLANKS}]")
_POSTCODE = re.compile(r"([1-9][0-9]{3})([a-zA-Z]{2})")
_HOUSE = re.compile(r"0*([1-9][0-9]{0,4})(?![0-9])(.*)", re.DOTALL)


def _without_marks(text: str) -> str:
    return _MARKS.sub("", unicodedata.normalize("NFKD", text)).lower()


def _fold(text: str) -> str:
    """Reduce text to a-z, '-', '.' and spaces: steps 1 to 3."""
    return _OTHER.sub(" ", _without_marks(text).translate(_MAPPED)).replace("ij", "y")


def _without_particles(words: list[str]) -> str:
    start = 0
    while start < len(words) - 1 and words[start] in PARTICLES:
        start += 1
    return "".join(words[start:])[:MAX_LETTERS]


def normalise_surname(text: str) -> tuple[str, ...]:
    """Give what a surname is looked for under: itself, or the first and last part of a double name.

    Empty when nothing of a name is left. A double name is split because registers differ in whose name comes
    first, and in whether the partner's name is there at all.
    """
    parts = [words for part in _fold(text).replace(".", " ").split("-") if (words := part.split())]
    telling = [words for words in parts if not PARTICLES.issuperset(words)]
    if not telling:
        telling = [[word for words in parts for word in words]] if parts else []
    names = [_without_particles(words) for words in telling]
    return tuple(dict.fromkeys(names[:1] + names[-1:]))


def normalise_first_name(text: str) -> str:
    """Give the first official first name in a-z, joined over a hyphen, or its initial when it is abbreviated.

    'Anne-Marie' stays one name: cut to 'anne' it would make one person of her and her twin 'Anne-Sophie'.
    A point behind the first word marks an abbreviation ('Th.'), of which only the initial is sure.
    """
    first = _FIRST_WORD.search(_fold(text))
    if not first:
        return ""
    name = first[1].replace("-", "")[:MAX_LETTERS]
    return name[:1] if first[2] else name


def initial(first_name: str) -> str:
    """Give the first letter of a normalised first name, or nothing."""
    return first_name[:1]


def sound_code(surname: str) -> str:
    """Give the Soundex of a normalised surname, with the initials c/k/s/z and v/f as one.

    Coarse on purpose: beside a birth date extra collisions are cheap, and it survives 70 % of single typos.
    """
    letters = surname[:1].translate(_INITIAL_SOUND) + surname[1:]
    code, previous = letters[:1], _SOUND.get(letters[:1])
    for letter in letters[1:]:
        if letter in "hw":
            continue
        digit = _SOUND.get(letter)
        if digit and digit != previous:
            code += str(digit)
        previous = digit
    return code.ljust(4, "0")[:4] if code else ""


def normalise_postcode(text: str) -> str | None:
    """Give a Dutch postcode as '1234AB', or None."""
    found = _POSTCODE.fullmatch(_BLANK.sub("", text))
    return found[1] + found[2].upper() if found else None


def normalise_house(number: str, addition: str = "") -> tuple[str, str] | None:
    """Give house number and addition apart, wherever the addition was written; None without a number.

    '12-A', '12a' and ('12', ' A') all give ('12', 'a').
    """
    found = _HOUSE.fullmatch(number.strip(BLANKS))
    if not found:
        return None
    return found[1], re.sub("[^a-z0-9]", "", _without_marks(found[2] + addition))


def normalise_bsn(text: str) -> str | None:
    """Give a BSN as nine digits that pass the eleven test, or None. A lost leading zero is put back once.

    Source: Regeling burgerservicenummer (elfproef).
    """
    digits = _BLANK.sub("", text).replace(".", "")
    if not re.fullmatch("[0-9]{8,9}", digits) or not int(digits):
        return None
    digits = digits.rjust(9, "0")
    total = sum(weight * int(d) for weight, d in zip((9, 8, 7, 6, 5, 4, 3, 2, -1), digits, strict=True))
    return digits if total % 11 == 0 else None


def parse_birth_date(given: str | date) -> date:
    """Read a birth date written as 'yyyymmdd', 'yyyy-mm-dd' or 'dd-mm-yyyy'.

    Raises:
        RefusedPersonError: A part is unknown (zeros, or nothing given), no such day exists, or it is no date.
    """
    if isinstance(given, datetime):
        return given.date()
    if isinstance(given, date):
        return given
    year, month, day = _date_parts(_BLANK.sub("", given))
    if not (year and month and day):
        raise RefusedPersonError(RefusalReason.UNKNOWN_BIRTH_DATE)
    try:
        born_on = date(year, month, day)
    except ValueError:
        raise RefusedPersonError(RefusalReason.IMPOSSIBLE_BIRTH_DATE) from None
    if year < EARLIEST_YEAR:
        raise RefusedPersonError(RefusalReason.IMPOSSIBLE_BIRTH_DATE)
    return born_on


def _date_parts(text: str) -> tuple[int, int, int]:
    if not text:
        return 0, 0, 0
    if found := _COMPACT.fullmatch(text) or _ISO.fullmatch(text):
        return int(found[1]), int(found[2]), int(found[3])
    if found := _DUTCH.fullmatch(text):
        return int(found[3]), int(found[2]), int(found[1])
    raise RefusedPersonError(RefusalReason.UNREADABLE_BIRTH_DATE)
