"""What the holder's own log says: who asked how many of what, and what its administrator did."""

from __future__ import annotations

import os
from datetime import datetime

from keys.holder.models import LOG
from keys.protocol.encoding import canonical_json
from ledger.leaf import NONE, leaf_hour
from service.errors import DatError
from service.eventlog.appending import append
from service.work import Work


def event_leaf(now: datetime, code: str, **facts: str | int) -> tuple[bytes, bytes]:
    """Write an event: its id and its leaf, to the hour, in coded facts."""
    event_id = os.urandom(16)
    return event_id, canonical_json({"v": 1, "id": event_id.hex(), "h": leaf_hour(now), "ev": code, **facts})


def record(work: Work, code: str, **facts: str | int) -> bytes:
    """Write an act to the log, in its transaction; returns the hash of its leaf."""
    return append(work, LOG, [event_leaf(work.now, code, **facts)])[0]


def record_refusal(work: Work, error: DatError) -> None:
    """Write who was refused what, by codes."""
    organisation_id = work.caller.organisation_id
    record(work, error.code, org=organisation_id.hex if organisation_id else NONE)
