"""What can be refused about a signal: facts about the message only, never about a person."""

from __future__ import annotations

from service.errors import ConflictError, InvalidError, MissingError, RefusedError


class ContactDateError(InvalidError):
    """The contact lies in the future, or longer ago than may be signalled. Source: design.md, 4, step 1."""

    code = "contact_date_out_of_range"
    title = "The contact date must not be in the future and at most 31 days ago."


class IdempotencyConflictError(ConflictError):
    """The key was used for another message."""

    code = "idempotency_conflict"
    title = "This idempotency key was used for another message."


class ResidenceNotServedError(RefusedError):
    """Nobody of this hub hears of residents of that municipality: it would be kept for nothing.

    Source: domain.md MAT-07; AVG 5(1)(c).
    """

    code = "residence_not_served"
    title = "This hub does not serve residents of that municipality."


class SignalMissingError(MissingError):
    """This organisation posted no such signal."""

    title = "This organisation posted no such signal."


class CursorError(InvalidError):
    """The cursor is not one that this service gave."""

    code = "cursor_invalid"
    title = "The cursor is not one that was given."
