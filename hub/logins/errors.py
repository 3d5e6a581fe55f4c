"""What can go wrong when somebody logs in."""

from __future__ import annotations

from service.errors import RefusedError, UnauthenticatedError, UnavailableError


class LoginNeededError(UnauthenticatedError):
    """Nobody is logged in, or not any more."""

    code = "login_needed"
    title = "Log in first."


class LoginRefusedError(RefusedError):
    """The provider's answer does not let this person in."""

    code = "login_refused"
    title = "You can't log in here with this account."


class LoginUnavailableError(UnavailableError):
    """The provider of logins does not answer, or none is set up."""

    code = "login_unavailable"
    title = "Logging in is not possible at this moment."
