"""The one place that looks at the clock; everything else is handed a moment."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def now() -> datetime:
    """Return this moment, aware, in UTC."""
    return datetime.now(UTC)


def dutch_date(moment: datetime) -> date:
    """Return the calendar date of a moment in the Netherlands, where contacts and terms happen."""
    return moment.astimezone(AMSTERDAM).date()


def wire_time(moment: datetime) -> str:
    """Write a moment as RFC 3339 in UTC to the second: always 20 characters."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read_wire_time(text: str) -> datetime:
    """Read what `wire_time` wrote; raises ValueError."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
