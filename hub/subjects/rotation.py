"""Move stored pseudonyms to a new key epoch without asking the partners anything.

`check_delta` of keys.protocol.rotation comes first; the old pepper, the old row key and the scalar are
destroyed when nothing is left under them.

Source: protocol.md, 5.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from hub.subjects import store
from hub.subjects.keys import SubjectKeys
from hub.subjects.opening import make_token, seal_elements, unseal_elements, write_tokens
from keys.protocol.envelope import Entry
from keys.protocol.rotation import rotate
from service.database import Database
from service.datakeys.custody import Purpose
from service.datakeys.releasing import release
from service.datakeys.sealing import DataKey, key_id_of
from service.work import SYSTEM, Work


@dataclass(frozen=True, slots=True)
class Rotation:
    """From which key epoch to which, per identity scheme.

    Attributes:
        scalars: for each scheme that rotates, the scalar between its old and its new key.
        old_row: epoch of the row key to move away from; the newest row key is moved to.
    """

    old_epoch: int
    new_epoch: int
    old_row: int
    scalars: dict[str, bytes] = field(repr=False)


def rotate_registrations(
    database: Database, secrets: SubjectKeys, rotation: Rotation, *, limit: int, now: datetime | None = None
) -> int:
    """Move so many registrations to the new keys and queue them; zero when none is left.

    They are queued because a signal that already came under the new key could not meet them before.

    Raises:
        UnavailableError: Who keeps the data keys does not answer, or the ration of rotation is used up.
    """
    with database.look(SYSTEM) as work:
        ids = store.list_sealed(work.session, rotation.old_row, limit=limit)
        sealed = store.find_sealed(work.session, ids)
    # Before the transaction: who waits for another house holds nothing that others wait for.
    keys = release(database.data_keys.custody, [key_id_of(one) for one in sealed.values()], Purpose.ROTATION)
    with database.work(SYSTEM, now=now) as work:
        _move_all(work, secrets, rotation, ids, keys=keys)
    return len(ids)


def _move_all(
    work: Work, secrets: SubjectKeys, rotation: Rotation, ids: Sequence[UUID], *, keys: Mapping[bytes, bytes]
) -> None:
    # Queue first, then registration: the worker's order, so that neither waits for the other.
    store.enqueue(work.session, ids, now=work.now)
    rows = store.lock_sealed(work.session, ids, epoch=rotation.old_row)
    moved = [
        (row[0], row[1], *_move(secrets, rotation, row, secret=keys.get(key_id_of(row[2])))) for row in rows
    ]
    store.replace_tokens(work.session, moved, epoch=secrets.row_epoch)


def _move(
    secrets: SubjectKeys, rotation: Rotation, row: tuple[UUID, bytes, bytes], *, secret: bytes | None
) -> tuple[bytes, bytes]:
    id_, tokens, sealed = row
    key_id = key_id_of(sealed)
    if secret is None:
        # Its data key was destroyed: it can't follow, and would be listed again for ever.
        return tokens, key_id
    entries = unseal_elements(secrets, id_, epoch=rotation.old_row, sealed=sealed, key=secret)
    moved = [_rotate(rotation, entry) for entry in entries]
    new = write_tokens([make_token(secrets, entry) for entry in moved])
    return new, seal_elements(secrets, id_, moved, key=DataKey(key_id, secret))


def _rotate(rotation: Rotation, entry: Entry) -> Entry:
    scalar = rotation.scalars.get(entry.token_type.scheme)
    if scalar is None or entry.epoch != rotation.old_epoch:
        return entry
    (element,) = rotate([entry.element], scalar)
    return Entry(entry.token_type, rotation.new_epoch, element)
