"""The hub's secret keys about persons, kept outside the database and its backups."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from keys.protocol.envelope import generate_key_pair
from service.keystore import KeyStore

ENVELOPE_LIFE = timedelta(days=7)
ENVELOPE_GRACE = timedelta(hours=48)
_KID_TIME = "%Y%m%dt%H%M%Sz"


@dataclass(frozen=True, slots=True)
class SubjectKeys:
    """What opens envelopes, makes the match index and seals stored elements.

    Attributes:
        envelope: X25519 private key per key id.
        peppers: 32 bytes per key epoch.
        row_keys: AES-256 key per row epoch; the newest seals.
    """

    hub_id: str
    envelope: Mapping[str, bytes] = field(repr=False)
    peppers: Mapping[int, bytes] = field(repr=False)
    row_keys: Mapping[int, bytes] = field(repr=False)

    @property
    def row_epoch(self) -> int:
        """Return the epoch of the row key that seals from now on."""
        return max(self.row_keys)


@dataclass(frozen=True, slots=True)
class EnvelopeKey:
    """The public half that goes into the manifest."""

    kid: str
    public_key: bytes
    created_at: datetime


def create_subject_keys(keys: KeyStore, *, now: datetime) -> EnvelopeKey:
    """Draw every key of a new hub; raises FileExistsError rather than overwrite one."""
    create_epoch(keys, 1)
    return create_envelope_key(keys, now=now)


def create_epoch(keys: KeyStore, epoch: int) -> None:
    """Draw the pepper and the row key of an epoch."""
    keys.create(f"pepper.{epoch}", os.urandom(32))
    keys.create(f"row.{epoch}", os.urandom(32))


def load_subject_keys(keys: KeyStore, hub_id: str) -> SubjectKeys:
    """Read every key that still exists.

    Raises:
        KeyError: names the key that is missing.
    """
    loaded = SubjectKeys(
        hub_id=hub_id,
        envelope=_read(keys, "envelope."),
        peppers={int(epoch): pepper for epoch, pepper in _read(keys, "pepper.").items()},
        row_keys={int(epoch): key for epoch, key in _read(keys, "row.").items()},
    )
    for name, found in (("envelope", loaded.envelope), ("pepper", loaded.peppers), ("row", loaded.row_keys)):
        if not found:
            raise KeyError(name)
    return loaded


def create_envelope_key(keys: KeyStore, *, now: datetime) -> EnvelopeKey:
    """Draw an envelope key pair; its id says when, so that no other record of its age is needed."""
    kid = f"{now.astimezone(UTC).strftime(_KID_TIME)}-{os.urandom(4).hex()}"
    private_key, _ = generate_key_pair()
    keys.create(f"envelope.{kid}", private_key)
    return _public(keys, kid)


def list_envelope_keys(keys: KeyStore) -> list[EnvelopeKey]:
    """List the public halves, oldest first."""
    return [_public(keys, name.removeprefix("envelope.")) for name in keys.names("envelope.")]


def rotate_envelope_key(keys: KeyStore, *, now: datetime) -> EnvelopeKey | None:
    """Draw a new envelope key when the newest is a week old; the manifest then needs a new signature."""
    known = list_envelope_keys(keys)
    if known and now - known[-1].created_at < ENVELOPE_LIFE:
        return None
    return create_envelope_key(keys, now=now)


def destroy_old_envelope_keys(keys: KeyStore, *, now: datetime) -> list[str]:
    """Destroy each private key whose successor is more than 48 hours old; recorded envelopes die with it.

    Returns:
        The key ids that are gone.
    """
    known = list_envelope_keys(keys)
    old = [key.kid for key, successor in pairwise(known) if now - successor.created_at > ENVELOPE_GRACE]
    for kid in old:
        keys.destroy(f"envelope.{kid}")
    return old


def _read(keys: KeyStore, prefix: str) -> dict[str, bytes]:
    return {name.removeprefix(prefix): keys.read(name) for name in keys.names(prefix)}


def _public(keys: KeyStore, kid: str) -> EnvelopeKey:
    private_key = X25519PrivateKey.from_private_bytes(keys.read(f"envelope.{kid}"))
    created_at = datetime.strptime(kid.partition("-")[0], _KID_TIME).replace(tzinfo=UTC)
    return EnvelopeKey(kid, private_key.public_key().public_bytes_raw(), created_at)
