"""One error family, without HTTP in it: what can be invalid, refused, missing, taken, used up or away.

Messages are constants of the class: nothing is ever built from data, so nothing of a person can leak.
`service/problems.py` is the one place that turns these into RFC 9457 problems.
"""

from __future__ import annotations

from enum import Enum
from typing import ClassVar


class Kind(Enum):
    """What went wrong, in the words of the caller's next step."""

    INVALID = "correct the message"
    UNAUTHENTICATED = "authenticate"
    REFUSED = "this is not yours to do"
    MISSING = "there is no such thing"
    CONFLICT = "it was done already, or otherwise"
    TOO_LARGE = "send less"
    EXHAUSTED = "wait"
    UNAVAILABLE = "try again later"


class DatError(Exception):
    """Tell the caller what to do, never what the data were.

    Attributes:
        code: stable, snake_case; the last part of the problem's `type`.
        title: one constant English sentence.
        recorded: whether the log keeps that somebody wanted more than is theirs.
        places: JSON pointers or parameter names, never values.
        retry_after: seconds, where waiting helps.
    """

    kind: ClassVar[Kind]
    code: ClassVar[str]
    title: ClassVar[str]
    recorded: ClassVar[bool] = False

    def __init__(self, *, places: tuple[str, ...] = (), retry_after: int | None = None) -> None:
        super().__init__(self.code)
        self.places = places
        self.retry_after = retry_after


class InvalidError(DatError):
    """The message is not of the agreed form."""

    kind = Kind.INVALID
    code = "invalid_request"
    title = "The request is not of the agreed form."


class UnauthenticatedError(DatError):
    """The caller did not prove who they are."""

    kind = Kind.UNAUTHENTICATED
    code = "unauthenticated"
    title = "The caller is not authenticated."


class RefusedError(DatError):
    """The caller may not do this; the refusal itself is written to the log."""

    kind = Kind.REFUSED
    code = "refused"
    title = "The caller may not do this."
    recorded = True


class MissingError(DatError):
    """What is asked for does not exist for this caller."""

    kind = Kind.MISSING
    code = "not_found"
    title = "There is no such resource for this caller."


class ConflictError(DatError):
    """The request contradicts what was done before."""

    kind = Kind.CONFLICT
    code = "conflict"
    title = "The request conflicts with an earlier one."


class TooLargeError(DatError):
    """The message is larger than agreed."""

    kind = Kind.TOO_LARGE
    code = "too_large"
    title = "The request is larger than allowed."


class ExhaustedError(DatError):
    """A quota is used up; that somebody tries to go on is written to the log."""

    kind = Kind.EXHAUSTED
    code = "quota_exhausted"
    title = "The quota for this period is used up."
    recorded = True


class UnavailableError(DatError):
    """The service can't do this safely now; nothing was done."""

    kind = Kind.UNAVAILABLE
    code = "unavailable"
    title = "The service cannot do this safely now; nothing was done."


class UnsafeSettingsError(Exception):
    """Refuse to start: the message names the setting and the safe value."""
