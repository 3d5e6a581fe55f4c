"""Deliver the mails that are due: leased one by one, each acknowledged as it completes.

Source: audit-and-reliability 2.5.
"""

from __future__ import annotations

import smtplib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import SystemRandom
from typing import Protocol
from uuid import UUID

from hub.audit.service import record
from hub.notices import store
from hub.notices.events import MailDead, MailDelivered
from hub.notices.models import MailState
from hub.partners.service import find_staff
from service import clock
from service.database import Database
from service.work import SYSTEM

LEASE = timedelta(seconds=45)  # three times the mail server's time limit
RETRIES = (
    timedelta(seconds=5), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=5),
    timedelta(hours=10), timedelta(hours=14), timedelta(hours=20), timedelta(hours=24),
)  # fmt: skip
SOON = (timedelta(seconds=5), timedelta(seconds=10), timedelta(seconds=15))  # of what is sent at once
JITTER = 0.2
BATCH = 200
_random = SystemRandom()


class Sends(Protocol):
    """Hand one contentless mail to a mail server."""

    def send(self, address: str, *, mail_id: UUID, at: datetime) -> None:
        """Send; raises smtplib.SMTPException or OSError."""
        ...


@dataclass(frozen=True, slots=True)
class Leased:
    """A mail that this worker holds, and where it goes now."""

    id: UUID
    recipient: UUID
    attempt: int
    at_once: bool
    organisation_id: UUID | None
    address: str | None


def deliver_due(
    database: Database,
    mailer: Sends,
    *,
    worker: str,
    limit: int = BATCH,
    now: Callable[[], datetime] = clock.now,
    since: datetime | None = None,
) -> int:
    """Send every mail that is due, and count those the mail server took.

    Args:
        since: what became due after this moment waits, unless it is sent at once.

    A worker that dies between sending and acknowledging sends again, with the same Message-ID: harmless,
    because the mail says nothing and the inbox is the truth.
    """
    delivered = 0
    for _ in range(limit):
        leased = _lease(database, worker, now(), since)
        if leased is None:
            break
        delivered += _deliver(database, mailer, leased, worker=worker, now=now)
    return delivered


def _lease(database: Database, worker: str, now: datetime, since: datetime | None) -> Leased | None:
    with database.work(SYSTEM, now=now) as work:
        mail = store.lease_mail(work.session, worker=worker, now=now, since=since or now, until=now + LEASE)
        if mail is None:
            return None
        staff = find_staff(work, [mail.recipient]).get(mail.recipient)
        return Leased(
            id=mail.id,
            recipient=mail.recipient,
            attempt=mail.attempt,
            at_once=mail.at_once,
            organisation_id=staff.organisation_id if staff else None,
            address=staff.mail_address if staff else None,
        )


def _deliver(
    database: Database, mailer: Sends, leased: Leased, *, worker: str, now: Callable[[], datetime]
) -> int:
    sent = False
    if leased.address is not None:
        try:
            mailer.send(leased.address, mail_id=leased.id, at=now())
            sent = True
        except (smtplib.SMTPException, OSError):
            # What the server said may hold the address: it goes nowhere.
            sent = False
    with database.work(SYSTEM, now=now()) as work:
        subject = {"mail": str(leased.id)}
        if sent:
            if store.end_mail(work.session, leased.id, MailState.DELIVERED, worker=worker):
                record(work, MailDelivered(organisation_id=leased.organisation_id, subject=subject))
        elif leased.address is not None and leased.attempt <= len(RETRIES):
            due_at = work.now + _wait(leased)
            kept = store.put_back_mail(work.session, leased.id, worker=worker, due_at=due_at)
            if leased.at_once and not kept:
                store.hurry_mails(work.session, [leased.recipient], due_at=due_at)
        elif store.end_mail(work.session, leased.id, MailState.DEAD, worker=worker):
            reason = "no_address" if leased.address is None else "not_taken"
            event = MailDead(
                organisation_id=leased.organisation_id,
                outcome="error",
                subject=subject,
                detail={"reason": reason},
            )
            record(work, event)
    return int(sent)


def _wait(leased: Leased) -> timedelta:
    steps = SOON if leased.at_once and leased.attempt <= len(SOON) else RETRIES
    return steps[leased.attempt - 1] * (1 + _random.uniform(-JITTER, JITTER))
