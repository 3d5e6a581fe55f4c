"""Why a task about a consent is not there."""

from __future__ import annotations

from service.errors import ConflictError, MissingError


class ConsentTaskMissingError(MissingError):
    """There is no such task for the caller."""

    code = "consent_task_missing"
    title = "There is no such task of yours."


class ConsentTaskAnsweredError(ConflictError):
    """It was answered otherwise."""

    code = "consent_task_answered"
    title = "This was answered before, otherwise."
