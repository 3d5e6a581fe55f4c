"""The worker: matching, telling, delivery, sequencing and expiry, off the request path.

APScheduler is the alarm clock only: its job store must never be shared between processes, so the state of the
work lies in our own tables.
"""

from __future__ import annotations

import signal
import socket
import threading
import uuid
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from time import perf_counter
from types import FrameType

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

import hub.changes.service as changes
import hub.consent.service as consent
import hub.informing.service as informing
import hub.matches.service as matches
import hub.notices.service as notices
import hub.partners.service as partners
import hub.retention.service as retention
import hub.rights.telling as rights
import hub.signals.service as signals
from hub.alarms.reconciling import reconcile_due
from hub.alarms.service import raise_due
from hub.arrangements.versions import apply_due
from hub.audit.destruction import destroy_actor_years, destroy_requested
from hub.audit.keys import ledger_signer
from hub.audit.lines import index_lines
from hub.audit.sequencing import Sequencer
from hub.audit.witness import watch_of
from hub.chores import Chore, claim, run_chore
from hub.consent.keeping import keeping_in_force
from hub.context import Hub
from hub.custody import open_counts
from hub.informing.overriding import end_due as end_due_overrides
from hub.logbook.delivering import deliver_lines, open_logbook
from hub.notices.digest import Digest
from hub.notices.mail import Mailer
from hub.notices.terms import Terms
from hub.onboarding.dormant import suspend_dormant
from hub.onboarding.leaving import wind_up
from hub.renewing.service import lapse_and_ask
from hub.retaining.registry import KEEPINGS, municipalities_of
from hub.rights import deciding
from hub.statistics.tallying import tally_days
from hub.subjects.renewing import renew_keys
from service import clock
from service.database import Database
from service.logging import log
from service.work import SYSTEM, Work

BATCH = 500
REST = 0.1  # seconds between two batches of lines: whoever waits for the writer of SQLite asks as often
AGAIN = timedelta(hours=1)  # a daily chore that failed is tried as often


def chores_of(
    hub: Hub, sequencer: Sequencer | None = None, *, stopped: threading.Event | None = None
) -> list[Chore]:
    """Return everything the worker of this hub does; once it is stopped none begins another batch."""
    sequencer = sequencer or sequencer_of(hub)
    drained = partial(_drained, stopped or threading.Event())
    often = timedelta(seconds=hub.settings.work_every_seconds)
    database, name = hub.database, f"{socket.gethostname()}-{uuid.uuid4().hex[:8]}"
    days = hub.settings.term_working_days

    def match() -> int:
        return matches.match_changed(database, limit=BATCH, working_days=days)

    terms, dormant = Terms(acknowledge=days), partial(suspend_dormant, months=hub.settings.reporter_months)

    def give_back(work: Work) -> int:
        return matches.return_overdue(work, working_days=days)

    def sweep(work: Work) -> int:
        return apply_due(work) + matches.sweep_owners(work, terms=terms)

    def climb(work: Work) -> int:
        return matches.escalate(work, terms=terms)

    def expire(work: Work) -> int:
        ended = signals.expire_due(work, limit=BATCH) + changes.expire_due(work, limit=BATCH)
        return ended + signals.archive_ended(work, limit=BATCH)

    def follow(work: Work) -> int:
        return informing.follow_terms(work) + end_due_overrides(work)

    def forget(work: Work) -> int:
        return partners.delete_used_assertions(work) + signals.forget_keys(work)

    return [
        Chore("match", often, drained(match)),
        Chore("sequence", often, drained(sequencer.turn)),
        Chore("lines", timedelta(seconds=5), drained(_in_work(database, index_lines), resting=REST)),
        Chore("deliver", often, _delivery_of(hub, name)),
        Chore("expire", timedelta(minutes=1), _in_work(database, expire), once=True),
        Chore("logbook", timedelta(seconds=5), drained(_writing_lines(hub)), once=True),
        Chore("alarms", timedelta(seconds=20), _in_work(database, raise_due), once=True),
        Chore("reconcile", timedelta(minutes=1), _reconciling(hub), once=True),
        # Not once a minute: who takes a consent back at a desk has it taken back at once.
        Chore("let_go", often, drained(_in_work(database, _let_go))),
        Chore("redecide", timedelta(minutes=1), drained(_in_work(database, matches.redecide)), once=True),
        Chore("overdue", timedelta(minutes=10), _in_work(database, give_back), once=True),
        Chore("informing", timedelta(minutes=10), _in_work(database, follow), once=True),
        Chore("erase", often, drained(_in_work(database, deciding.erase_approved))),
        Chore("destroy", timedelta(seconds=5), drained(lambda: destroy_requested(database))),
        Chore(
            "forget_actors",
            timedelta(days=1),
            drained(lambda: destroy_actor_years(database, term=_log_kept)),
            once=True,
        ),
        Chore("tellings", timedelta(minutes=10), _in_work(database, rights.follow_tellings), once=True),
        Chore("owners", timedelta(minutes=5), _in_work(database, sweep), once=True),
        Chore("escalate", timedelta(minutes=10), _in_work(database, climb), once=True),
        Chore("wind_up", timedelta(seconds=10), _in_work(database, wind_up), once=True),
        Chore("tally", timedelta(hours=1), _in_work(database, tally_days), once=True),
        Chore("dormant", timedelta(days=1), _in_work(database, dormant), once=True),
        Chore("forget", timedelta(hours=1), _in_work(database, forget), once=True),
        Chore(
            "retain",
            timedelta(days=1),
            lambda: retention.retain_due(database, KEEPINGS, municipalities_of, terms_of=keeping_in_force),
            once=True,
        ),
        Chore("verify", timedelta(hours=1), sequencer.recompute, once=True),
        Chore("keys", timedelta(days=1), lambda: renew_keys(database, hub.keys), once=True),
    ]


