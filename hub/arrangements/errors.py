"""What can be refused, be wrong or be missing about arrangements."""

from __future__ import annotations

from service.errors import ConflictError, InvalidError, MissingError, RefusedError, UnavailableError


class ArrangementInvalidError(InvalidError):
    """An arrangement lacks a part, or a part contradicts another, the teams there are, or the law."""

    code = "arrangement_invalid"
    title = "The arrangement is not complete or contradicts itself, the teams there are, or the law."


class NotControllerError(RefusedError):
    """Somebody of another organisation would say how this one divides its work."""

    code = "not_controller"
    title = "Only the organisation that answers for an arrangement may change it."


class ArrangementMissingError(MissingError):
    """There is no arrangement of this hash."""

    code = "arrangement_missing"
    title = "There is no such arrangement."


class ArrangementMovedError(ConflictError):
    """Another version was adopted since this one was proposed."""

    code = "arrangement_moved"
    title = "Another version was adopted meanwhile: propose again, on top of it."


class ArrangementBrokenError(UnavailableError):
    """A stored arrangement is not what its hash says; nobody is given anything by it."""

    code = "arrangement_broken"
    title = "A stored arrangement is not what its hash says; nothing was done."
