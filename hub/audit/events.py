"""An audit event is a type; its fields are all it will ever say.

Each slice declares its own as subclasses in its `events.py`; the closed list of codes is their sum.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Literal
from uuid import UUID

NO_POLICY = "0" * 32
# Under these names an event's subject points to a registration of a person, or to a match of two.
THINGS = ("signal", "other", "case", "consent", "objection", "match")

Outcome = Literal["ok", "denied", "error"]
Facts = Mapping[str, str | int]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEvent:
    """One act or refusal.

    Attributes:
        code: what happened, from the closed list ("signal.accepted").
        organisation_id: for whom it was done; an organisation, never a person.
        purpose: code of the purpose of processing (doel).
        legal_basis: code of the basis (grondslag), "none" where the act needs none.
        policy: hash of the policy set in force, 32 hex, where a decision was taken.
        subject: references to what it was about, under the names of `THINGS`; beside the tree, can be erased.
        detail: anything else worth knowing; beside the tree, can be erased.
        count: how many acts of one kind it stands for, where not each may have a line.
    """

    code: ClassVar[str]
    organisation_id: UUID | None = None
    purpose: str = "coordination"
    legal_basis: str = "none"
    policy: str = NO_POLICY
    outcome: Outcome = "ok"
    subject: Facts = field(default_factory=dict)
    detail: Facts = field(default_factory=dict)
    count: int = 1

    def things(self) -> list[UUID]:
        """List the registrations and matches that this is about: with any of them it is erased."""
        return [UUID(str(self.subject[name])) for name in THINGS if self.subject.get(name)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused(AuditEvent):
    """Somebody was refused something; `legal_basis` names the rule that it rests on."""

    code: ClassVar[str] = "authz.denied"
    outcome: Outcome = "denied"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeysDestroyed(AuditEvent):
    """Data keys of what was erased, or of years gone by, were destroyed; the receipts lie beside the log."""

    code: ClassVar[str] = "key.destroyed"
    purpose: str = "erasure"


@dataclass(frozen=True, slots=True)
class Recorded:
    """What the log keeps of an event: its id (16 bytes) and the hash of its leaf (32 bytes)."""

    event_id: bytes
    leaf_hash: bytes
