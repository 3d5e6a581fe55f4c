"""Hold every public value of a hub in one document.

Source: protocol.md, 2.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from keys.protocol.errors import ManifestError


@dataclass(frozen=True, slots=True)
class SchemeKey:
    """The public side of one scheme's key in one epoch: the key, its shares and who holds them.

    `shares` and `holders` map a share's number to its public value and to its holder's base URL.
    """

    public: bytes
    threshold: int
    shares: Mapping[int, bytes]
    holders: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class EnvelopeKey:
    """A key that envelopes may be sealed to until a moment."""

    kid: str
    public: bytes
    valid_until: datetime


@dataclass(frozen=True, slots=True)
class Manifest:
    """What clients, holders and hub agree on: all public keys, the hub's name, the normalisation.

    `keys` is by scheme and epoch; `ledger_publics` by the ledger's origin. Moments are aware, to the second.
    """

    hub_id: str
    normalisation: str
    valid_from: datetime
    valid_until: datetime
    keys: Mapping[tuple[str, int], SchemeKey]
    envelope_keys: tuple[EnvelopeKey, ...]
    receipt_public: bytes
    ledger_publics: Mapping[str, bytes]

    def get_key(self, scheme: str, epoch: int) -> SchemeKey:
        """Return the key of a scheme in an epoch, or refuse."""
        try:
            return self.keys[scheme, epoch]
        except KeyError:
            raise ManifestError from None

    def get_current_epoch(self, scheme: str) -> int:
        """Return the latest epoch of a scheme, or refuse a scheme without a key."""
        epochs = [epoch for name, epoch in self.keys if name == scheme]
        if not epochs:
            raise ManifestError
        return max(epochs)

    def get_envelope_key(self, now: datetime) -> EnvelopeKey:
        """Return the valid key that dies first, so that what was sealed dies as early as it can."""
        valid = [key for key in self.envelope_keys if now < key.valid_until]
        if not valid:
            raise ManifestError
        return min(valid, key=lambda key: (key.valid_until, key.kid))
