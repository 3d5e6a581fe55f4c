"""The hub's secret keys about persons, kept outside the database and its backups."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from time import monotonic

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from keys.protocol.encoding import b64u
from keys.protocol.envelope import generate_key_pair
from service import clock
from service.datakeys.local import volatile_pool
from service.datakeys.pool import DataKeyPool
from service.errors import UnsafeSettingsError
from service.keystore import KeyStore
from service.logging import log

ENVELOPE_LIFE = timedelta(days=7)
ENVELOPE_AHEAD = timedelta(days=35)
ENVELOPE_GRACE = timedelta(hours=48)
READ_AGAIN = 300.0  # seconds
_KID_TIME = "%Y%m%dt%H%M%Sz"


@dataclass(frozen=True, slots=True)
class SubjectKeys:
    """What opens envelopes, makes the match index and seals stored elements.

    Attributes:
        envelope: private key per key id.
        peppers: 32 bytes per key epoch.
        row_keys: per row epoch; the newest seals, together with a data key.
        data_keys: a fresh one for each registration, kept elsewhere.
    """

    hub_id: str
    envelope: Mapping[str, X25519PrivateKey] = field(repr=False)
    peppers: Mapping[int, bytes] = field(repr=False)
    row_keys: Mapping[int, bytes] = field(repr=False)
    data_keys: DataKeyPool = field(default_factory=volatile_pool, repr=False)

    @property
    def row_epoch(self) -> int:
        """Return the epoch of the row key that seals from now on."""
        return max(self.row_keys)


class Keyring:
    """The keys of a process that runs for months: read again now and then.

    A service that read its keys once would not know the envelope keys of next month, and would keep in memory
    those that were destroyed.
    """

    def __init__(self, keys: KeyStore, hub_id: str, data_keys: DataKeyPool | None = None) -> None:
        self._store, self._hub_id, self._data_keys = keys, hub_id, data_keys
        self._loaded = load_subject_keys(keys, hub_id, data_keys)
        self._read_at = monotonic()

    def current(self) -> SubjectKeys:
        """Return the keys as they were at most five minutes ago, or as they could last be read."""
        if monotonic() - self._read_at > READ_AGAIN:
            self._read_at = monotonic()
            try:
                self._loaded = load_subject_keys(self._store, self._hub_id, self._data_keys)
            except (KeyError, ValueError, OSError, UnsafeSettingsError) as failure:
                # Keys were read well before; refusing every signal for one bad file would help nobody.
                log.error("keys_not_read", error=type(failure).__name__)
        return self._loaded


@dataclass(frozen=True, slots=True)
class EnvelopeKey:
    """The public half that goes into the manifest, and until when envelopes may be sealed to it."""

    kid: str
    public_key: bytes
    valid_until: datetime


def create_subject_keys(keys: KeyStore, *, now: datetime | None = None) -> None:
    """Draw every key of a new hub; raises FileExistsError rather than overwrite one."""
    create_epoch(keys, 1)
    renew_envelope_keys(keys, now=now)


def create_epoch(keys: KeyStore, epoch: int) -> None:
    """Draw the pepper and the row key of an epoch."""
    keys.create(f"pepper.{epoch}", os.urandom(32))
    keys.create(f"row.{epoch}", os.urandom(32))


def load_subject_keys(keys: KeyStore, hub_id: str, data_keys: DataKeyPool | None = None) -> SubjectKeys:
    """Read every key that still exists.

    Raises:
        KeyError: names the key that is missing.
    """
    loaded = SubjectKeys(
        hub_id=hub_id,
        envelope={
            kid: X25519PrivateKey.from_private_bytes(private_key)
            for kid, private_key in _read(keys, "envelope.").items()
        },
        peppers={int(epoch): pepper for epoch, pepper in _read(keys, "pepper.").items()},
        row_keys={int(epoch): key for epoch, key in _read(keys, "row.").items()},
        data_keys=data_keys or volatile_pool(),
    )
    for name, found in (("envelope", loaded.envelope), ("pepper", loaded.peppers), ("row", loaded.row_keys)):
        if not found:
            raise KeyError(name)
    return loaded


def list_envelope_keys(keys: KeyStore) -> list[EnvelopeKey]:
    """List the public halves, the one that dies first in front."""
    return [_public(keys, name.removeprefix("envelope.")) for name in keys.names("envelope.")]


def envelope_public_keys(keys: KeyStore) -> list[dict[str, str]]:
    """Return the public halves as the manifest writes them."""
    return [
        {"kid": key.kid, "public": b64u(key.public_key), "valid_until": clock.wire_time(key.valid_until)}
        for key in list_envelope_keys(keys)
    ]


@dataclass(frozen=True, slots=True)
class Renewal:
    """Ids of the envelope keys that are to go and to come."""

    dead: Sequence[str]
    drawn: Sequence[str]


def plan_renewal(keys: KeyStore, *, now: datetime) -> Renewal:
    """Name the envelope keys that are past their week by 48 hours, and those that should lie ready.

    Recorded envelopes die with the first; the manifest that names the others is signed offline, by people.

    Source:
        protocol.md, 2.
    """
    known = list_envelope_keys(keys)
    dead = [key.kid for key in known if now > key.valid_until + ENVELOPE_GRACE]
    newest = max((key.valid_until for key in known), default=now)
    return Renewal(dead, list(_ahead(max(newest, now), until=now + ENVELOPE_AHEAD)))


def renew_envelope_keys(keys: KeyStore, *, now: datetime | None = None, plan: Renewal | None = None) -> int:
    """Destroy and draw envelope keys as planned, or as is due; returns how many."""
    plan = plan or plan_renewal(keys, now=now or clock.now())
    for kid in plan.dead:
        keys.destroy(f"envelope.{kid}")
    for kid in plan.drawn:
        keys.create(f"envelope.{kid}", generate_key_pair()[0])
    return len(plan.dead) + len(plan.drawn)


def _ahead(newest: datetime, *, until: datetime) -> Iterator[str]:
    while (newest := newest + ENVELOPE_LIFE) <= until:
        # The id says until when, so that no other record of a key's age is needed.
        yield f"{newest.astimezone(UTC).strftime(_KID_TIME)}-{os.urandom(4).hex()}"


def _read(keys: KeyStore, prefix: str) -> dict[str, bytes]:
    return {name.removeprefix(prefix): keys.read(name) for name in keys.names(prefix)}


def _public(keys: KeyStore, kid: str) -> EnvelopeKey:
    private_key = X25519PrivateKey.from_private_bytes(keys.read(f"envelope.{kid}"))
    valid_until = datetime.strptime(kid.partition("-")[0], _KID_TIME).replace(tzinfo=UTC)
    return EnvelopeKey(kid, private_key.public_key().public_bytes_raw(), valid_until)
