"""Look for many strings of bytes at once: one pass, whatever their number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

import numpy as np

STEM = 6  # bytes: what is shorter means nothing
ALL_THREES = 1 << 24


class Needles:
    """What is looked for; each string has at least six bytes."""

    def __init__(self, needles: Iterable[bytes]) -> None:
        self._by_stem: dict[bytes, set[bytes]] = defaultdict(set)
        self._heads, self._tails = np.zeros(ALL_THREES, bool), np.zeros(ALL_THREES, bool)
        for needle in needles:
            assert len(needle) >= STEM, "too short to mean anything"
            self._by_stem[needle[:STEM]].add(needle)
        stems = list(self._by_stem)
        self._heads[[int.from_bytes(stem[:3]) for stem in stems]] = True
        self._tails[[int.from_bytes(stem[3:]) for stem in stems]] = True

    def found_in(self, haystack: bytes) -> Iterator[tuple[int, bytes]]:
        """List each string that is in there, and where."""
        if len(haystack) < STEM:
            return
        data = np.frombuffer(haystack, np.uint8).astype(np.uint32)
        threes = data[:-2] << 16 | data[1:-1] << 8 | data[2:]
        for start in np.flatnonzero(self._heads[threes[:-3]] & self._tails[threes[3:]]).tolist():
            for needle in self._by_stem.get(haystack[start : start + STEM], ()):
                if haystack.startswith(needle, start):
                    yield start, needle
