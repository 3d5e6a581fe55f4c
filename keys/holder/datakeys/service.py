"""Issue, release and destroy data keys; each is a line of counts in the holder's own log."""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from nacl.signing import SigningKey
from sqlalchemy import and_, or_, select

from keys.holder.datakeys.models import DataKeyBatchRow, DataKeyNodeRow, DestroyedDataKeyRow
from keys.holder.datakeys.rations import DESTROY, ISSUE, spend
from keys.holder.datakeys.wrapping import Wrapping
from keys.holder.events import record
from keys.protocol.data_keys import BATCH_ID_BYTES, ROOT, SECRET_BYTES, derive, path_to, place_of, puncture
from keys.protocol.destruction import DestructionReceipt, sign_destruction
from service.clock import dutch_date, wire_time
from service.work import Work

RECEIPT_KEY = "receipt"


@dataclass(frozen=True, slots=True)
class DataKeyHolder:
    """What custody of data keys takes: wrapping keys, and a name and a key to sign receipts with."""

    name: str
    wrapping: Wrapping
    receipt_key: SigningKey = field(repr=False)


def issue(work: Work, holder: DataKeyHolder) -> tuple[bytes, bytes]:
    """Draw a batch for the calling hub; returns its id and its root."""
    organisation_id = spend(work, ISSUE, 1)
    batch_id, root = os.urandom(BATCH_ID_BYTES), os.urandom(SECRET_BYTES)
    on = dutch_date(work.now)
    work.session.add(DataKeyBatchRow(batch_id=batch_id, organisation_id=organisation_id, issued_on=on))
    work.session.add(holder.wrapping.wrap(batch_id, ROOT, root))
    record(work, "data_keys.issued", org=organisation_id.hex, n=1)
    return batch_id, root


def release(work: Work, holder: DataKeyHolder, ids: Collection[bytes], *, purpose: str) -> dict[bytes, bytes]:
    """Give back the secrets of those keys of the calling hub that still are."""
    organisation_id = spend(work, purpose, len(ids))
    owned = _owned(work, ids)
    found = {}
    for id_ in sorted(owned):
        batch_id, leaf = place_of(id_)
        if (row := _find_above(work, batch_id, leaf)) is not None:
            found[id_] = derive(row.node, holder.wrapping.unwrap(row), leaf)
    record(work, "data_keys.released", org=organisation_id.hex, n=len(found), pur=purpose)
    return found


def destroy(work: Work, holder: DataKeyHolder, ids: Collection[bytes]) -> list[DestructionReceipt]:
    """Destroy keys of the calling hub for good, and sign for each; what is gone already is signed for again.

    An id that was never given, or is another hub's, is signed for too: nothing under it is here for this hub,
    and nothing ever will be. Whoever restores a backup, hub or holder, can have everything said twice.
    """
    signed = _signed(work, ids)
    gone = sorted(set(ids) - signed.keys())
    if gone:
        organisation_id = spend(work, DESTROY, len(gone))
        _puncture(work, holder, _owned(work, gone))
        # The ids are random, so their hash says nothing; with the receipts it proves that these were all.
        digest = sha256(b"".join(gone)).hexdigest()
        leaf_hash = record(work, "data_keys.destroyed", org=organisation_id.hex, n=len(gone), keys=digest)
        at = wire_time(work.now)
        for id_ in gone:
            row = DestroyedDataKeyRow(
                key_id=id_, organisation_id=organisation_id, destroyed_at=at, leaf_hash=leaf_hash
            )
            work.session.add(row)
            signed[id_] = row
    return [_sign(holder, signed[id_]) for id_ in ids]


def list_destroyed(
    work: Work, holder: DataKeyHolder, *, since: str, after: bytes, limit: int
) -> list[DestructionReceipt]:
    """Repeat what was signed for the calling hub since a moment, in order; a hub that was restored asks.

    Args:
        after: of that very second, only keys after this one.
    """
    organisation_id = spend(work, DESTROY, 0)
    row = DestroyedDataKeyRow
    later = or_(row.destroyed_at > since, and_(row.destroyed_at == since, row.key_id > after))
    query = select(row).where(row.organisation_id == organisation_id, later)
    rows = work.session.scalars(query.order_by(row.destroyed_at, row.key_id).limit(limit)).all()
    record(work, "data_keys.listed", org=organisation_id.hex, n=len(rows))
    return [_sign(holder, one) for one in rows]


def _signed(work: Work, ids: Collection[bytes]) -> dict[bytes, DestroyedDataKeyRow]:
    query = select(DestroyedDataKeyRow).where(
        DestroyedDataKeyRow.key_id.in_(ids),
        DestroyedDataKeyRow.organisation_id == work.caller.organisation_id,
    )
    return {row.key_id: row for row in work.session.scalars(query)}


def _owned(work: Work, ids: Collection[bytes]) -> list[bytes]:
    """Lock the batches, in order, and return those keys that are the calling hub's.

    Without the lock, two that destroy in one batch would each keep what the other destroys.
    """
    batches = sorted({place_of(id_)[0] for id_ in ids})
    query = (
        select(DataKeyBatchRow.batch_id)
        .where(
            DataKeyBatchRow.batch_id.in_(batches),
            DataKeyBatchRow.organisation_id == work.caller.organisation_id,
        )
        .order_by(DataKeyBatchRow.batch_id)
        .with_for_update()
    )
    own = set(work.session.scalars(query))
    return [id_ for id_ in ids if place_of(id_)[0] in own]


def _puncture(work: Work, holder: DataKeyHolder, ids: Sequence[bytes]) -> None:
    for id_ in ids:
        batch_id, leaf = place_of(id_)
        row = _find_above(work, batch_id, leaf)
        if row is None:
            continue
        for node, secret in puncture(row.node, holder.wrapping.unwrap(row), leaf):
            work.session.add(holder.wrapping.wrap(batch_id, node, secret))
        work.session.delete(row)
        work.session.flush()


def _find_above(work: Work, batch_id: bytes, leaf: int) -> DataKeyNodeRow | None:
    query = select(DataKeyNodeRow).where(
        DataKeyNodeRow.batch_id == batch_id, DataKeyNodeRow.node.in_(path_to(leaf))
    )
    return work.session.scalars(query).one_or_none()


def _sign(holder: DataKeyHolder, row: DestroyedDataKeyRow) -> DestructionReceipt:
    return sign_destruction(
        holder.receipt_key,
        holder=holder.name,
        key_id=row.key_id,
        destroyed_at=row.destroyed_at,
        leaf_hash=row.leaf_hash,
    )
