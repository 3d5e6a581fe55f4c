"""Destroy the data keys of what is erased: asked for in the act's transaction, done by the worker, proved.

The row of a request stays for ever. What is recorded about an erased registration afterwards loses its key
at the worker's next turn.

Source: audit-and-reliability.md, 1.4; AVG art. 17.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, exists, func, null, or_, select, tuple_, update

from hub.audit.events import KeysDestroyed
from hub.audit.models import AuditPrivateRow, AuditSubjectRow, DestroyedKeyRow, DestructionRow
from hub.audit.service import record
from keys.protocol.data_keys import KEY_ID_BYTES, place_of
from keys.protocol.destruction import DestructionReceipt
from keys.protocol.errors import EncodingError, ReceiptError
from service.bulk import insert_into, is_one_of
from service.clock import read_wire_time
from service.database import Database
from service.datakeys.custody import Custody
from service.errors import UnavailableError
from service.work import SYSTEM, Work

LIMIT = 500  # keys a turn
NOBODY = UUID(int=0)  # stands for the thing where a key is of an actor's year
SURELY = timedelta(minutes=5)  # the receipts of one turn are kept in one transaction
WATCHED = timedelta(days=30)  # in which events about an erased registration may still come
_REQUEST, _KEY, _ABOUT, _BESIDE = (
    row.__table__.c for row in (DestructionRow, DestroyedKeyRow, AuditSubjectRow, AuditPrivateRow)
)
_REQUESTS, _KEYS = (DestructionRow.metadata.tables[name] for name in ("destruction", "destroyed_key"))
_EVENT_KEY = func.substr(_BESIDE.subject, 1, KEY_ID_BYTES)
_ACTOR_KEY = func.substr(_BESIDE.actor, 1, KEY_ID_BYTES)


class ForgedReceiptError(UnavailableError):
    """The custodian's answer is no receipt of it, or about another key."""

    code = "forged_receipt"
    title = "The answer is not a receipt of the service that keeps the data keys."


@dataclass(frozen=True, slots=True)
class Destruction:
    """The proof that what was about a registration or match can be read by nobody.

    Attributes:
        receipts: one of each key that there was, signed by who kept it.
    """

    requested_at: datetime
    done_at: datetime
    receipts: tuple[DestructionReceipt, ...]


def request_destruction(work: Work, things: Mapping[UUID, bytes | None]) -> None:
    """Have the data keys of registrations or matches destroyed once this transaction is committed.

    Args:
        things: the first key of each, where it has one; those of events about it are found.
    """
    rows = [
        {"thing_id": thing, "key_id": key, "requested_at": work.now, "done_at": None}
        for thing, key in sorted(things.items())
    ]
    if rows:
        work.session.execute(insert_into(work.session, _REQUESTS).on_conflict_do_nothing(), rows)


def list_erased(work: Work, ids: Collection[UUID]) -> set[UUID]:
    """Return those of the registrations or matches whose keys were asked to be destroyed."""
    query = select(_REQUEST.thing_id).where(is_one_of(work.session, _REQUEST.thing_id, list(ids)))
    return set(work.session.scalars(query))


def find_destructions(work: Work, ids: Collection[UUID]) -> dict[UUID, Destruction | None]:
    """Return the proof for each, or None while it was not asked for or not done."""
    receipts: dict[UUID, list[DestructionReceipt]] = defaultdict(list)
    wanted = list(ids)
    for row in work.session.execute(select(_KEYS).where(is_one_of(work.session, _KEY.thing_id, wanted))):
        receipts[row.thing_id].append(_receipt(row))
    found: dict[UUID, Destruction | None] = dict.fromkeys(wanted)
    done = select(_REQUESTS).where(
        is_one_of(work.session, _REQUEST.thing_id, wanted), _REQUEST.done_at.is_not(None)
    )
    for row in work.session.execute(done):
        found[row.thing_id] = Destruction(row.requested_at, row.done_at, tuple(receipts[row.thing_id]))
    return found


def destroy_requested(database: Database, *, limit: int = LIMIT) -> int:
    """Destroy the keys of what was erased, and keep the receipts; returns how many keys.

    A kill between the custodian's answer and our commit costs nothing: it gives the same receipts again.

    Raises:
        UnavailableError: The custodian does not answer; everything stays asked for.
    """
    with database.look(SYSTEM) as work:
        due = list(_due(work, limit))
    if not due:
        return 0
    count = _carry_out(database, [(thing, key) for thing, key, _ in due if key is not None and _is_key(key)])
    with database.work(SYSTEM) as work:
        _close(work, due)
    # What was deleted before the keys went must not be read from the write-ahead log either.
    database.empty_log()
    return count


def list_unheard(database: Database) -> dict[bytes, DestructionReceipt]:
    """Return the receipts that the custodian gave since the last one that is kept here, by key.

    There are some where the store was restored from a backup, or a standby that lagged took over: what was
    erased since is back, unreadable where it is sealed.

    Raises:
        UnavailableError: The custodian does not answer.
        ForgedReceiptError: What it gives is not signed by it.
    """
    custody = database.data_keys.custody
    with database.look(SYSTEM) as work:
        last = work.session.scalar(select(func.max(_KEY.destroyed_at)))
        since = read_wire_time(last) - SURELY if last else datetime(1970, 1, 1, tzinfo=UTC)
        given = {receipt.key_id: receipt for receipt in custody.list_destroyed(since)}
        if not all(_is_proved(custody, receipt) for receipt in given.values()):
            raise ForgedReceiptError
        kept = is_one_of(work.session, _KEY.key_id, list(given))
        known = set(work.session.scalars(select(_KEY.key_id).where(kept)))
    return {key: receipt for key, receipt in given.items() if key not in known}


