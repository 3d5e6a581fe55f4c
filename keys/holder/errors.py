"""What a key holder refuses."""

from __future__ import annotations

from service.errors import ConflictError, ExhaustedError, InvalidError, MissingError, RefusedError


class SchemeNotPermittedError(RefusedError):
    """This organisation may not use this identity scheme."""

    code = "scheme_not_permitted"
    title = "The organisation may not use this identity scheme."


class UnknownReporterError(RefusedError):
    """The reporter is not registered here for this organisation."""

    code = "unknown_reporter"
    title = "The reporter is not registered with this key holder."


class ReporterNotCallerError(RefusedError):
    """The key is of one member of staff, and another one is named."""

    code = "reporter_not_caller"
    title = "A key of one member of staff asks for that member only."


class UnknownEpochError(InvalidError):
    """There is no key of this epoch any more, or not yet."""

    code = "unknown_epoch"
    title = "There is no key of this epoch here."


class InvalidElementError(InvalidError):
    """An element is not a canonical group element, or is the identity."""

    code = "invalid_element"
    title = "An element is not a canonical element of the group."


class EvaluationQuotaError(ExhaustedError):
    """The organisation's or the reporter's quota of the day is used up."""

    code = "evaluation_quota_exhausted"
    title = "The quota of evaluations for today is used up."


class RotationRefusedError(ConflictError):
    """The key can't be rotated or destroyed this way."""

    code = "rotation_refused"
    title = (
        "This key cannot be changed this way: it is compromised, shared and without a common scalar, "
        "the only one, or not here."
    )


class ShareFileError(InvalidError):
    """The file holds no share that was dealt, or one that contradicts itself."""

    code = "invalid_share_file"
    title = "The file is not a share file, or it contradicts itself."


class PublicPartError(InvalidError):
    """A public part is not what a hub or a key holder prints, or the parts do not fit together."""

    code = "invalid_public_part"
    title = "A public part is not as printed by 'public-part', or the shares are not of one key."


class PermissionListError(InvalidError):
    """A permission list that the pinned key did not sign for this holder, that is old, or that is not one."""

    code = "invalid_permission_list"
    title = (
        "The permission list is not signed by the pinned key for this holder, not newer, or not of its form."
    )


class SignedListRequiredError(RefusedError):
    """This holder pins the key of a permission list: nobody is given more by hand."""

    code = "signed_list_required"
    title = "This key holder takes permissions from a signed list only; disabling and ending work by hand."


class AdmissionInvalidError(InvalidError):
    """The client id, scheme or quota is not of the agreed form."""

    code = "invalid_admission"
    title = "The client id, identity scheme or quota is not of the agreed form."


class ClientTakenError(ConflictError):
    """A client id is never used again, also not for the same organisation."""

    code = "client_taken"
    title = "This client id was used before."


class ClientMissingError(MissingError):
    """No client of this id, or no such reporter, is registered."""

    code = "client_missing"
    title = "There is no such client or reporter."


class DataKeysNotPermittedError(RefusedError):
    """The caller is not a hub whose data keys are kept here."""

    code = "data_keys_not_permitted"
    title = "The caller is not a hub whose data keys are kept here."


class DataKeyQuotaError(ExhaustedError):
    """The hub's ration of the day, for this purpose, is used up."""

    code = "data_key_quota_exhausted"
    title = "The ration of data keys for this purpose is used up for today."


class HubApartError(ConflictError):
    """Whoever has tokens evaluated keeps no data keys here, and the other way round."""

    code = "hub_apart"
    title = "A hub has no identity scheme and no reporter, and a partner no data keys."
