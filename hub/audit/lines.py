"""Lay out what leaves say in columns to ask by, off the path of the acts, and hold it against the leaves.

A line is made from its leaf and says nothing else; who changed one is found by `dat-hub audit verify`.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select

from hub.audit.models import LOG, AuditLineRow, AuditPrivateRow
from keys.protocol.data_keys import KEY_ID_BYTES
from ledger.leaf import NONE
from service.bulk import insert_into, is_one_of
from service.eventlog.verification import FoundLeaf
from service.work import Work

LIMIT = 500  # lines a transaction: on SQLite nobody else writes meanwhile
_SAID = ("event_id", "hour", "code", "outcome", "organisation_id", "role", "purpose", "legal_basis", "count")
_LINE = AuditLineRow.__table__.c


def index_lines(work: Work, *, limit: int = LIMIT) -> int:
    """Make the lines of leaves that have none yet, in order; returns how many."""
    rows: list[dict[str, Any]] = []
    for shard, size in work.session.execute(select(LOG.head.c.shard, LOG.head.c.size)).all():
        after = work.session.scalar(select(func.max(_LINE.idx)).where(_LINE.shard == shard))
        if (first := 0 if after is None else after + 1) < size:
            rows += [_row(one) for one in work.session.execute(_unread(shard, first, limit - len(rows)))]
    if rows:
        work.session.execute(insert_into(work.session, AuditLineRow).on_conflict_do_nothing(), rows)
    return len(rows)


def find_reached(work: Work) -> datetime | None:
    """Return the hour of the newest event that has its line."""
    newest: datetime | None = work.session.scalar(select(func.max(_LINE.hour)))
    return newest


def read_leaf(leaf: bytes) -> dict[str, Any]:
    """Read what a leaf says, as the columns of a line.

    Raises:
        ValueError: It is no leaf of this log.
    """
    facts: Mapping[str, Any] = json.loads(leaf)
    organisation = facts.get("org")
    return {
        "event_id": bytes.fromhex(facts["id"]),
        "hour": datetime.strptime(facts["h"], "%Y-%m-%dT%H").replace(tzinfo=UTC),
        "code": facts["ev"],
        "outcome": facts.get("out", "ok"),
        "organisation_id": UUID(organisation) if organisation else None,
        "role": facts.get("role", "system"),
        "purpose": facts.get("pur", NONE),
        "legal_basis": facts.get("lb", NONE),
        "count": facts.get("n", 1),
    }


def list_wrong_lines(work: Work, found: Sequence[FoundLeaf]) -> Iterator[str]:
    """List the lines that say otherwise than their leaf, as findings of a check."""
    rows = _find_lines(work, [one.event_id for one in found])
    for one in found:
        row = rows.get(one.event_id)
        if row is not None and not _agrees(row, one.leaf):
            yield f"line_changed {one.place}"


def count_missing_lines(work: Work) -> int:
    """Count the leaves without a line before the newest that has one: somebody took a line away."""
    reached = select(_LINE.shard, func.max(_LINE.idx) + 1 - func.count()).group_by(_LINE.shard)
    return sum(int(count) for _, count in work.session.execute(reached))


def _find_lines(work: Work, event_ids: Collection[bytes]) -> dict[bytes, Any]:
    query = select(AuditLineRow.__table__).where(is_one_of(work.session, _LINE.event_id, list(event_ids)))
    return {row.event_id: row for row in work.session.execute(query)}


def _agrees(row: Any, leaf: bytes) -> bool:
    try:
        said = read_leaf(leaf)
    except (ValueError, KeyError, TypeError, AttributeError):
        return False
    return all(getattr(row, name) == said[name] for name in _SAID)


def _unread(shard: str, first: int, limit: int) -> Select[Any]:
    leaf = LOG.leaf.c
    return (
        select(leaf.shard, leaf.idx, LOG.event.c.leaf, AuditPrivateRow.actor, AuditPrivateRow.recorded_at)
        .join(LOG.event, LOG.event.c.event_id == leaf.event_id)
        .outerjoin(AuditPrivateRow, AuditPrivateRow.event_id == leaf.event_id)
        .where(leaf.shard == shard, leaf.idx >= first)
        .order_by(leaf.idx)
        .limit(limit)
    )


def _row(one: Any) -> dict[str, Any]:
    key = one.actor[:KEY_ID_BYTES] if one.actor else None
    beside = {"actor_key": key, "recorded_at": one.recorded_at}
    return {"shard": one.shard, "idx": one.idx, **beside, **read_leaf(one.leaf)}
