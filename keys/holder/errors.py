"""What a key holder refuses."""

from __future__ import annotations

from service.errors import ExhaustedError, InvalidError, RefusedError


class SchemeNotPermittedError(RefusedError):
    """This organisation may not use this identity scheme."""

    code = "scheme_not_permitted"
    title = "The organisation may not use this identity scheme."


class UnknownReporterError(RefusedError):
    """The reporter is not registered here for this organisation."""

    code = "unknown_reporter"
    title = "The reporter is not registered with this key holder."


class UnknownEpochError(InvalidError):
    """There is no key of this epoch any more, or not yet."""

    code = "unknown_epoch"
    title = "There is no key of this epoch here."


class InvalidElementError(InvalidError):
    """An element is not a canonical group element, or is the identity."""

    code = "invalid_element"
    title = "An element is not a canonical element of the group."


class EvaluationQuotaError(ExhaustedError):
    """The organisation's or the reporter's quota of the day is used up."""

    code = "evaluation_quota_exhausted"
    title = "The quota of evaluations for today is used up."
