"""What the protocol refuses. Messages are constants: no value ever reaches an error."""

from __future__ import annotations

from typing import ClassVar


class ProtocolError(Exception):
    """Say what was refused, never which value it was."""

    message: ClassVar[str] = "the protocol was not followed"

    def __init__(self) -> None:
        super().__init__(self.message)


class LibraryError(ProtocolError):
    """No usable libsodium, or one that failed where it cannot fail."""

    message = "libsodium is missing or does not work"


class EncodingError(ProtocolError):
    """Bytes or values that have no canonical form."""

    message = "the value has no canonical encoding"


class ElementError(ProtocolError):
    """Not the one canonical encoding of a group element, or the identity."""

    message = "not a canonical group element, or the identity"


class ScalarError(ProtocolError):
    """Not a canonical scalar, or zero."""

    message = "not a canonical scalar, or zero"


class ProofError(ProtocolError):
    """The evaluation was not made with the key that was pinned."""

    message = "the proof does not verify"


class ThresholdError(ProtocolError):
    """Shares that are too few, numbered wrongly, or not of one key."""

    message = "the shares do not belong to one key"


class RotationError(ProtocolError):
    """A rotation that does not lead from the old key to the new one."""

    message = "the rotation does not lead from the old key to the new one"


class EnvelopeError(ProtocolError):
    """An envelope that does not open here; one message for every reason, so that it is no oracle."""

    message = "the envelope does not open"


class ManifestError(ProtocolError):
    """A manifest that the pinned root did not sign, that is not valid now, or that contradicts itself."""

    message = "the manifest is not signed by the pinned root, not valid now, or not sound"


class SignatureError(ProtocolError):
    """A document that the pinned key did not sign, or of another kind."""

    message = "the document is not signed by the pinned key, or of another kind"


class ReceiptError(ProtocolError):
    """A receipt of a destruction that this holder did not sign, or that is about another key."""

    message = "the receipt is not of this holder, or about another key"
