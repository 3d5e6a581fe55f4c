"""What can be refused or go missing with a case."""

from __future__ import annotations

from service.errors import ConflictError, ExhaustedError, InvalidError, MissingError, RefusedError


class CaseMissingError(MissingError):
    """There is no such case in the caller's team."""

    code = "case_not_found"
    title = "There is no such case in your team."


class CasemanagerInvalidError(InvalidError):
    """The casemanager named is no active casemanager of the caller's own organisation."""

    code = "casemanager_invalid"
    title = "The casemanager must be an active member of your own team."


class IdempotencyConflictError(ConflictError):
    """The key was used for another message."""

    code = "idempotency_conflict"
    title = "This idempotency key was used for another message."


class CaseQuotaExhaustedError(ExhaustedError):
    """The team has registered as many cases as it may in a day: registering strangers is a way to probe."""

    code = "quota_exhausted"
    title = "Your team has registered as many cases as it may today."


class OwnCaseError(RefusedError):
    """Who is casemanager of a person decides on no request of that person.

    Source: domain.md 5.5, forbidden pairs.
    """

    code = "own_case"
    title = "You cannot decide on a request about your own case."


class TeamUnclearError(InvalidError):
    """The caller works in several teams, or in none, or not in the one named."""

    code = "team_unclear"
    title = "Name one of the teams that you work in."


class TransferInvalidError(InvalidError):
    """Nobody of this hub answers there, or it is no case of the same person."""

    code = "transfer_invalid"
    title = "The case cannot be handed over like this."


class TransferMissingError(MissingError):
    """There is no such transfer to the caller's teams."""

    code = "transfer_not_found"
    title = "There is no such transfer to your teams."


class TransferStateError(ConflictError):
    """Somebody else has it, or it was answered."""

    code = "transfer_answered"
    title = "This transfer was answered already, or somebody else has it."
