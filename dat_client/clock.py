"""The one place of the client that looks at the clock; everything else is handed a moment."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def now() -> datetime:
    """Return this moment, aware, in UTC."""
    return datetime.now(UTC)


def dutch_date(moment: datetime) -> date:
    """Return the calendar date of a moment in the Netherlands, where contacts happen."""
    return moment.astimezone(AMSTERDAM).date()


def parse_time(text: str) -> datetime:
    """Read a moment as it is on the wire: UTC, to the second; raises ValueError."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
