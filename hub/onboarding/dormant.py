"""Let the right to signal rest of reporters who do not use it.

Source: domain.md ONB-13: how much such an index is used differs strongly.
"""

from __future__ import annotations

from datetime import timedelta

from hub.partners import staffing
from hub.signals.policy import months_after
from hub.signals.service import list_latest_by_reporter
from service.clock import dutch_date
from service.work import Work

MONTHS = 12  # our own default: no source has a term
LOOK_BACK = timedelta(days=31)  # signals are gone a month after they ended


def suspend_dormant(work: Work, *, months: int = MONTHS) -> int:
    """Suspend reporters who were trained and last signalled so many months ago; returns how many.

    Run it at least once a month: what a reporter posted is counted while it is there.
    """
    staffing.note_signals(work, list_latest_by_reporter(work, since=work.now - LOOK_BACK))
    return staffing.suspend_dormant(work, before=months_after(dutch_date(work.now), -months))
