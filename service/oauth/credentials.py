"""What a service must know of a caller's key; each service keeps a list of its own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from service.work import Caller, Role, Work

CLIENT_ID = re.compile(r"[a-z0-9][a-z0-9-]{2,62}")


@dataclass(frozen=True, slots=True)
class Credential:
    """A registered public key, in force now.

    Attributes:
        public_jwk: Ed25519 or P-256, required members only.
        staff_id: set when one member of staff holds the key.
    """

    client_id: str
    public_jwk: Mapping[str, str]
    organisation_id: UUID
    staff_id: UUID | None
    role: Role

    @property
    def caller(self) -> Caller:
        """Return who calls when this key signs."""
        return Caller(
            role=self.role,
            organisation_id=self.organisation_id,
            staff_id=self.staff_id,
            credential_id=self.client_id,
        )


class CredentialStore(Protocol):
    """Keep the keys of callers, and what must happen once."""

    def find_credential(self, work: Work, client_id: str) -> Credential | None:
        """Return the credential in force at `work.now`, or None: disabled, ended and unknown alike."""
        ...

    def take_jti(self, work: Work, client_id: str, jti: str, expires_at: datetime) -> bool:
        """Use up an assertion's id until it expires; False when it was used before."""
        ...

    def record_token(self, work: Work, credential: Credential) -> None:
        """Write to the service's audit log, in this transaction, that a token is given."""
        ...

    def record_failure(self, work: Work, reason: str, count: int) -> None:
        """Write that so many callers failed for this coded reason; nothing that they sent."""
        ...
