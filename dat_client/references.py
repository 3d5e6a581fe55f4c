"""Keep the own reference what it should be: a file number, and nothing that tells who the person is."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dat_client.errors import IdentifyingReferenceError
from dat_client.identity.nl1 import normalise_bsn, normalise_surname, parse_birth_date
from dat_client.identity.person import Person, RefusedPersonError

REFERENCE_LIMIT = 100
SHORTEST_NAME = 4  # shorter ones are also codes, as in 'BOS-2026-17'


def require_neutral_reference(reference: str | None, person: Person) -> None:
    """Refuse a reference that holds the person's surname, birth date or BSN, or that is far too long.

    Raises:
        IdentifyingReferenceError: Without saying what it holds.
    """
    if reference is None:
        return
    plain = re.sub("[^a-z0-9]", "", reference.lower())
    if len(reference) > REFERENCE_LIMIT or any(telling in plain for telling in _telling(person)):
        raise IdentifyingReferenceError


def _telling(person: Person) -> Iterator[str]:
    yield from (name for name in normalise_surname(person.surname) if len(name) >= SHORTEST_NAME)
    if bsn := normalise_bsn(person.bsn or ""):
        yield bsn.lstrip("0")
    try:
        born_on = parse_birth_date(person.birth_date)
    except RefusedPersonError:
        return
    yield from (f"{born_on:%Y%m%d}", f"{born_on:%d%m%Y}")
