"""What can go wrong for a partner. Messages are constants or places: nothing of a person is ever in one."""

from __future__ import annotations

from typing import ClassVar

PRINTABLE_LIMIT = 200


class ClientError(Exception):
    """Say what went wrong in words a partner can act on."""

    message: ClassVar[str] = "the request could not be made"

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or self.message)


class ConfigurationError(ClientError):
    """The home directory is not configured, not safe, or contradicts itself."""

    message = "this home is not configured: run `dat configure`"


class ManifestRefusedError(ClientError):
    """No manifest that the pinned root signed, that is valid now and for this hub."""

    message = "no manifest that the pinned root signed and that is valid now: run `dat manifest refresh`"


class ReceiptRefusedError(ClientError):
    """A receipt that the hub's receipt key did not sign, or that is not about what was posted."""

    message = "the receipt is not signed by the hub's receipt key, or not about what was posted"


class HolderProofError(ClientError):
    """A key holder answered with elements that its pinned key did not make; its share number says which."""

    def __init__(self, index: int) -> None:
        super().__init__(f"key holder {index} gave a proof that does not verify; tell the privacy officer")
        self.index = index


class UnavailableError(ClientError):
    """The service could not be reached, or asked to come back later than is worth waiting for."""

    message = "the service cannot be reached now; run the same command again later"

    def __init__(self, message: str | None = None, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class UntrustedServiceError(ClientError):
    """The service's certificate is not signed by an authority that this machine trusts."""

    message = "the service's certificate is not trusted: name its authority with `dat configure --ca`"


class AnswerError(ClientError):
    """The service answered with something that is not of this API."""

    message = "the service gave an answer that this client does not understand"


class UnknownReferenceError(ClientError):
    """The local store does not know this id: it was posted from another machine, or never."""

    message = "the local store of this machine does not know this id"


class StoreError(ClientError):
    """The local store cannot be written: another run works on the same rows, or the disk is full."""

    message = "the local store cannot be written: is another run busy, or the disk full? Then run it again"


class IdentifyingReferenceError(ClientError):
    """The own reference holds the person's name, birth date or BSN."""

    message = "the reference holds the person's name, birth date or BSN; use a file number"


class ProblemError(ClientError):
    """What the service refused, as it says so itself (RFC 9457).

    Attributes:
        code: the service's own constant, such as `covenant_not_in_force`.
        places: JSON pointers to what is wrong, never what stands there.
    """

    def __init__(self, *, status: int, code: str, title: str, places: tuple[str, ...] = ()) -> None:
        self.status = status
        self.code = _printable(code)
        self.title = _printable(title)
        self.places = tuple(_printable(place) for place in places)
        super().__init__(" ".join(filter(None, (f"{self.title} ({self.code})", *self.places))))


def _printable(text: str) -> str:
    """Cut what a service says to one printable line: control characters would steer the terminal."""
    return "".join(character for character in text[:PRINTABLE_LIMIT] if character.isprintable())
