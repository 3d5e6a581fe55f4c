"""What can be refused about telling the person: facts about the message and its sender only."""

from __future__ import annotations

from service.errors import ConflictError, InvalidError, RefusedError


class NoticeIncompleteError(InvalidError):
    """Not exactly those were told who must be at this age, or on a day that can't be."""

    code = "notice_incomplete"
    title = "The notice names other persons than this age asks for, or a day that is not possible."


class NoticeAttestedError(ConflictError):
    """The notice was attested before, with another day or other persons."""

    code = "notice_attested"
    title = "This notice was attested before, otherwise."


class SignalEndedError(ConflictError):
    """The signal was withdrawn or has expired."""

    code = "signal_ended"
    title = "This signal has ended."


class ExceptionNotAllowedError(RefusedError):
    """The ground is not one of the closed list, or the basis knows no exception. Source: TRA-04."""

    code = "exception_not_allowed"
    title = "The person must be told: this is no ground for waiting under this legal basis."


class ExceptionStandsError(ConflictError):
    """An exception goes on in its last two weeks only, or asking ahead would make it endless."""

    code = "exception_stands"
    title = "An exception stands, and not near its end."
