"""Renew envelope keys, with a line in the log before the first of them goes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from hub.audit.events import AuditEvent
from hub.audit.service import record
from hub.subjects.keys import plan_renewal, renew_envelope_keys
from service import clock
from service.database import Database
from service.keystore import KeyStore
from service.work import SYSTEM


@dataclass(frozen=True, slots=True, kw_only=True)
class KeysRenewed(AuditEvent):
    """Envelope keys were destroyed and drawn: so many of each. Source: AUD-13."""

    code: ClassVar[str] = "key.renewed"
    purpose: str = "administration"


def renew_keys(database: Database, keys: KeyStore, *, now: datetime | None = None) -> int:
    """Destroy and draw what is due, once the log says so; returns how many keys.

    Files are not part of a transaction: a process that dies in between leaves a line too many, and the next
    turn does what it says.
    """
    moment = now or clock.now()
    plan = plan_renewal(keys, now=moment)
    if not plan.dead and not plan.drawn:
        return 0
    with database.work(SYSTEM, now=moment) as work:
        record(work, KeysRenewed(detail={"destroyed": len(plan.dead), "drawn": len(plan.drawn)}))
    return renew_envelope_keys(keys, plan=plan)
