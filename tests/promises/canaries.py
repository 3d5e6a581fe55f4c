"""Values that must never be seen again, in every form that a field takes and a leak could write."""

from __future__ import annotations

import secrets
import string
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from urllib.parse import quote, quote_plus
from uuid import UUID, uuid4

from hub.subjects.schemas import SEALED_CHARS
from tests.searching import Needles

LEAST = 10  # bytes: a shorter writing could stand anywhere by chance


@dataclass
class Canaries:
    """Draws canaries and remembers where each was put."""

    placed: dict[str, str] = field(default_factory=dict)
    _written: dict[bytes, str] = field(default_factory=dict)
    _indexed: tuple[int, Needles] = field(default_factory=lambda: (0, Needles(())))

    def draw(self, place: str) -> list[Any]:
        """Draw one of each form for a place: free text, codes in every alphabet that is used, ids, tokens."""
        return [self._note(place, form) for form in _forms()] + [int(self._note(place, digits()))]

    def one(self, place: str) -> str:
        """Draw one that may stand in a header or path."""
        return self._note(place, f"Kanarie-{secrets.token_hex(9)}")

    def id(self, place: str) -> str:
        """Draw an id."""
        return self._note(place, str(uuid4()))

    def _note(self, place: str, canary: str) -> str:
        self.placed[canary] = place
        return canary

    def found_in(self, haystack: bytes) -> dict[str, str]:
        """Say which canaries are in there, in any writing, and where each was put."""
        if self._indexed[0] != len(self.placed):
            self._index()
        found = {self._written[form] for _, form in self._indexed[1].found_in(haystack.lower())}
        return {canary: self.placed[canary] for canary in found}

    def _index(self) -> None:
        for canary in self.placed:
            for form in writings(canary):
                if len(form) >= LEAST:
                    self._written[form.lower()] = canary
        self._indexed = len(self.placed), Needles(self._written)


def digits() -> str:
    return "7" + "".join(secrets.choice(string.digits) for _ in range(11))


def _forms() -> list[str]:
    letters = "".join(secrets.choice("bcdfghjklmnpqrstvwxz") for _ in range(12))
    return [
        f"Zoë Kanarie-{secrets.token_hex(5)}",
        f"KANARIE_{secrets.token_hex(5).upper()}",
        f"kanarie-{secrets.token_hex(5)}",
        f"kanarie_{letters}",
        str(uuid4()),
        secrets.token_hex(16),
        secrets.token_urlsafe(700)[:SEALED_CHARS],
    ]


def writings(canary: str) -> Iterator[bytes]:
    """Write a canary in every way in which it could leave unseen."""
    plain = [canary.encode(), canary.encode("utf-16-le"), canary.encode("utf-16-be"), canary[::-1].encode()]
    if len(canary) == 36:
        plain += [UUID(canary).bytes, UUID(canary).hex.encode()]
    yield from (quote(canary).encode(), quote_plus(canary).encode(), canary.encode("unicode_escape"))
    for form in plain:
        yield from _spelled(form)
        yield from _spelled(sha256(form).digest())
        yield sha256(form).digest()[:16]


def _spelled(form: bytes) -> Iterator[bytes]:
    yield form
    yield form.hex().encode()
    for start in range(3):  # wherever it falls in a longer base64 text
        for encode in (b64encode, urlsafe_b64encode):
            text = encode(bytes(start) + form)
            yield text[4 if start else 0 : len(text) // 4 * 4 - 4]


def cell_bytes(value: object) -> Iterable[bytes]:
    """Write one cell of a database as the bytes in which something could hide."""
    if isinstance(value, UUID):
        return (value.bytes, str(value).encode())
    if isinstance(value, bytes | memoryview):
        return (bytes(value),)
    return (str(value).encode(),)
