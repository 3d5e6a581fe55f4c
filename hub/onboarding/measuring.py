"""Measure what the hub can see itself of how well an organisation's rows link."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from hub.onboarding.policy import SMALLEST_SAMPLE
from hub.onboarding.values import Linkage
from hub.subjects.service import count_linkable
from service.clock import dutch_date
from service.work import Work

NEWEST = 1000


def measure(work: Work, ids: Collection[UUID]) -> dict[UUID, Linkage]:
    """Count of each organisation's newest signals how many can be linked; too few of them say nothing.

    The partner's own count sees rows that its client refused; this one sees what came: an envelope that did
    not open, and a person of whom one token came.
    """
    found = {}
    for id_ in ids:
        rows, linkable = count_linkable(work, id_, newest=NEWEST)
        if rows >= SMALLEST_SAMPLE:
            found[id_] = Linkage(rows=rows, linkable=linkable, measured_on=dutch_date(work.now))
    return found
