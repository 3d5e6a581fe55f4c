"""Give events their place in the log, and forget what has no use any more."""

from __future__ import annotations

import threading
from datetime import timedelta

from sqlalchemy import delete

from keys.holder.models import LOG, USED_ASSERTION, UsedRow
from keys.holder.opening import Holder
from service import logging
from service.clock import dutch_date
from service.eventlog.sharding import sequence
from service.oauth.store import delete_expired_assertions
from service.work import SYSTEM, Work

EVERY = 1.0  # seconds
FORGET_EVERY = 3600  # turns
QUOTA_KEPT = timedelta(days=7)


def run_chores(holder: Holder) -> None:
    """Do the chores until the process ends; a failing turn is logged and tried again."""
    pause = threading.Event()
    turn = 0
    while not pause.wait(EVERY):
        try:
            with holder.database.work(SYSTEM) as work:
                sequence(work, LOG, holder.signer)
                if turn % FORGET_EVERY == 0:
                    forget(work)
            if turn % FORGET_EVERY == 0:
                holder.data_keys.wrapping.renew(holder.database)
            turn += 1
        except Exception as error:
            logging.log.error("chore_failed", job="chores", error=type(error).__name__)


def forget(work: Work) -> None:
    """Delete used assertions that have expired, and the counters of days gone by."""
    delete_expired_assertions(work, USED_ASSERTION)
    work.session.execute(delete(UsedRow).where(UsedRow.day_on < dutch_date(work.now) - QUOTA_KEPT))
