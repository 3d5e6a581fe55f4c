"""Count each day's signals while they are there: a signal that ended is gone a month later."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select

from hub.partners.models import OrganisationRow
from hub.signals.models import SignalRow
from hub.statistics.counting import TALLIED
from hub.statistics.models import TallyRow
from hub.statistics.values import UNKNOWN, Period
from service.clock import dutch_date
from service.work import Work

# What ended longer ago is partly gone already; a worker that was down longer leaves days uncounted.
AT_MOST = 30
_DIVISIONS: Mapping[str, tuple[Any, Any, str]] = {
    "signals_by_domain": (SignalRow.received_at, OrganisationRow.domain, "other"),
    "signals_by_age": (SignalRow.received_at, SignalRow.bracket, "23+"),
    "signals_by_notice": (SignalRow.received_at, SignalRow.subject_notice, "pending"),
    "endings": (SignalRow.ended_at, SignalRow.reason, "expired"),
}
"""Division to the moment that counts, what it divides by, and what anything else is."""


def tally_days(work: Work) -> int:
    """Count every day that is over and was not counted yet; returns how many days."""
    today = dutch_date(work.now)
    last = work.session.scalar(select(func.max(TallyRow.counted_on)))
    begins = max(last + timedelta(days=1) if last else today, today - timedelta(days=AT_MOST))
    days = [begins + timedelta(days=n) for n in range((today - begins).days)]
    if last is None:
        days = [today - timedelta(days=1)]
    for day in days:
        _tally(work, day)
    return len(days)


def _tally(work: Work, day: date) -> None:
    counts: Counter[tuple[str, str, str]] = Counter({("", "", ""): 1})
    period = Period(day, day + timedelta(days=1))
    for division, (moment, column, otherwise) in _DIVISIONS.items():
        during = (moment >= period.begins_at) & (moment < period.ends_at)
        query = (
            select(SignalRow.residence, column, func.count())
            .join(OrganisationRow, OrganisationRow.id == SignalRow.organisation_id)
            .where(during)
            .group_by(SignalRow.residence, column)
        )
        for residence, said, number in work.session.execute(query):
            category = said if said in TALLIED[division] else otherwise
            counts[((residence or UNKNOWN)[:4], division, category)] += number
    work.session.add_all(
        TallyRow(counted_on=day, municipality=where, division=division, category=category, number=number)
        for (where, division, category), number in counts.items()
    )
    work.session.flush()
