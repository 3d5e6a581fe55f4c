"""What can be wrong with the log."""

from __future__ import annotations

from service.errors import UnavailableError


class LogBrokenError(UnavailableError):
    """The log is not what it was; nothing may be signed over it."""

    code = "log_broken"
    title = "The audit log is not what it was; nothing is signed over it."
