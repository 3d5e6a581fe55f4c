"""What lies beside the tree: values and openings, sealed so that destroying a key erases them.

The actor's part is under a key of the actor and the year; what the event was about, with its details, under a
key of the persons' registrations. Destroying the one leaves the other readable.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Table, event, select

from hub.audit.events import AuditEvent
from hub.audit.models import AuditActorRow, AuditPrivateRow, AuditSubjectRow
from ledger.leaf import commit
from service.bulk import insert_free, insert_rows, is_one_of
from service.datakeys.custody import Purpose
from service.datakeys.releasing import release
from service.datakeys.sealing import DataKey, key_id_of, open_with, seal
from service.work import Caller, Work

PARTS = {"actor": "ac", "subject": "sc", "detail": "dc"}
OPENING = 32  # bytes in front of a value
_PRIVATE: Table = AuditPrivateRow.metadata.tables[AuditPrivateRow.__tablename__]
_SUBJECT: Table = AuditPrivateRow.metadata.tables[AuditSubjectRow.__tablename__]
_ACTOR: Table = AuditPrivateRow.metadata.tables[AuditActorRow.__tablename__]
_PLACES = {part: f"dat-hub/audit/v1/{part}/".encode() for part in PARTS}

Part = tuple[bytes, bytes]
"""An opening and a value."""


def seal_parts(
    work: Work,
    caller: Caller,
    about: AuditEvent,
    parts: Sequence[Part],
    *,
    event_id: bytes,
    key: DataKey | None,
) -> tuple[Any, ...]:
    """Return the row of one event.

    Args:
        parts: of actor, subject and detail.
        key: the data key of the registration, where it is at hand; events about it may be many.
    """
    own = work.data_keys.of_actor(_actor(caller), work.now.year)
    second = key or (work.data_keys.take() if about.things() else own)
    keys = (own, second, second)
    sealed = (
        seal(one, opening + value, place=_PLACES[part] + event_id)
        for one, part, (opening, value) in zip(keys, PARTS, parts, strict=True)
    )
    return event_id, work.now, *sealed


def store_parts(work: Work, rows: Sequence[tuple[Any, ...]]) -> None:
    """Store what `seal_parts` made."""
    insert_rows(work.session, _PRIVATE, ("event_id", "recorded_at", *PARTS), rows)


def store_actors(work: Work, callers: Collection[Caller]) -> None:
    """Store whose keys these are, each once: to find what somebody did without opening anything."""
    pool, fresh = work.data_keys, {}
    for caller in set(callers):
        key = pool.of_actor(_actor(caller), work.now.year)
        if key.id not in pool.listed:
            fresh[key.id] = pool.name_actor(_actor(caller))
    if fresh:
        insert_free(work.session, _ACTOR, ("key_id", "tag"), list(fresh.items()))
        # Known as listed only once it is: a roll-back takes the row along.
        event.listen(work.session, "after_commit", lambda _: pool.listed.update(fresh), once=True)


def list_actor_keys(work: Work, actor: str) -> list[bytes]:
    """List the ids of the keys that what somebody did is sealed under, of all years and processes."""
    tag = work.data_keys.name_actor(actor)
    return list(work.session.scalars(select(AuditActorRow.key_id).where(AuditActorRow.tag == tag)))


def store_things(work: Work, events: Mapping[bytes, AuditEvent]) -> None:
    """Store which events are about which registrations and matches: to find them, and to erase them."""
    rows = [(thing, event_id) for event_id, one in events.items() for thing in one.things()]
    insert_rows(work.session, _SUBJECT, ("thing_id", "event_id"), rows)


def open_part(keys: Mapping[bytes, bytes], sealed: bytes, *, event_id: bytes, part: str) -> Part | None:
    """Open one part; None when its key was not given.

    Raises:
        SealedError: It was changed, or moved here from another event or part.
    """
    plain = open_with(keys, sealed, place=_PLACES[part] + event_id)
    return None if plain is None else (plain[:OPENING], plain[OPENING:])


def open_values(
    work: Work, event_ids: Collection[bytes], *, purpose: Purpose
) -> dict[bytes, dict[str, bytes | None]]:
    """Read the values behind events, by event and part; None where the key was destroyed.

    Raises:
        SealedError: A part was changed.
        UnavailableError: The custodian of the data keys does not answer, or the ration is used up.
    """
    rows = work.session.execute(
        select(_PRIVATE).where(is_one_of(work.session, _PRIVATE.c.event_id, list(event_ids)))
    ).all()
    sealed = {(row.event_id, part): getattr(row, part) for row in rows for part in PARTS}
    keys = release(work.data_keys.custody, {key_id_of(one) for one in sealed.values() if one}, purpose)
    values: dict[bytes, dict[str, bytes | None]] = {row.event_id: {} for row in rows}
    for (event_id, part), one in sealed.items():
        opened = open_part(keys, one, event_id=event_id, part=part) if one else None
        values[event_id][part] = opened[1] if opened else None
    return values


def commitment(opened: Part, *, event_id: bytes, part: str) -> str:
    """Return the commitment that the leaf must hold; raises LeafError on what nobody can commit to."""
    opening, value = opened
    return commit(opening, event_id, PARTS[part], value).hex()


def _actor(caller: Caller) -> str:
    return str(caller.staff_id or caller.organisation_id or caller.role.value)
