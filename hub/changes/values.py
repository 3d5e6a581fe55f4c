"""What other slices see of a change: values, never rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from hub.changes.kinds import ChangeKind, ChangeReason
from service.work import Work


class ChangeState(StrEnum):
    """Where a change stands; only an open one can still go either way."""

    OPEN = "open"
    APPROVED = "approved"
    REJECTED = "rejected"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A change as it was proposed; what it holds never alters afterwards.

    Attributes:
        payload: as the owner of its kind validated it.
        payload_hash: SHA-256 of its canonical JSON, as hex; what the second person approves.
        organisation_id: that of the proposer.
    """

    id: UUID
    kind: ChangeKind
    reason: ChangeReason
    payload: Mapping[str, Any]
    payload_hash: str
    organisation_id: UUID
    proposed_by: UUID
    proposed_at: datetime
    expires_at: datetime
    state: ChangeState
    decided_by: UUID | None
    decided_at: datetime | None


Effects = Mapping[ChangeKind, Callable[[Work, Change], None]]
