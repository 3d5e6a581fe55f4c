"""Write down that messages come in that are not of the agreed form: somebody tries what fits.

Source: AUD-07 (extra field), AUD-15; SIG-04.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from hub.audit.events import AuditEvent, Outcome
from hub.audit.service import record
from service import clock
from service.database import Database
from service.oauth.failures import FailureMeter
from service.work import SYSTEM, Caller


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageMalformed(AuditEvent):
    """So many messages, of a caller or nobody known, were not of the agreed form; never what was in them."""

    code: ClassVar[str] = "message.malformed"
    outcome: Outcome = "denied"


class MalformedMeter:
    """Bound what malformed messages may write to the log; each line has the number since the last.

    Each caller is counted alone: none stands in the log for what a colleague sent.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._callers: dict[str, Caller] = {}  # as many as have credentials
        self.meter = FailureMeter(self._record)

    def __call__(self, caller: Caller | None) -> None:
        """Count one, and write it down unless this caller had its lines of this minute."""
        sender = f"{caller.organisation_id} {caller.staff_id}" if caller else ""
        self._callers[sender] = caller or SYSTEM
        self.meter.count(sender, now=clock.now())

    def _record(self, sender: str, count: int, now: datetime) -> None:
        caller = self._callers[sender]
        with self._database.work(caller, now=now) as work:
            record(work, MessageMalformed(organisation_id=caller.organisation_id, count=count))
