"""What can be refused about an envelope without looking inside."""

from __future__ import annotations

from service.errors import InvalidError


class EnvelopeKeyUnknownError(InvalidError):
    """The envelope was sealed to a key that this hub does not have, or no longer."""

    code = "envelope_key_unknown"
    title = "The envelope was sealed to a key that is not in use; renew the manifest."
