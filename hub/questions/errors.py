"""Why a question is not answered."""

from __future__ import annotations

from service.errors import ConflictError, InvalidError, MissingError, RefusedError


class QuestionIncompleteError(InvalidError):
    """The question is about somebody or something that was not named."""

    code = "question_incomplete"
    title = "This question is about a request, an employee or a loss that was not named."


class PurposeNotAllowedError(RefusedError):
    """Nobody reads this for that purpose."""

    code = "purpose_not_allowed"
    title = "This question may not be asked for this purpose."


class RequestNotVerifiedError(RefusedError):
    """Nobody verified who asks, or nobody searched yet: then it is not known about whom this would be."""

    code = "request_not_verified"
    title = "This takes a request of a person whose identity was verified, and that was searched."


class NotInMunicipalityError(MissingError):
    """It is of another municipality, or there is none."""

    code = "not_in_municipality"
    title = "There is no such thing in your municipality."


class VerifyingError(ConflictError):
    """Somebody is recomputing the log at this moment."""

    code = "verifying"
    title = "Somebody is checking the log at this moment."
