"""Small functions that put valid things into a database; each section belongs to the slice it names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha512
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from hub.subjects.service import NewRegistration, RegistrationKind, SubjectKeys, open_pseudonyms
from keys.protocol.encoding import b64u, unb64u
from keys.protocol.envelope import Entry, envelope_info, generate_key_pair, public_part_hash, seal
from keys.protocol.sodium import element_from_hash
from keys.protocol.tokens import TokenType

# --- subjects ---


def subject_keys(hub_id: str = "hub.dat.example") -> SubjectKeys:
    """Keys of one hub, with one envelope key and two epochs."""
    private_key, _ = generate_key_pair()
    return SubjectKeys(
        hub_id=hub_id,
        envelope={"kid-1": private_key},
        peppers={1: bytes([1]) * 32, 2: bytes([2]) * 32},
        row_keys={1: bytes([3]) * 32},
    )


def element(person: object, token_type: str) -> bytes:
    """The pseudonym of a person under one token type; equal for equal persons."""
    return element_from_hash(sha512(f"{person}/{token_type}".encode()).digest())


def entries(tokens: Mapping[str, object], *, epoch: int = 1) -> list[Entry]:
    """Envelope entries from token type -> anything that stands for the person's value of that type."""
    return [Entry(TokenType(name), epoch, element(value, name)) for name, value in tokens.items()]


def seal_for(
    keys: SubjectKeys,
    *,
    organisation_id: UUID,
    idempotency_key: UUID,
    public_part: Mapping[str, object],
    entries: Sequence[Entry],
) -> dict[str, str]:
    """The wire form of an envelope that this hub opens beside this public part."""
    kid, private_key = next(iter(keys.envelope.items()))
    public_key = X25519PrivateKey.from_private_bytes(private_key).public_key().public_bytes_raw()
    info = envelope_info(
        hub_id=keys.hub_id,
        organisation_id=str(organisation_id),
        idempotency_key=str(idempotency_key),
        public_part_hash=public_part_hash(public_part),
    )
    return {"kid": kid, "sealed": b64u(seal(public_key, info, entries))}


def new_registration(
    keys: SubjectKeys,
    tokens: Mapping[str, object],
    *,
    now: datetime,
    kind: RegistrationKind = RegistrationKind.SIGNAL,
    organisation_id: UUID | None = None,
    days: int = 100,
    epoch: int = 1,
) -> NewRegistration:
    """A registration of a person, opened from a real envelope."""
    id_, key, organisation_id = uuid4(), uuid4(), organisation_id or uuid4()
    part: dict[str, object] = {"tokenTypes": sorted(tokens)}
    wire = seal_for(
        keys,
        organisation_id=organisation_id,
        idempotency_key=key,
        public_part=part,
        entries=entries(tokens, epoch=epoch),
    )
    opened = open_pseudonyms(
        keys,
        registration_id=id_,
        organisation_id=organisation_id,
        idempotency_key=key,
        public_part=part,
        kid=wire["kid"],
        sealed=unb64u(wire["sealed"]),
        allowed=frozenset(TokenType),
    )
    return NewRegistration(id_, kind, organisation_id, now, now + timedelta(days=days), opened)


# --- end subjects ---
