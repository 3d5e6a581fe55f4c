"""Wire shapes of changes."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from hub.changes.kinds import ChangeKind, ChangeReason, RejectionReason
from hub.changes.values import ChangeState
from service.http import WireModel

Moment = Annotated[str, Field(min_length=20, max_length=20)]
Hash = Annotated[str, Field(min_length=64, max_length=64)]


class Approval(WireModel):
    """An approval says nothing more: what a change holds never alters after it was proposed."""


class Rejection(WireModel):
    """A rejection has a coded reason."""

    reason: RejectionReason


class ChangeAnswer(WireModel):
    """A change, without what it holds."""

    change_id: UUID
    kind: ChangeKind
    reason: ChangeReason
    state: ChangeState
    payload_hash: Hash
    organisation_id: UUID
    proposed_by: UUID
    proposed_at: Moment
    expires_at: Moment
    decided_by: UUID | None
    decided_at: Moment | None


class ChangeDetail(ChangeAnswer):
    """A change with what it holds; the kind says how to read it."""

    payload: dict[str, Any]


class ChangesAnswer(WireModel):
    """The changes that wait for a second person."""

    changes: list[ChangeAnswer]
