"""What about alarms is not done."""

from __future__ import annotations

from service.errors import ConflictError, MissingError


class AlarmMissingError(MissingError):
    """There is no such alarm for this privacy officer."""

    code = "warning_not_found"
    title = "There is no such alarm in your municipality."


class AlarmClosedError(ConflictError):
    """It was closed before."""

    code = "warning_closed"
    title = "This alarm was closed before."
