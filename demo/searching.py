"""Search files for people: every name, number, date and address that was dealt, in any writing.

Only what is long enough to mean something is looked for: six bytes, in the cases that a program would write.
A shorter name is looked for together with the other name. What was there before anybody posted (a law's
date, a table's word) tells of nobody, and neither does what chance writes into ids, hashes and signatures.
"""

from __future__ import annotations

import base64
import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from demo.people import Individual

SHORTEST = 6
HEXADECIMAL = b"0123456789abcdef"
DIGITS = 9  # of the longest that is looked for in itself: a BSN; what is written in hexadecimal takes twelve
SIGNATURE = 40  # letters of base64 in a row: as many as the shortest hash takes
_ID = re.compile(rb"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_SECONDS = re.compile(rb":[0-9]{2}\.")
_OTHER = re.compile(rb"[^A-Za-z0-9+/_-]")


@dataclass(frozen=True, slots=True)
class Hit:
    """Something of a person in a file; it says what, not whose."""

    file: str
    what: str
    needle: bytes


def find_people(folder: Path, needles: dict[bytes, str]) -> list[Hit]:
    """Find every needle in every file below a folder.

    A store's journal is read before the store: what moves into it meanwhile was seen, or is seen there.
    """
    starts: dict[bytes, list[bytes]] = {}
    for needle in needles:
        starts.setdefault(needle[:SHORTEST], []).append(needle)
    return [
        Hit(str(path.relative_to(folder)), needles[needle], needle)
        for path in sorted(folder.rglob("*"), reverse=True)
        if path.is_file()
        for needle in _find_in(path.read_bytes(), starts)
    ]


def make_needles(people: Iterable[Individual]) -> dict[bytes, str]:
    """Write what tells of people in every way that a careless program could; by needle, what it is."""
    return {
        written: what
        for person in people
        for what, text in set(_telling(person))
        for written in _writings(text)
        if len(written) >= SHORTEST
    }


def _find_in(content: bytes, starts: dict[bytes, list[bytes]]) -> set[bytes]:
    """Slide one window over the content: a search for each needle alone would read it 50,000 times."""
    found = set()
    for at in range(len(content) - SHORTEST + 1):
        for needle in starts.get(content[at : at + SHORTEST], ()):
            if content.startswith(needle, at) and not _is_chance(content, at, needle):
                found.add(needle)
    return found


def _is_chance(content: bytes, at: int, needle: bytes) -> bool:
    """Tell whether this stands where anything does: digits in a hash, the shortest names in a signature.

    An address is digits of a hash too when its letters are: a postcode 9990 BC does occur in one.
    """
    end = at + len(needle)
    if len(needle) <= DIGITS and all(byte in HEXADECIMAL for byte in needle):
        around = content[max(0, at - 1) : at] + content[end : end + 1]
        # In a row of a store "12-15" may follow a time, and six digits of a second make a date with it.
        in_a_second = _SECONDS.fullmatch(content, max(0, at - 4), at)
        return bool(in_a_second or _ID.match(content, at)) or any(byte in HEXADECIMAL for byte in around)
    if len(needle) > SHORTEST or not needle.isalpha():
        return False
    before = _OTHER.split(content[max(0, at - SIGNATURE) : at])[-1]
    after = _OTHER.split(content[end : end + SIGNATURE])[0]
    return len(before) + len(needle) + len(after) >= SIGNATURE


def _telling(person: Individual) -> Iterator[tuple[str, str]]:
    first = person.given_names.split(" ")[0]
    yield "surname", person.surname
    yield "first name", first
    for order in (f"{first} {person.surname}", f"{person.surname}, {first}", f"{first}{person.surname}"):
        yield "full name", order
    yield "full name", f"{first} {person.prefix} {person.surname}"
    yield "BSN", person.bsn
    yield "address", f"{person.postcode}{person.house}"
    yield "address", f"{person.postcode} {person.house}"
    if born := person.birth_date:
        for form in ("%Y%m%d", "%Y-%m-%d", "%d-%m-%Y", "%d%m%Y"):
            yield "birth date", born.strftime(form)


def _writings(text: str) -> Iterator[bytes]:
    if len(text.strip()) < SHORTEST:
        return
    plain = "".join(one for one in unicodedata.normalize("NFKD", text.lower()) if one.isascii())
    for form in {text, text.lower(), text.upper(), plain, plain.upper(), plain.title()}:
        raw = form.encode()
        yield raw
        yield hashlib.sha256(raw).digest()
        yield hashlib.sha256(raw).hexdigest().encode()
    raw = text.encode()
    yield raw.hex().encode()
    yield text.encode("utf-16-le")
    yield from _base64(raw)


def _base64(raw: bytes) -> Iterator[bytes]:
    """Write bytes as base64 at each of the three places in a group; only whole groups can be looked for."""
    for skip in range(3):
        whole = raw[skip:][: (len(raw) - skip) // 3 * 3]
        if len(whole) >= SHORTEST:
            yield base64.b64encode(whole)
