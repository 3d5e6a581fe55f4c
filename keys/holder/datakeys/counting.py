"""Tell a hub how much was evaluated in an hour, from this holder's own ledger: counts, never what.

The hub holds it against what was posted; who has pseudonyms made and never posts them keeps them.

Source: audit-and-reliability 3.4, 1.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import select

from keys.holder.datakeys.rations import require_hub
from keys.holder.events import record
from keys.holder.models import LOG
from service.work import Work

CHUNK = 500  # leaves at once, newest first
EVALUATED = "evaluated"


def count_evaluations(work: Work, hour: str) -> dict[UUID, int]:
    """Return the elements that each organisation had evaluated in an hour, `2026-11-22T01` in UTC.

    Raises:
        DataKeysNotPermittedError: The caller is no hub.
    """
    organisation_id = require_hub(work)
    counted: Counter[UUID] = Counter()
    for facts in _leaves(work, hour):
        if facts["ev"] == EVALUATED and facts["h"] == hour:
            counted[UUID(facts["org"])] += facts["n"]
    record(work, "evaluations.counted", org=organisation_id.hex, n=sum(counted.values()))
    return dict(counted)


def _leaves(work: Work, hour: str) -> Iterator[dict[str, Any]]:
    """Read the ledger backwards, as far as this hour."""
    leaf, event = LOG.leaf.c, LOG.event.c
    for shard, size in work.session.execute(
        select(LOG.head.c.shard, LOG.head.c.size).order_by(LOG.head.c.shard.desc())
    ).all():
        for last in range(size, 0, -CHUNK):
            query = (
                select(event.leaf)
                .join(LOG.leaf, leaf.event_id == event.event_id)
                .where(leaf.shard == shard, leaf.idx < last, leaf.idx >= last - CHUNK)
            )
            found = [json.loads(row) for row in work.session.scalars(query)]
            yield from (facts for facts in found if facts["h"] == hour)
            # A whole chunk older: what came in one transaction may stand a little out of order.
            if found and all(facts["h"] < hour for facts in found):
                return
