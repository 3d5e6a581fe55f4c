"""Record acts and refusals, inside the transaction of the act: no line in the log, no act.

Source: audit-and-reliability 1.1-1.2; NEN 7513 (what, when, who, on whose responsibility).
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence

from hub.audit.events import AuditEvent, Recorded, Refused
from hub.audit.models import LOG
from hub.audit.private import Part, seal_parts, store_actors, store_parts, store_things
from ledger.leaf import Leaf, commit, encode_leaf, leaf_hour
from ledger.note import Signer
from service.datakeys.sealing import DataKey
from service.errors import DatError
from service.eventlog.appending import append
from service.eventlog.sharding import sequence
from service.work import Caller, Work


def record(work: Work, event: AuditEvent) -> Recorded:
    """Write one event in the transaction of its act."""
    return record_many(work, [event])[0]


def record_many(
    work: Work,
    events: Sequence[AuditEvent],
    *,
    callers: Sequence[Caller] | None = None,
    keys: Sequence[DataKey] | None = None,
) -> list[Recorded]:
    """Write events in the transaction of their acts, in order.

    Args:
        callers: who acted, one an event, where a transaction holds the acts of many.
        keys: the data key of the registration that each event begins, where it was just drawn. It is found
            by that registration again; other events about persons are listed in `audit_subject`.

    Returns:
        For each event its id and leaf hash, which a receipt carries out of the building.
    """
    moment = work.now.isoformat(timespec="seconds")
    leaves, private, listed = [], [], {}
    acted = callers or [work.caller] * len(events)
    for at, (event, caller) in enumerate(zip(events, acted, strict=True)):
        event_id, key = os.urandom(16), keys[at] if keys else None
        parts = _parts(event, _actor(caller), moment)
        leaves.append((event_id, _leaf(work, caller, event, parts, event_id=event_id)))
        private.append(seal_parts(work, caller, event, parts, event_id=event_id, key=key))
        if key is None:
            listed[event_id] = event
    hashes = append(work, LOG, leaves)
    store_parts(work, private)
    store_actors(work, acted)
    store_things(work, listed)
    return [Recorded(event_id, hashed) for (event_id, _), hashed in zip(leaves, hashes, strict=True)]


def sequence_events(work: Work, signer: Signer) -> int:
    """Give waiting events their place in the tree and sign its head; returns how many."""
    return sequence(work, LOG, signer)


def record_refusal(work: Work, error: DatError) -> None:
    """Write that somebody was refused: the code of the rule or the quota, never what was sent."""
    record(
        work,
        Refused(
            organisation_id=work.caller.organisation_id,
            legal_basis=error.code,
            detail={"code": error.code},
        ),
    )


def _parts(event: AuditEvent, actor: bytes, moment: str) -> tuple[Part, Part, Part]:
    openings = os.urandom(96)
    detail = {**event.detail, "at": moment}
    return (
        (openings[:32], actor),
        (openings[32:64], _json(event.subject)),
        (openings[64:], _json(detail)),
    )


def _leaf(
    work: Work, caller: Caller, event: AuditEvent, parts: tuple[Part, Part, Part], *, event_id: bytes
) -> bytes:
    commitments = (
        commit(opening, event_id, name, value)
        for name, (opening, value) in zip(("ac", "sc", "dc"), parts, strict=True)
    )
    ac, sc, dc = commitments
    return encode_leaf(
        Leaf(
            id=event_id.hex(),
            h=leaf_hour(work.now),
            ev=event.code,
            out=event.outcome,
            org=event.organisation_id.hex if event.organisation_id else None,
            role=caller.role.value,
            pur=event.purpose,
            lb=event.legal_basis,
            pol=event.policy,
            ac=ac.hex(),
            sc=sc.hex(),
            dc=dc.hex(),
            n=event.count,
        )
    )


def _actor(caller: Caller) -> bytes:
    return _json(
        {
            "role": caller.role.value,
            "organisation": str(caller.organisation_id or ""),
            "staff": str(caller.staff_id or ""),
            "credential": caller.credential_id,
        }
    )


def _json(facts: Mapping[str, str | int]) -> bytes:
    return json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
