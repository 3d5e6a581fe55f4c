"""What is not done while the log cannot be vouched for."""

from __future__ import annotations

from service.errors import ConflictError, InvalidError, MissingError, UnavailableError


class AuditUnavailableError(UnavailableError):
    """No witness has cosigned the record of this; nothing is shown."""

    code = "audit_unavailable"
    title = "What is disclosed must first be witnessed, and it cannot be now; nothing was shown."


class AuditFullError(UnavailableError):
    """Too much waits to be witnessed; nothing more is taken."""

    code = "audit_full"
    title = "Too many events wait for their witness; nothing was taken."


class AuditGapError(UnavailableError):
    """The log is not what its witness saw of it: it was restored, or written anew."""

    code = "audit_gap"
    title = "The log is not what its witness saw of it; nothing is signed. Run: dat-hub audit reopen"


class WitnessForgotError(AuditGapError):
    """The witness knows less of the log than it cosigned."""


class ProofMissingError(MissingError):
    """The log has no such leaf: keep the receipt, it is the evidence."""

    code = "proof_missing"
    title = "The log holds no leaf with this hash."


class NoGapError(ConflictError):
    """The log is as far as its witness saw: nothing was lost."""

    code = "no_gap"
    title = "The log holds all that its witness saw of it: there is nothing to close."


class ForeignCosignatureError(InvalidError):
    """What is taken in is no head of this log, cosigned by a witness that is known."""

    code = "foreign_cosignature"
    title = "This is not a head of this log, cosigned by a witness that is named in DAT_HUB_WITNESS_KEYS."
