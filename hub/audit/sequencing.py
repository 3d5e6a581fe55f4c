"""Give every event its place in the tree, off the request path, and sign the head.

One sequencer at a time: the head row is the fence. Pending rows are claimed from a queue and not by
"id greater than the last", because identities commit out of order.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from hub.audit.errors import LogBrokenError
from hub.audit.models import AuditEventRow, AuditHeadRow, AuditLeafRow, AuditPendingRow
from ledger.checkpoint import Checkpoint, sign_checkpoint
from ledger.note import Signer
from ledger.tree import Frontier, leaf_hash
from service.bulk import insert_rows
from service.work import Work

LIMIT = 5_000
LEAF_COLUMNS = ("shard", "idx", "event_id", "leaf_hash")


def shard_of(moment: datetime) -> str:
    """Return the half-year that an event is filed under: "2026h2"."""
    return f"{moment.year}h{1 if moment.month <= 6 else 2}"


def sequence_pending(work: Work, signer: Signer, *, limit: int = LIMIT) -> int:
    """Append waiting events to the tree of this half-year and sign its new head.

    Returns:
        How many events got their place.

    Raises:
        LogBrokenError: A stored leaf no longer gives the hash it was recorded with, or the clock went back.
    """
    head = _locked_head(work, shard_of(work.now))
    pending = work.session.execute(
        select(AuditPendingRow.seq, AuditPendingRow.event_id, AuditPendingRow.leaf_hash)
        .order_by(AuditPendingRow.seq)
        .limit(limit)
    ).all()
    if not pending:
        return 0
    if work.now < head.signed_at:
        raise LogBrokenError
    _require_unchanged(work, {row.event_id: row.leaf_hash for row in pending})
    _append(work, head, [(row.event_id, row.leaf_hash) for row in pending], signer)
    work.session.execute(delete(AuditPendingRow).where(AuditPendingRow.seq.in_([row.seq for row in pending])))
    return len(pending)


def _locked_head(work: Work, shard: str) -> AuditHeadRow:
    dialect = work.session.connection().dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    work.session.execute(
        insert(AuditHeadRow)
        .values(shard=shard, size=0, frontier=Frontier().to_bytes(), note="", signed_at=work.now)
        .on_conflict_do_nothing()
    )
    return work.session.execute(
        select(AuditHeadRow).where(AuditHeadRow.shard == shard).with_for_update()
    ).scalar_one()


def _require_unchanged(work: Work, hashes: dict[bytes, bytes]) -> None:
    # Re-read and re-hash before signing: one flipped bit in one entry ended a public log (Yeti, 2022).
    found = 0
    for event_id, leaf in _leaves(work, list(hashes)):
        found += 1
        if leaf_hash(leaf) != hashes[event_id]:
            raise LogBrokenError
    if found != len(hashes):
        raise LogBrokenError


def _leaves(work: Work, ids: Sequence[bytes]) -> list[tuple[bytes, bytes]]:
    rows: list[tuple[bytes, bytes]] = []
    for start in range(0, len(ids), 500):
        chunk = ids[start : start + 500]
        query = select(AuditEventRow.event_id, AuditEventRow.leaf).where(AuditEventRow.event_id.in_(chunk))
        rows += [(row.event_id, row.leaf) for row in work.session.execute(query)]
    return rows


def _append(work: Work, head: AuditHeadRow, events: Sequence[tuple[bytes, bytes]], signer: Signer) -> None:
    table = AuditLeafRow.metadata.tables["audit_leaf"]
    rows = [(head.shard, head.size + at, event_id, hashed) for at, (event_id, hashed) in enumerate(events)]
    insert_rows(work.session, table, LEAF_COLUMNS, rows)
    frontier = Frontier.from_bytes(head.frontier).extend([hashed for _, hashed in events])
    own = Signer(f"{signer.name}/{head.shard}", signer.key)
    note = sign_checkpoint(Checkpoint(own.name, frontier.size, frontier.root()), own)
    hit = work.session.execute(
        update(AuditHeadRow)
        .where(AuditHeadRow.shard == head.shard, AuditHeadRow.size == head.size)
        .values(size=frontier.size, frontier=frontier.to_bytes(), note=note, signed_at=work.now)
        .execution_options(synchronize_session=False)
    )
    if hit.rowcount != 1:  # type: ignore[attr-defined]
        raise LogBrokenError
