"""When a clock of an inquiry ends; pure. It runs in the calendar, weekends and nights included."""

from __future__ import annotations

from calendar import monthrange
from datetime import datetime, timedelta

from service.clock import AMSTERDAM


def ends_at(begins: datetime, within: str) -> datetime:
    """Return the moment by which it is done; `24h`, `14d` or `4m`, of months the same day or their last."""
    number, unit = int(within[:-1]), within[-1]
    if unit == "h":
        return begins + timedelta(hours=number)
    local = begins.astimezone(AMSTERDAM)
    if unit == "d":
        return local + timedelta(days=number)
    years, month = divmod(local.month - 1 + number, 12)
    year, month = local.year + years, month + 1
    return local.replace(year=year, month=month, day=min(local.day, monthrange(year, month)[1]))
