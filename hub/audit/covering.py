"""Answer a disclosure only when a witness has cosigned the record of it.

Posts do not wait; they stop when too much waits for a witness. A hub without a witness, as on a single
machine for trial, says so and waits for nobody.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic, sleep

from sqlalchemy import and_, func, insert, select

from hub.audit.errors import AuditFullError, AuditUnavailableError
from hub.audit.models import LOG, AuditCosignedRow, AuditWantedRow
from service.database import Database
from service.work import SYSTEM, Caller, Work

FRESH = timedelta(seconds=60)  # without a cosignature for so long, nothing is disclosed
PATIENCE = 3.0  # seconds that somebody waits for a cosignature
BACK_OFF = 2.0  # seconds after a vain wait in which nobody else waits
LOOK_EVERY = 0.01  # seconds between looks, of all who wait together
COUNT_EVERY = 1.0  # seconds between counts of what waits
RETRY_AFTER = 5  # seconds

Otherwise = Callable[[Work, datetime], None]


@dataclass(frozen=True, slots=True)
class _State:
    """How far the log is covered; the head of the newest tree covers those before it, which it names.

    Attributes:
        oldest, newest: of the queue to the tree; None where it is empty.
        shard, size: of the newest tree; "" where there is none.
        cosigned: how much of that was.
        cosigned_at: when a witness last did, by its own clock.
    """

    oldest: int | None
    newest: int | None
    shard: str
    size: int
    cosigned: int
    cosigned_at: datetime | None
    now: datetime

    @property
    def uncovered(self) -> int:
        waiting = self.newest - self.oldest + 1 if self.newest and self.oldest else 0
        return waiting + max(self.size - self.cosigned, 0)

    @property
    def is_fresh(self) -> bool:
        if not self.shard:
            return self.oldest is None  # of an empty log there is nothing to cosign yet
        # A witness of the future says that this machine's clock was put back: an old word would count as new.
        return self.cosigned_at is not None and abs(self.now - self.cosigned_at) <= FRESH

    def covers(self, shard: str, size: int) -> bool:
        """Tell whether so many leaves of a tree are cosigned, by its own head or by that of one after it."""
        return self.cosigned >= (size if shard == self.shard else 1)


class Cover:
    """The gate of every disclosure.

    Args:
        witness: the name of the witness that must have cosigned; None: nobody watches this hub.
        limit: events that may wait for a cosignature before posts are refused.
        nudge: makes the sequencer take its turn at once, where it runs in this very process.
    """

    def __init__(
        self, witness: str | None = None, *, limit: int = 10_000, nudge: Callable[[], None] | None = None
    ) -> None:
        self._witness, self._limit, self._nudge = witness, limit, nudge
        self._lock = threading.Lock()
        self._seen: tuple[float, _State] | None = None
        self._failed_at = -BACK_OFF

    @contextmanager
    def disclosing(
        self, database: Database, caller: Caller, *, otherwise: Otherwise | None = None
    ) -> Iterator[Work]:
        """Open a unit of work whose result may be shown when the block of this `with` is left.

        Args:
            otherwise: takes back, in a unit of work of its own, what the block of that moment wrote down as
                shown, when it was recorded and not witnessed in time.

        Raises:
            AuditUnavailableError: Before the work when nobody witnesses now; after it when its record was not
                witnessed in time. What was recorded as shown was then not shown: the log says too much.
        """
        self.require_witnessed(database)
        with database.work(caller) as work:
            yield work
            if self._witness is not None:
                work.session.execute(insert(AuditWantedRow))
        try:
            self.require_covered(database, wanted=True)
        except AuditUnavailableError:
            if otherwise is not None:
                with database.work(caller) as again:
                    otherwise(again, work.now)
            raise

    def require_witnessed(self, database: Database) -> None:
        """Accept only a log that was cosigned within the last minute; ask for it if it was not."""
        if self._witness is None:
            return
        if not self._look(database, COUNT_EVERY).is_fresh:
            self._wait(database, lambda state: state.is_fresh)

    def require_covered(self, database: Database, *, wanted: bool = False) -> None:
        """Return when everything that is in the log by now is cosigned; raises AuditUnavailableError."""
        if self._witness is None:
            return
        start = self._look(database, 0)
        aim: list[tuple[str, int]] = []

        def is_covered(state: _State) -> bool:
            if start.newest is not None and state.oldest is not None and state.oldest <= start.newest:
                return False
            if not aim:
                aim.append((state.shard, state.size))
            return state.covers(*aim[0])

        if not is_covered(start):
            self._wait(database, is_covered, wanted=wanted)

    def require_room(self, database: Database) -> None:
        """Refuse a post when more waits for its witness than may be lost sight of; raises AuditFullError."""
        if self._witness is not None and self._look(database, COUNT_EVERY).uncovered >= self._limit:
            raise AuditFullError(retry_after=RETRY_AFTER)

    def knows_room(self) -> bool:
        """Tell whether `require_room` would answer without asking the store."""
        seen = self._seen
        return self._witness is None or (seen is not None and monotonic() - seen[0] <= COUNT_EVERY)

    def describe(self, database: Database) -> dict[str, str]:
        """Say for `/readyz` whether a witness cosigns."""
        if self._witness is None:
            return {"witness": "none: the log is not witnessed"}
        return {"witness": "ok" if self._look(database, COUNT_EVERY).is_fresh else "late"}

    def _wait(self, database: Database, is_enough: Callable[[_State], bool], *, wanted: bool = False) -> None:
        if monotonic() - self._failed_at < BACK_OFF:
            raise AuditUnavailableError(retry_after=RETRY_AFTER)
        self._ask(database, wanted=wanted)
        until = monotonic() + PATIENCE
        while not is_enough(self._look(database, LOOK_EVERY)):
            if monotonic() > until:
                self._failed_at = monotonic()
                raise AuditUnavailableError(retry_after=RETRY_AFTER)
            sleep(LOOK_EVERY)

    def _ask(self, database: Database, *, wanted: bool) -> None:
        if self._nudge is not None:
            self._nudge()
            self._seen = None
        elif not wanted:
            with database.work(SYSTEM) as work:
                work.session.execute(insert(AuditWantedRow))

    def _look(self, database: Database, age: float) -> _State:
        """Return the state, at most so many seconds old: many who wait look together."""
        with self._lock:
            if self._seen is None or monotonic() - self._seen[0] > age:
                began = monotonic()
                with database.look(SYSTEM) as work:
                    self._seen = (began, _read(work, self._witness or ""))
            return self._seen[1]


def _read(work: Work, witness: str) -> _State:
    pending, head, cosigned = LOG.pending.c, LOG.head.c, AuditCosignedRow
    oldest, newest = work.session.execute(select(func.min(pending.seq), func.max(pending.seq))).one()
    query = (
        select(head.shard, head.size, cosigned.size.label("cosigned"))
        .outerjoin(cosigned, and_(cosigned.shard == head.shard, cosigned.witness == witness))
        .where(head.note != "")
        .order_by(head.shard.desc())
        .limit(1)
    )
    last = select(func.max(cosigned.cosigned_at)).where(cosigned.witness == witness)
    cosigned_at = work.session.execute(last).scalar_one()
    row = work.session.execute(query).one_or_none()
    shard, size, count = (row.shard, row.size, row.cosigned or 0) if row else ("", 0, 0)
    return _State(oldest, newest, shard, size, count, cosigned_at, work.now)
