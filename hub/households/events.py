"""What the register of excluded addresses tells the audit log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hub.audit.events import AuditEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressExcluded(AuditEvent):
    """Nobody is of one household by this address from now on: it is an institution's."""

    code: ClassVar[str] = "address.excluded"


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressIncluded(AuditEvent):
    """An address is an ordinary one again."""

    code: ClassVar[str] = "address.included"


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressesReviewed(AuditEvent):
    """A municipality said that its register of excluded addresses is complete."""

    code: ClassVar[str] = "address.register_reviewed"
