"""Write what a client writes: tokens under a test key, sealed beside the open part.

The pseudonym is the protocol's own, N = k·H(x): blinding by the partner and taking it off again leave it as
it is, and are left out, with the holder's proofs; they are measured by `make bench`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from dat_client.identity.age import bracket, bracket_ends
from dat_client.identity.person import Person
from dat_client.identity.tokens import person_tokens
from hub.subjects.keys import SubjectKeys
from keys.protocol.encoding import b64u
from keys.protocol.envelope import Entry, envelope_info, public_part_hash, seal
from keys.protocol.hashing import hash_to_group
from keys.protocol.sodium import multiply, reduce_scalar
from keys.protocol.tokens import token_input
from keys.protocol.voprf import CONTEXT
from service.datakeys.pool import DataKeyPool

HUB_ID = "simulation.dat-hub.example"
_KEY = reduce_scalar(bytes(range(64)))

Looks = frozenset[tuple[str, tuple[str, ...]]]
"""What of a registration can agree with another one: token types with their fields."""


@dataclass(frozen=True, slots=True)
class Pseudonymised:
    """A person as one desk wrote them down: entries of an envelope, and what they were made of."""

    entries: tuple[Entry, ...] = field(repr=False)
    looks: Looks = field(repr=False)

    @property
    def token_types(self) -> list[str]:
        """Name the token types, as the open part does."""
        return sorted({entry.token_type.value for entry in self.entries})


def make_keys(data_keys: DataKeyPool) -> SubjectKeys:
    """Return the hub's keys of one simulation."""
    return SubjectKeys(
        hub_id=HUB_ID,
        envelope={"kid-1": X25519PrivateKey.from_private_bytes(bytes(32))},
        peppers={1: bytes([1]) * 32},
        row_keys={1: bytes([2]) * 32},
        data_keys=data_keys,
    )


def pseudonymise(person: Person, schemes: frozenset[str], *, today: date) -> Pseudonymised:
    """Make the tokens of a person; raises RefusedPersonError where the client would refuse them."""
    tokens = person_tokens(person, schemes=schemes, today=today)
    entries = tuple(Entry(token.token_type, 1, _element(token.token_type, token.fields)) for token in tokens)
    return Pseudonymised(entries, frozenset((token.token_type.value, token.fields) for token in tokens))


def age_facts(born: date, on: date) -> dict[str, object]:
    """Write the age as clients do: the bracket and the quarter in which it ends."""
    return {"bracket": bracket(born, on), "bracketEnds": bracket_ends(born, on)}


def seal_beside(
    keys: SubjectKeys, part: Mapping[str, object], person: Pseudonymised, *, organisation_id: UUID, key: UUID
) -> dict[str, object]:
    """Return a message as it goes over the wire."""
    whole = {**part, "tokenTypes": person.token_types}
    info = envelope_info(
        hub_id=HUB_ID,
        organisation_id=str(organisation_id),
        idempotency_key=str(key),
        public_part_hash=public_part_hash(whole),
    )
    public = keys.envelope["kid-1"].public_key().public_bytes_raw()
    return {**whole, "envelope": {"kid": "kid-1", "sealed": b64u(seal(public, info, list(person.entries)))}}


def _element(token_type: object, fields: tuple[str, ...]) -> bytes:
    x = token_input(HUB_ID, token_type, normalisation="nl1", fields=fields)  # type: ignore[arg-type]
    return multiply(_KEY, hash_to_group(x, context=CONTEXT))
