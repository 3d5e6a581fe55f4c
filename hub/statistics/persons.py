"""How many persons events are about, as far as the hub can tell: by which registrations agree. No identities.

Where it cannot tell it counts fewer, so that a cell is rather not shown.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping
from typing import TypeVar
from uuid import UUID

from hub.statistics.values import Counted
from hub.subjects.service import RegistrationKind, find_ever_agreeing
from service.work import Work

K = TypeVar("K", bound=Hashable)


def group(members: Iterable[K], pairs: Iterable[tuple[K, K]]) -> dict[K, int]:
    """Give everything that is linked, directly or by others, the same number."""
    near: dict[K, set[K]] = {one: set() for one in members}
    for left, right in pairs:
        near.setdefault(left, set()).add(right)
        near.setdefault(right, set()).add(left)
    found: dict[K, int] = {}
    for number, first in enumerate(near):
        waiting = [] if first in found else [first]
        while waiting:
            one = waiting.pop()
            if one not in found:
                found[one] = number
                waiting += near[one]
    return found


def group_persons(
    work: Work,
    ids: Collection[UUID],
    *,
    kinds: Collection[RegistrationKind],
    known: Iterable[tuple[UUID, UUID]] = (),
) -> dict[UUID, int]:
    """Give registrations that may be of one person the same number, those that ended included.

    Args:
        known: pairs that were of one person.
    """
    asked = set(ids)
    agreements = find_ever_agreeing(work, asked, kinds=kinds)
    pairs = [(one.left, one.right) for one in agreements if {one.left, one.right} <= asked]
    return group(sorted(ids), [*pairs, *known])


def count_by(categories: Mapping[K, str], persons: Mapping[K, int]) -> Counted:
    """Count events and persons, by category."""
    members: dict[str, set[int]] = defaultdict(set)
    for one, category in categories.items():
        members[category].add(persons[one])
    return Counted(
        Counter(categories.values()),
        Counter({category: len(found) for category, found in members.items()}),
        len({persons[one] for one in categories}),
    )
