"""What can be refused about telling the person: facts about the message and its sender only."""

from __future__ import annotations

from service.errors import ConflictError, MissingError, RefusedError


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


class OverrideGroundError(RefusedError):
    """The ground is not one of the closed list. Source: CON-11."""

    code = "override_not_allowed"
    title = "This is no ground for an override."


class OverrideMissingError(MissingError):
    """There is no such override for this caller."""

    title = "There is no such override for this caller."


class OverrideStandsError(ConflictError):
    """One is open, or waits for its second person."""

    code = "override_stands"
    title = "An override of this signal is open, or waits for its second person."


class OverrideClosedError(ConflictError):
    """It was closed, or too late for what is asked."""

    code = "override_closed"
    title = "This override has closed, or this was decided before."


class SecondPersonError(RefusedError):
    """Whoever asked does not confirm. Source: CON-11 (vier-ogenprincipe)."""

    code = "second_person_needed"
    title = "Another person than the one who asked must do this."


class NoticeTextMissingError(MissingError):
    """Such a signal may not be posted, so nobody is told of one."""

    title = "No such signal may be posted: there is no letter for it."
