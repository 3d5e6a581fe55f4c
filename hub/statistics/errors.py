"""What can be refused or be missing about statistics."""

from __future__ import annotations

from service.errors import InvalidError, MissingError


class PeriodNotRipeError(InvalidError):
    """The quarter is not over long enough, or lies too far back to be counted."""

    code = "period_not_ripe"
    title = "This quarter cannot be released: it is not over long enough, or lies too far back."


class ReleaseMissingError(MissingError):
    """Nothing was released of this quarter."""

    code = "release_not_found"
    title = "Nothing was released of this quarter."
