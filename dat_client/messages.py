"""Put open facts and pseudonyms into the message that the hub takes: one envelope, bound to the facts.

Source: protocol.md, 4, step 5.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from uuid import UUID

from dat_client.identity.age import bracket, bracket_ends
from dat_client.identity.nl1 import parse_birth_date
from dat_client.identity.person import Person
from keys.protocol.encoding import b64u, canonical_json
from keys.protocol.envelope import Entry, envelope_info, public_part_hash, seal
from keys.protocol.manifest import Manifest


@dataclass(frozen=True, slots=True)
class Message:
    """A sealed message under its idempotency key; the bytes are kept until the hub has answered."""

    idempotency_key: UUID
    content: bytes = field(repr=False)

    @property
    def body(self) -> dict[str, object]:
        """What is posted, without the idempotency key."""
        body: dict[str, object] = json.loads(self.content)
        return body

    @property
    def body_hash(self) -> str:
        """SHA-256 of the canonical JSON, in hexadecimal: what a receipt is about."""
        return sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class Sealer:
    """Seal for one hub, in the name of one organisation."""

    manifest: Manifest
    organisation_id: UUID
    now: datetime

    def seal(self, key: UUID, facts: Mapping[str, object], entries: Sequence[Entry]) -> Message:
        """Seal the entries so that they open beside these facts and this key only."""
        public_part = {**facts, "tokenTypes": sorted({entry.token_type.value for entry in entries})}
        info = envelope_info(
            hub_id=self.manifest.hub_id,
            organisation_id=str(self.organisation_id),
            idempotency_key=str(key),
            public_part_hash=public_part_hash(public_part),
        )
        to = self.manifest.get_envelope_key(self.now)
        envelope = {"kid": to.kid, "sealed": b64u(seal(to.public, info, entries))}
        return Message(key, canonical_json({**public_part, "envelope": envelope}))


def age_facts(person: Person, *, today: date) -> dict[str, object]:
    """Tell the age bracket and the quarter it ends in, never the birth date.

    Raises:
        RefusedPersonError: The birth date is unknown, impossible or still to come.
    """
    born_on = parse_birth_date(person.birth_date)
    return {"bracket": bracket(born_on, today), "bracketEnds": bracket_ends(born_on, today)}
