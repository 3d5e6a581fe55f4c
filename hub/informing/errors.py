"""What can be refused about telling the person: facts about the message and its sender only."""

from __future__ import annotations

from service.errors import ConflictError, InvalidError


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
