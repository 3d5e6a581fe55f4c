"""What can be refused or be wrong about joining and leaving."""

from __future__ import annotations

from service.errors import ConflictError, InvalidError, RefusedError


class NotReadyError(RefusedError):
    """Something is not in order yet; `errors` names what."""

    code = "partner_not_ready"
    title = "The organisation cannot go live: something is not in order yet."


class DossierInvalidError(InvalidError):
    """What was shown is not of the agreed form."""

    code = "dossier_invalid"
    title = "What was recorded of the organisation is not of the agreed form."


class LinkageInvalidError(InvalidError):
    """The count cannot be, or is of too few rows to say anything."""

    code = "linkage_invalid"
    title = "The linkage figure is not of the agreed form, or is of fewer than fifty rows."


class HeirInvalidError(InvalidError):
    """Who goes on with the signals is another kind, not live, or has no such coordinator."""

    code = "heir_invalid"
    title = "The organisation that goes on with the signals cannot do so."


class OrganisationEndedError(ConflictError):
    """The organisation has left."""

    code = "organisation_ended"
    title = "The organisation has left."
