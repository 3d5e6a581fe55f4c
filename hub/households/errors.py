"""What can go missing with excluded addresses."""

from __future__ import annotations

from service.errors import MissingError


class AddressMissingError(MissingError):
    """There is no such excluded address of the caller's organisation."""

    code = "excluded_address_not_found"
    title = "There is no such excluded address of your organisation."
