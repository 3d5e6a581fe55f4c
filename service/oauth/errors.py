"""What can be wrong with a caller's proof of who they are; nothing of a token is ever repeated."""

from __future__ import annotations

from typing import ClassVar

from service.errors import InvalidError, UnauthenticatedError


class InvalidClientError(UnauthenticatedError):
    """The client assertion does not hold: one answer for an unknown client and for a wrong signature.

    Attributes:
        reason: what the log hears, and the caller does not.
    """

    code = "invalid_client"
    title = "The client assertion does not prove a registered client."
    reason: ClassVar[str] = "assertion_invalid"


class UnknownClientError(InvalidClientError):
    """No credential of this name is in force here."""

    reason = "client_unknown"


class AssertionReusedError(InvalidClientError):
    """The assertion holds, and was used before."""

    reason = "assertion_reused"


class InvalidTokenError(UnauthenticatedError):
    """The access token is missing, expired, revoked or not ours."""

    code = "invalid_token"
    title = "The access token is missing, expired or not valid here."


class InvalidProofError(UnauthenticatedError):
    """The DPoP proof does not fit this request, this moment or this token."""

    code = "invalid_dpop_proof"
    title = "The DPoP proof is missing or does not fit this request."
    reason: ClassVar[str] = "proof_invalid"


class MalformedTokenRequestError(InvalidError):
    """The form lacks a parameter, repeats one or is not a form."""

    code = "invalid_request"
    title = "The token request is not of the agreed form."


class UnsupportedGrantTypeError(InvalidError):
    """Only client_credentials is given."""

    code = "unsupported_grant_type"
    title = "Only the grant type client_credentials is supported."


class InvalidKeyError(InvalidError):
    """The key is no public Ed25519 or P-256 key."""

    code = "invalid_key"
    title = "A key must be a public Ed25519 or P-256 JSON Web Key, without private parts."
