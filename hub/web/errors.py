"""What can go wrong on the way to a page."""

from __future__ import annotations

from service.errors import InvalidError, MissingError, RefusedError


class ForgedFormError(RefusedError):
    """A form that was not sent from a page of ours."""

    code = "forged_form"
    title = "This form does not come from a page of this hub, or it is too old."


class FormInvalidError(InvalidError):
    """A form with a field that is missing, or is not of its kind."""

    code = "form_invalid"
    title = "Something in the form is missing or wrong."


class PageMissingError(MissingError):
    """There is no such page."""

    code = "page_missing"
    title = "There is no such page."
