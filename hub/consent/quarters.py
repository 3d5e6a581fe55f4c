"""The quarter in which a bracket ends, as dates: the hub holds no birth date, nor its month."""

from __future__ import annotations

import re
from datetime import date

_QUARTER = re.compile(r"(20\d\d)-Q([1-4])")


def quarter_starts_on(quarter: str) -> date | None:
    """Return the first day of a quarter written as `2028-Q3`, or None when it is not written so."""
    if not (found := _QUARTER.fullmatch(quarter)):
        return None
    return date(int(found[1]), 3 * int(found[2]) - 2, 1)


def quarter_ends_before(quarter: str) -> date | None:
    """Return the first day after a quarter written as `2028-Q3`, or None when it is not written so."""
    if not (start := quarter_starts_on(quarter)):
        return None
    return date(start.year + 1, 1, 1) if start.month == 10 else date(start.year, start.month + 3, 1)
