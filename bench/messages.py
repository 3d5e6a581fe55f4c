"""Prepare signals beforehand: eight fictive pseudonyms each, in a real envelope of this hub.

The elements are drawn, not evaluated: for the hub one element is as good as another, and the key holder is
measured apart.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from uuid import UUID, uuid4

from bench.town import Sender, Town
from hub.subjects.keys import list_envelope_keys
from keys.protocol.encoding import b64u, canonical_json
from keys.protocol.envelope import Entry, envelope_info, public_part_hash, seal
from keys.protocol.sodium import element_from_hash
from keys.protocol.tokens import TokenType
from service import clock
from service.clock import dutch_date
from service.keystore import FileKeyStore

MATCH_KEYS = tuple(TokenType(name) for name in "ABCDEFGH")
PIECE = 500


@dataclass(frozen=True, slots=True)
class Prepared:
    """A signal that is ready to be posted.

    Attributes:
        body: the JSON of a single post.
    """

    sender: int
    key: UUID
    body: bytes = field(repr=False)

    @property
    def item(self) -> bytes:
        """Return the JSON of an item of a batch."""
        return b'{"idempotencyKey":"' + str(self.key).encode() + b'",' + self.body[1:]


@dataclass(frozen=True, slots=True)
class Sealing:
    """What a message is sealed with."""

    hub_id: str
    kid: str
    public_key: bytes
    contact_on: str


def sealing_of(town: Town, hub_id: str) -> Sealing:
    """Read what clients have from the manifest."""
    key = list_envelope_keys(FileKeyStore(town.keys))[0]
    contact_on = dutch_date(clock.now() - timedelta(days=2)).isoformat()
    return Sealing(hub_id, key.kid, key.public_key, contact_on)


def draw_person() -> list[bytes]:
    """Draw the eight pseudonyms of somebody nobody has met."""
    return [element_from_hash(os.urandom(64)) for _ in MATCH_KEYS]


def public_part(sender: Sender, contact_on: str) -> dict[str, object]:
    """Return the open part of a signal about a young person, as on the wire."""
    return {
        "contactDate": contact_on,
        "kind": "contact",
        "legalBasis": "JW_7_1_4_1",
        "attestation": "weighed",
        "reporter": str(sender.reporter_id),
        "bracket": "12-15",
        "bracketEnds": "2028-Q3",
        "subjectNotice": "given",
        "noticeDate": contact_on,
        "noticeTo": ["representative", "subject"],
        "authorityHolders": 2,
        "tokenTypes": [token_type.value for token_type in MATCH_KEYS],
    }


def prepare(sealing: Sealing, senders: Sequence[Sender], person: Sequence[bytes], *, number: int) -> Prepared:
    """Seal one signal."""
    at, key = number % len(senders), uuid4()
    part = public_part(senders[at], sealing.contact_on)
    envelope = seal_part(sealing, senders[at].organisation_id, key, part, person)
    return Prepared(at, key, canonical_json({**part, "envelope": envelope}))


def seal_part(
    sealing: Sealing, organisation_id: UUID, key: UUID, part: dict[str, object], person: Sequence[bytes]
) -> dict[str, str]:
    """Seal a person's pseudonyms beside an open part."""
    info = envelope_info(
        hub_id=sealing.hub_id,
        organisation_id=str(organisation_id),
        idempotency_key=str(key),
        public_part_hash=public_part_hash(part),
    )
    entries = [Entry(kind, 1, element) for kind, element in zip(MATCH_KEYS, person, strict=True)]
    return {"kid": sealing.kid, "sealed": b64u(seal(sealing.public_key, info, entries))}


def prepare_many(sealing: Sealing, senders: Sequence[Sender], count: int) -> list[Prepared]:
    """Seal many signals about different persons, on every core."""
    sizes = [PIECE] * (count // PIECE) + [count % PIECE] * bool(count % PIECE)
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        pieces = pool.map(partial(_prepare_piece, sealing, senders), sizes)
        return [prepared for piece in pieces for prepared in piece]


def _prepare_piece(sealing: Sealing, senders: Sequence[Sender], size: int) -> list[Prepared]:
    return [prepare(sealing, senders, draw_person(), number=number) for number in range(size)]