def keep_receipts(work: Work, receipts: Collection[DestructionReceipt]) -> None:
    """Keep receipts of which nobody knows any more what they were about."""
    rows = [{"thing_id": NOBODY, **_row(receipt)} for receipt in receipts]
    if rows:
        work.session.execute(insert_into(work.session, _KEYS).on_conflict_do_nothing(), rows)


def list_proved(work: Work, ids: Collection[bytes]) -> set[bytes]:
    """Return those of the keys that the custodian has signed to be destroyed."""
    rows = work.session.execute(select(_KEYS).where(is_one_of(work.session, _KEY.key_id, list(ids))))
    return {row.key_id for row in rows if _is_proved(work.data_keys.custody, _receipt(row))}


def destroy_actor_years(database: Database, *, term: Callable[[Work], timedelta], limit: int = LIMIT) -> int:
    """Destroy the keys of actors' calendar years that ended before this term; returns how many.

    Source: audit-and-reliability.md, 1.4: care providers keep five years (Stcrt. 2019-38007).
    """
    gone = exists().where(_KEY.key_id == _ACTOR_KEY)
    with database.look(SYSTEM) as work:
        before = datetime((work.now - term(work)).year, 1, 1, tzinfo=UTC)
        query = select(_ACTOR_KEY).where(_BESIDE.recorded_at < before, ~gone).distinct().limit(limit)
        due = [(NOBODY, key) for key in work.session.execute(query).scalars() if _is_key(key)]
    return _carry_out(database, due)


def _carry_out(database: Database, due: Sequence[tuple[UUID, bytes]]) -> int:
    receipts = _destroy(database.data_keys.custody, {key for _, key in due})
    with database.work(SYSTEM) as work:
        rows = [{"thing_id": thing, **_row(receipts[key])} for thing, key in due]
        if rows:
            work.session.execute(insert_into(work.session, _KEYS).on_conflict_do_nothing(), rows)
            record(work, KeysDestroyed(detail={"keys": len(receipts)}))
    return len(receipts)


def _due(work: Work, limit: int) -> Iterator[tuple[UUID, bytes | None, bytes | None]]:
    """List (thing, key, event): first keys, without an event, and the keys of events about the thing."""
    first = select(_REQUEST.thing_id, _REQUEST.key_id, null()).where(_REQUEST.done_at.is_(None))
    later = (
        select(_REQUEST.thing_id, _EVENT_KEY, _ABOUT.event_id)
        .join(AuditSubjectRow.__table__, _ABOUT.thing_id == _REQUEST.thing_id)
        .join(AuditPrivateRow.__table__, _BESIDE.event_id == _ABOUT.event_id)
        .where(or_(_REQUEST.done_at.is_(None), _REQUEST.requested_at > work.now - WATCHED))
    )
    for query in (first, later):
        for row in work.session.execute(query.order_by(_REQUEST.requested_at).limit(limit)):
            yield tuple(row)


def _close(work: Work, due: Sequence[tuple[UUID, bytes | None, bytes | None]]) -> None:
    """Forget which events were about it, and call a request done when nothing is left."""
    pairs = [(thing, event) for thing, _, event in due if event is not None]
    if pairs:
        work.session.execute(
            delete(AuditSubjectRow).where(tuple_(_ABOUT.thing_id, _ABOUT.event_id).in_(pairs))
        )
    left = exists().where(_ABOUT.thing_id == _REQUEST.thing_id)
    done = update(_REQUESTS).where(_REQUEST.done_at.is_(None), ~left)
    things = sorted({thing for thing, _, _ in due})
    work.session.execute(
        done.where(is_one_of(work.session, _REQUEST.thing_id, things)).values(done_at=work.now)
    )


def _destroy(custody: Custody, keys: Collection[bytes]) -> dict[bytes, DestructionReceipt]:
    receipts = {receipt.key_id: receipt for receipt in custody.destroy(sorted(keys))} if keys else {}
    for key in keys:
        if key not in receipts or not _is_proved(custody, receipts[key]):
            raise ForgedReceiptError
    return receipts


def _is_proved(custody: Custody, receipt: DestructionReceipt) -> bool:
    try:
        custody.require_receipt(receipt, key_id=receipt.key_id)
    except ReceiptError:
        return False
    return True


def _is_key(key: bytes | None) -> bool:
    # A row that somebody changed must not stop the others.
    try:
        place_of(key or b"")
    except EncodingError:
        return False
    return True


def _row(receipt: DestructionReceipt) -> dict[str, object]:
    return {name: getattr(receipt, name) for name in DestructionReceipt.__slots__}


def _receipt(row: Any) -> DestructionReceipt:
    return DestructionReceipt(row.holder, row.key_id, row.destroyed_at, row.leaf_hash, row.signature)
