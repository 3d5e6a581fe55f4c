"""What can be refused or go missing about changes."""

from __future__ import annotations

from service.errors import ConflictError, InvalidError, MissingError, RefusedError


class ChangeMissingError(MissingError):
    """There is no such change for this caller."""

    title = "There is no such change for this caller."


class ChangeDecidedError(ConflictError):
    """The change was approved, rejected or left too long."""

    code = "change_decided"
    title = "This change was decided upon, or waited too long."


class SamePersonError(RefusedError):
    """Whoever proposes a change does not approve it."""

    code = "second_person_needed"
    title = "Another person than the proposer must approve this change."


class ChangeReasonError(InvalidError):
    """This reason is not one for this kind of change."""

    code = "reason_not_for_change"
    title = "This reason does not belong to this kind of change."