def _writing_lines(hub: Hub) -> Callable[[], int]:
    """Return what sends lines to the log of processing; nothing where there is none."""
    logbook, register = open_logbook(hub.settings), hub.settings.logbook_register
    return lambda: deliver_lines(hub.database, logbook, register=register) if logbook else 0


def _reconciling(hub: Hub) -> Callable[[], int]:
    """Return what holds the holder's counts against posts; nothing where no holder keeps the data keys."""
    holder = open_counts(hub.settings)
    return lambda: reconcile_due(hub.database, holder) if holder else 0


def _delivery_of(hub: Hub, name: str) -> Callable[[], int]:
    mailer, hours = Mailer.from_settings(hub.settings), hub.settings.digest_hours
    if not hours:
        return lambda: notices.deliver_due(hub.database, mailer, worker=name)
    return Digest(
        hub.database, mailer, name, hours, claim=lambda work, slot: claim(work, "digest", slot)
    ).turn


def _log_kept(work: Work) -> timedelta:
    return keeping_in_force(work).get_rule("audit_private").term


def _let_go(work: Work) -> int:
    return lapse_and_ask(work, limit=BATCH) + consent.settle_due(work, limit=BATCH)


def sequencer_of(hub: Hub) -> Sequencer:
    """Return what gives this hub's events their place and has them cosigned."""
    settings = hub.settings
    watch = watch_of(settings.witness_url, settings.witness_keys, ca_file=settings.data_keys_ca_file)
    return Sequencer(hub.database, ledger_signer(hub.keys, settings.hub_id), watch)


def run_worker(hub: Hub) -> None:
    """Work until told to stop (SIGTERM, SIGINT); a chore that fails is tried again at its next turn."""
    stopped = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopped.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    sequencer = sequencer_of(hub)
    scheduler = scheduler_of(hub.database, chores_of(hub, sequencer, stopped=stopped))
    scheduler.start()
    nudged = threading.Thread(target=sequencer.run_when_wanted, args=(stopped,), name="nudged")
    nudged.start()
    log.info("worker_started")
    stopped.wait()
    nudged.join()
    scheduler.shutdown(wait=True)
    log.info("worker_stopped")


def scheduler_of(database: Database, chores: Sequence[Chore]) -> BackgroundScheduler:
    """Return the alarm clock, not yet started; every chore has its first turn at once."""
    scheduler = BackgroundScheduler(
        timezone="UTC",
        executors={"default": ThreadPoolExecutor(max_workers=len(chores))},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
    for chore in chores:
        # After a whole period, a worker that is restarted every night would never renew a key.
        scheduler.add_job(
            _careful(database, chore),
            "interval",
            seconds=min(chore.every, AGAIN).total_seconds(),
            id=chore.name,
            next_run_time=clock.now(),
        )
    return scheduler


def _careful(database: Database, chore: Chore) -> Callable[[], None]:
    def run() -> None:
        started = perf_counter()
        try:
            count = run_chore(database, chore)
        except Exception as error:
            # The type only: a message may carry what was being worked on.
            log.error("chore_failed", job=chore.name, error=type(error).__name__)
            return
        if count:
            log.info("chore_done", job=chore.name, count=count, seconds=round(perf_counter() - started, 3))

    return run


def _drained(stopped: threading.Event, step: Callable[[], int], *, resting: float = 0.0) -> Callable[[], int]:
    def run() -> int:
        total = 0
        while not stopped.is_set() and (done := step()):
            total += done
            stopped.wait(resting)
        return total

    return run


def _in_work(database: Database, act: Callable[[Work], int]) -> Callable[[], int]:
    def run() -> int:
        with database.work(SYSTEM) as work:
            return act(work)

    return run
