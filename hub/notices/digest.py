"""Send mail at fixed hours only, to everybody who has an inbox, also when there is nothing in it.

A mail that comes when something is found, and only then, says so to whoever reads mail servers. The inbox is
the truth, and holds a notice within seconds.

Source: design.md 10; audit-and-reliability.md, 2.5.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from hub.notices import store
from hub.notices.delivery import Sends, deliver_due
from hub.notices.rhythm import Rhythm, begins_week, hold_mails, list_choosers
from hub.notices.terms import is_working_day
from hub.partners.service import list_reachable
from service import clock
from service.clock import AMSTERDAM, dutch_date
from service.database import Database
from service.work import SYSTEM, Work

Claim = Callable[[Work, int], bool]


def latest_slot(now: datetime, hours: Collection[int]) -> datetime:
    """Return the last of these hours, on a Dutch working day, that has struck."""
    day = dutch_date(now)
    while True:
        struck = [datetime.combine(day, time(hour), tzinfo=AMSTERDAM) for hour in sorted(hours)]
        if is_working_day(day) and (past := [slot for slot in struck if slot <= now]):
            return past[-1]
        day -= timedelta(days=1)


@dataclass(slots=True)
class Digest:
    """What a worker sends at these hours.

    Attributes:
        claim: takes the slot of an hour; True for the one worker that lets a mail wait for everybody.
    """

    database: Database
    mailer: Sends
    worker: str
    hours: Collection[int]
    claim: Claim
    begun: datetime | None = None

    def turn(self, *, now: Callable[[], datetime] = clock.now) -> int:
        """Send what waits since the last hour that struck; what comes after it waits for the next."""
        slot = latest_slot(now(), self.hours)
        if slot != self.begun:
            with self.database.work(SYSTEM, now=now()) as work:
                if self.claim(work, int(slot.timestamp())):
                    self._let_wait(work, slot)
            self.begun = slot
        return deliver_due(self.database, self.mailer, worker=self.worker, now=now, since=slot)

    def _let_wait(self, work: Work, slot: datetime) -> None:
        """Let a mail wait for everybody, but for those who chose another rhythm."""
        weekly = list_choosers(work.session, Rhythm.WEEKLY)
        resting = set() if begins_week(slot, self.hours) else weekly
        others = resting | list_choosers(work.session, Rhythm.AT_ONCE)
        store.put_mails(work.session, list_reachable(work) - others, due_at=slot)
        # Whoever had something would otherwise be served first.
        store.level_mails(work.session, due_at=slot, but=others)
        hold_mails(work.session, resting, slot=slot)
