"""Ask data keys back, a few at a time: they are let go again when what they sealed was read."""

from __future__ import annotations

from collections.abc import Collection
from itertools import islice

from service.datakeys.custody import MOST_AT_ONCE, Custody, Purpose


def release(custody: Custody, ids: Collection[bytes], purpose: Purpose) -> dict[bytes, bytes]:
    """Ask back those keys that still are, in requests of at most 1,000.

    Raises:
        UnavailableError: The custodian does not answer, or the ration of this purpose is used up.
    """
    left, found = iter(set(ids)), dict[bytes, bytes]()
    while some := list(islice(left, MOST_AT_ONCE)):
        found |= custody.release(some, purpose)
    return found
