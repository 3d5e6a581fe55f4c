"""What can go wrong with a sample."""

from __future__ import annotations

from service.errors import ConflictError, MissingError


class SampleMissingError(MissingError):
    """Nothing of that number was drawn for this caller."""

    code = "sample_not_found"
    title = "This was not drawn for review in your municipality."


class SampleJudgedError(ConflictError):
    """It was judged before."""

    code = "sample_judged"
    title = "This was judged before."
