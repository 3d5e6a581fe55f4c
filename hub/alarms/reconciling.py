"""Hold what a key holder's ledger says was evaluated against what was posted, per organisation and hour.

An evaluation that is never posted is a pseudonym that somebody keeps: the holder cannot see of whom.

Source: audit-and-reliability 3.4, 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from sqlalchemy import func, select

from hub.alarms import policy
from hub.alarms.service import raise_alarms
from hub.alarms.values import AlarmCode, Found
from hub.signals.models import SignalSubmissionRow
from hub.subjects.models import EvaluationHourRow, RegistrationRow
from hub.subjects.opening import TOKEN_BYTES
from service.database import Database
from service.work import SYSTEM, Work

HOUR = timedelta(hours=1)
SETTLED = timedelta(minutes=5)  # after an hour, until the holder's ledger has all of it
BACK = 24  # hours that are made up for after an outage
NOBODY = UUID(int=0)  # stands for the hour itself: it was reconciled


class Counts(Protocol):
    """A key holder that tells a hub how much was evaluated."""

    def count_evaluations(self, hour: datetime) -> Mapping[UUID, int]:
        """Return the elements of each organisation in the hour that begins then.

        Raises:
            UnavailableError: Not now.
        """
        ...


def reconcile_due(database: Database, holder: Counts, *, now: datetime | None = None) -> int:
    """Reconcile every full hour that was not; returns how many organisations raised an alarm.

    Raises:
        UnavailableError: The holder does not answer; the hour is asked again.
    """
    with database.look(SYSTEM, now=now) as work:
        due = list_due(work)
    raised = 0
    for hour in due:
        evaluated = holder.count_evaluations(hour)
        with database.work(SYSTEM, now=now) as work:
            raised += reconcile(work, hour, evaluated)
    return raised


def list_due(work: Work) -> list[datetime]:
    """List the full hours of the last day that were not reconciled, oldest first."""
    last = (work.now - SETTLED).replace(minute=0, second=0, microsecond=0) - HOUR
    hours = [last - HOUR * back for back in range(BACK)]
    done = set(
        work.session.scalars(
            select(EvaluationHourRow.hour).where(
                EvaluationHourRow.organisation_id == NOBODY, EvaluationHourRow.hour >= hours[-1]
            )
        )
    )
    return sorted(hour for hour in hours if hour not in done)


def reconcile(work: Work, hour: datetime, evaluated: Mapping[UUID, int]) -> int:
    """Keep both counts of an hour, and raise an alarm where too much was evaluated and not posted."""
    posted = _posted(work, hour)
    found = []
    for organisation_id, count in {**evaluated, NOBODY: 0}.items():
        elements, persons = posted.get(organisation_id, (0, 0))
        work.session.merge(
            EvaluationHourRow(hour=hour, organisation_id=organisation_id, evaluated=count, posted=elements)
        )
        allowed = policy.allowed_unposted(elements, persons=persons)
        if count - elements > allowed:
            slot = hour.strftime("%Y-%m-%dT%H")
            found.append(
                Found(AlarmCode.UNPOSTED_EVALUATIONS, organisation_id, None, count - elements, allowed, slot)
            )
    work.session.flush()
    return raise_alarms(work, found)


def _posted(work: Work, hour: datetime) -> dict[UUID, tuple[int, int]]:
    row, brought = RegistrationRow, SignalSubmissionRow
    # The holder counts what an organisation evaluated; for whom it brought a signal it does not know. SIG-12.
    asked_by = func.coalesce(brought.organisation_id, row.organisation_id)
    query = (
        select(asked_by, func.sum(func.length(row.tokens)) / TOKEN_BYTES, func.count())
        .select_from(row)
        .outerjoin(brought, brought.signal_id == row.id)
        .where(row.active_from >= hour, row.active_from < hour + HOUR)
        .group_by(asked_by)
    )
    return {id_: (int(elements or 0), persons) for id_, elements, persons in work.session.execute(query)}
