"""Open the envelope of a message that an organisation sends about one person."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Protocol
from uuid import UUID

from hub.partners.service import Partner
from hub.subjects.keys import SubjectKeys
from hub.subjects.opening import Pseudonyms, Quarantined, open_pseudonyms
from hub.subjects.schemas import Envelope
from keys.protocol.tokens import TokenType

NO_END = datetime(9999, 1, 1, tzinfo=UTC)


class Sent(Protocol):
    """A message as it came, with its envelope."""

    @property
    def envelope(self) -> Envelope:
        """Return the sealed pseudonyms."""
        ...

    def model_dump(
        self, *, mode: str, by_alias: bool, exclude: set[str] | None, exclude_unset: bool
    ) -> dict[str, Any]:
        """Return the message in its own words."""
        ...


def as_sent(message: Sent, *, without: frozenset[str] = frozenset()) -> dict[str, Any]:
    """Return what was sent, and nothing that was left to a default: sender and hub hash the same."""
    return message.model_dump(mode="json", by_alias=True, exclude=set(without), exclude_unset=True)


def open_sent(
    secrets: SubjectKeys,
    message: Sent,
    sender: Partner,
    *,
    registration_id: UUID,
    idempotency_key: UUID,
) -> Pseudonyms | Quarantined:
    """Open an envelope that is bound to its message and its sender, of the types that the sender may use."""
    return open_pseudonyms(
        secrets,
        registration_id=registration_id,
        organisation_id=sender.id,
        idempotency_key=idempotency_key,
        public_part=as_sent(message, without=frozenset({"envelope"})),
        kid=message.envelope.kid,
        sealed=message.envelope.read(),
        allowed=frozenset(name.value for name in TokenType if name.scheme in sender.schemes),
    )
