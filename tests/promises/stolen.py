"""A thief who holds some of what there is, and tries people one by one.

For each guess all that can be computed of it with the keys at hand is looked for in all that can be read:
the input, its hash to the group, its evaluation under the holder's key, each plain, hashed, and under each
key in the way the hub makes its index.
"""

from __future__ import annotations

import hmac
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256

from keys.protocol import sodium
from keys.protocol.encoding import lp
from keys.protocol.hashing import hash_to_group
from keys.protocol.tokens import TokenType, token_input
from keys.protocol.voprf import CONTEXT

Parts = frozenset[str]
WINDOW = 16  # bytes: no shorter trace is looked for, and none by chance is so long


def synthetic_bsns(count: int, *, start: int = 100_000_000) -> Iterator[str]:
    """Yield numbers that pass the eleven-test; of nobody."""
    found, number = 0, start
    while found < count:
        digits = [int(digit) for digit in f"{number:09}"]
        if (sum((9 - at) * digit for at, digit in enumerate(digits[:8])) - digits[8]) % 11 == 0:
            found += 1
            yield f"{number:09}"
        number += 1


def input_of(bsn: str, hub_id: str) -> bytes:
    """The input of a service number, as every client makes it."""
    return token_input(hub_id, TokenType.BSN, normalisation="nl1", fields=(bsn,))


def point_of(bsn: str, hub_id: str) -> bytes:
    """Its hash to the group: what anybody can compute."""
    return hash_to_group(input_of(bsn, hub_id), context=CONTEXT)


@dataclass(frozen=True)
class Loot:
    """What there is to steal.

    Attributes:
        texts: what can be read, by the parts that it takes to read it.
        keys: keys for the index, by the part that they are.
        evaluation: the holder's key of the scheme, which is part of its store.
    """

    hub_id: str
    texts: Mapping[Parts, Iterable[bytes]]
    keys: Mapping[str, bytes]
    evaluation: bytes

    def windows(self) -> dict[bytes, set[Parts]]:
        """Index every piece of everything that can be read."""
        found: dict[bytes, set[Parts]] = defaultdict(set)
        for parts, cells in self.texts.items():
            for cell in cells:
                for at in range(len(cell) - WINDOW + 1):
                    found[cell[at : at + WINDOW]].add(parts)
                for digits in re.findall(rb"(?=([0-9]{9}))", cell):
                    found[digits].add(parts)
        return found

    def forms(self, bsn: str) -> Iterator[tuple[Parts, bytes]]:
        """Yield all that can be computed of a guess, with the parts that this takes."""
        free: Parts = frozenset()
        holder: Parts = frozenset({"holder store"})
        x, point = input_of(bsn, self.hub_id), point_of(bsn, self.hub_id)
        yield free, bsn.encode()
        values = ((free, x), (free, point), (holder, sodium.multiply(self.evaluation, point)))
        head = lp(b"dat-hub/index/v1", TokenType.BSN.value.encode(), b"1")
        for parts, value in values:
            yield parts, value[:WINDOW]
            yield parts, sha256(value).digest()[:WINDOW]
            message = head + len(value).to_bytes(2, "big") + value
            for name, key in (("", b""), *self.keys.items()):
                needed = parts | ({name} if name else free)
                yield needed, hmac.digest(key, message, "sha256")[:WINDOW]
                yield needed, hmac.digest(key, value, "sha256")[:WINDOW]

    def identify(self, guesses: Iterable[str]) -> dict[str, set[Parts]]:
        """Return who is recognised, and by which sets of parts."""
        windows = self.windows()
        found: dict[str, set[Parts]] = defaultdict(set)
        for bsn in guesses:
            for needed, form in self.forms(bsn):
                for readable in windows.get(form, ()):
                    found[bsn].add(needed | readable)
        return dict(found)


def fewest(sets: Iterable[Parts]) -> set[Parts]:
    """Return the sets that hold no other of them."""
    known = set(sets)
    return {one for one in known if not any(other < one for other in known)}
