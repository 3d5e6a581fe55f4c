"""Keep what witnesses cosigned of the log, and say what still has to be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from hub.audit.models import LOG, AuditCosignedRow
from hub.audit.witness import WitnessAwayError
from ledger.checkpoint import parse_checkpoint
from ledger.cosignature import Cosignature, WitnessKey, cosignatures_of
from ledger.errors import NoteError
from ledger.note import read_lines, read_note
from service.eventlog.sharding import read_openings
from service.work import Work

FRESH = timedelta(seconds=20)  # after which a head is cosigned again though nothing happened


@dataclass(frozen=True, slots=True)
class Due:
    """A head that is to be cosigned, and what of it was."""

    shard: str
    note: str
    size: int
    cosigned: int


def keep_cosignature(
    work: Work, shard: str, note: str, lines: str, *, keys: Sequence[WitnessKey]
) -> list[Cosignature]:
    """Keep those lines under a signed head that known witnesses wrote; returns what they say.

    Raises:
        WitnessAwayError: A line in the name of a known witness is false, or they are no lines.
    """
    checkpoint = parse_checkpoint(read_note(note)[0])
    try:
        known = [line for line in read_lines(lines) if line.name in {key.name for key in keys}]
        found = cosignatures_of(checkpoint, known, keys)
    except NoteError:
        raise WitnessAwayError from None
    for name in {one.witness for one in found}:
        own = "".join(line.to_text() for line in known if line.name == name)
        # The witness's own word for when: this machine's clock may have been put back.
        at = datetime.fromtimestamp(min(one.at for one in found if one.witness == name), UTC)
        row = {"shard": shard, "witness": name, "size": checkpoint.size, "note": note + own}
        _store(work, {**row, "cosigned_at": at})
    return found


def find_cosigned(work: Work, shard: str, *, most: int | None = None) -> AuditCosignedRow | None:
    """Return the largest head of a tree, of at most so many leaves, that any witness cosigned."""
    query = select(AuditCosignedRow).where(AuditCosignedRow.shard == shard)
    if most is not None:
        query = query.where(AuditCosignedRow.size <= most)
    return work.session.scalars(query.order_by(AuditCosignedRow.size.desc()).limit(1)).first()


def list_due(work: Work, witness: str) -> list[Due]:
    """List heads that grew since this witness cosigned them, and the newest also where it did not for long.

    A tree that was closed because the store is not what the witness saw is never asked about again.
    """
    head, cosigned = LOG.head.c, AuditCosignedRow
    query = (
        select(head.shard, head.note, head.size, cosigned.size.label("cosigned"), cosigned.cosigned_at)
        .outerjoin(cosigned, and_(cosigned.shard == head.shard, cosigned.witness == witness))
        .where(head.note != "")
        .order_by(head.shard)
    )
    rows = work.session.execute(query).all()
    # The newest tree also when nothing happened: its cosignature says that nothing did.
    old = {rows[-1].shard} if rows and _is_old(rows[-1].cosigned_at, work.now) else set()
    due = [
        Due(row.shard, row.note, row.size, row.cosigned or 0)
        for row in rows
        if row.size > (row.cosigned or 0) or row.shard in old
    ]
    if not due or due[0].shard == rows[-1].shard:
        return due
    gone = list_given_up(work)
    return [one for one in due if one.shard not in gone]


def list_given_up(work: Work) -> set[str]:
    """Return the trees that were closed because the store is not what a witness saw."""
    openings = read_openings(work, LOG).values()
    return {one.closed.rpartition("/")[2] for one in openings if one.witnessed is not None}


def _store(work: Work, row: dict[str, Any]) -> None:
    """Keep the larger head; of the same one, the younger cosignature."""
    dialect = work.session.connection().dialect.name
    insert: Any = postgresql.insert if dialect == "postgresql" else sqlite.insert
    fresh = insert(AuditCosignedRow).values(row)
    kept, new = AuditCosignedRow, fresh.excluded
    younger = and_(kept.size == new.size, kept.cosigned_at <= new.cosigned_at)
    work.session.execute(
        fresh.on_conflict_do_update(
            index_elements=["shard", "witness"],
            set_={name: new[name] for name in ("size", "note", "cosigned_at")},
            where=or_(kept.size < new.size, younger),
        )
    )


def _is_old(cosigned_at: datetime | None, now: datetime) -> bool:
    return cosigned_at is None or cosigned_at < now - FRESH
