"""What can be refused, be wrong or be missing about partners."""

from __future__ import annotations

from service.errors import ConflictError, InvalidError, MissingError, RefusedError


class CovenantNotInForceError(RefusedError):
    """No covenant covers this day, or the organisation has left.

    Source: domain.md ONB-01, ONB-02.
    """

    code = "covenant_not_in_force"
    title = "The organisation has no covenant in force."


class NotLiveError(RefusedError):
    """The organisation was admitted, and not everything is in order yet.

    Source: domain.md 1F.
    """

    code = "partner_not_live"
    title = "The organisation is joining, and does not take part yet."


class NotTrainedError(RefusedError):
    """The organisation did not attest that this reporter was trained, or they did not signal for long.

    Source: domain.md ONB-13.
    """

    code = "reporter_not_trained"
    title = "The reporter was not trained, as far as the organisation attested."


class ReporterNotAuthorisedError(RefusedError):
    """The reporter is unknown, of another organisation, ended, or in a role that does not report.

    Source: domain.md SIG-01.
    """

    code = "reporter_not_authorised"
    title = "The reporter is not authorised by this organisation on this day."


class TokenTypeNotAllowedError(RefusedError):
    """A token type belongs to an identity scheme that the organisation may not use.

    Source: domain.md MAT-09; UAVG 46.
    """

    code = "token_type_not_allowed"
    title = "The organisation may not use one of these token types."


class KindNotAllowedError(RefusedError):
    """This act is not for organisations of this kind."""

    code = "kind_not_allowed"
    title = "This is not for organisations of this kind."


class RoleNotAllowedError(RefusedError):
    """This act is not for callers in this role."""

    code = "role_not_allowed"
    title = "This is not for callers in this role."


class SchemeNotForKindError(RefusedError):
    """Organisations of this kind may never use the scheme, whatever was agreed."""

    code = "scheme_not_for_kind"
    title = "Organisations of this kind may not use this identity scheme."


class RoleNotForKindError(RefusedError):
    """Staff of this kind of organisation can't have the role."""

    code = "role_not_for_kind"
    title = "Staff of this kind of organisation cannot have this role."


class RolesConflictError(RefusedError):
    """One person may not hold both roles: they would check their own work.

    Source: domain.md 5.5.
    """

    code = "roles_conflict"
    title = "One person may not hold these roles together."


class PartnerInvalidError(InvalidError):
    """The particulars of an organisation are not of the agreed form."""

    code = "partner_invalid"
    title = "The organisation's particulars are not of the agreed form."


class KindUnknownError(InvalidError):
    """The kind is not configured."""

    code = "kind_unknown"
    title = "This kind of organisation is not configured."


class DecisionMissingError(InvalidError):
    """The police take part on a recorded decision only.

    Source: domain.md ONB-11; Wpg 18, 20.
    """

    code = "decision_missing"
    title = "An organisation of this kind needs the reference of its decision."


class CovenantInvalidError(InvalidError):
    """A covenant ends after it begins."""

    code = "covenant_invalid"
    title = "A covenant ends after it begins."


class StaffInvalidError(InvalidError):
    """The particulars of a member of staff are not of the agreed form."""

    code = "staff_invalid"
    title = "The particulars of the member of staff are not of the agreed form."


class GrantInvalidError(InvalidError):
    """The role is over before it begins, or is held on one of these days already."""

    code = "grant_invalid"
    title = "The days of this role are over before they begin, or lie over days on which it is held."


class CredentialInvalidError(InvalidError):
    """The client id is not of the agreed form."""

    code = "credential_invalid"
    title = "The credential's particulars are not of the agreed form."


class PartnerTakenError(ConflictError):
    """An organisation with this OIN or id was admitted before."""

    code = "partner_taken"
    title = "An organisation with this OIN or id was admitted before."


class CovenantTakenError(ConflictError):
    """A covenant of this organisation begins on this day already."""

    code = "covenant_taken"
    title = "A covenant of this organisation begins on this day already."


class StaffTakenError(ConflictError):
    """A member of staff with this id was authorised before."""

    code = "staff_taken"
    title = "A member of staff with this id was authorised before."


class CredentialTakenError(ConflictError):
    """A client id is used once, also after it is disabled."""

    code = "credential_taken"
    title = "This client id or this key was registered before."


class MandateMissingError(RefusedError):
    """The organisation may not bring signals for that other one."""

    code = "mandate_missing"
    title = "No mandate to bring signals for that organisation is in force."


class MandatesFullError(ConflictError):
    """Whoever brings for many others chooses by whose name it posts what a team may hear: it is bounded."""

    code = "mandates_full"
    title = "This organisation brings signals for as many others as is allowed."


class PartnerMissingError(MissingError):
    """There is no such organisation."""

    code = "partner_not_found"
    title = "There is no such organisation."


class StaffMissingError(MissingError):
    """There is no such member of staff."""

    code = "staff_not_found"
    title = "There is no such member of staff."


class GrantMissingError(MissingError):
    """The member of staff does not hold the role on that day."""

    code = "grant_not_found"
    title = "The member of staff does not hold this role on that day."


class CredentialMissingError(MissingError):
    """There is no such credential."""

    code = "credential_not_found"
    title = "There is no such credential."
