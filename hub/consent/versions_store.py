"""Every query on versions of the policy set."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.consent.models import PolicyDraftRow, PolicySetRow


@dataclass(frozen=True, slots=True)
class PolicyVersion:
    """A version of the policy set, without what it says.

    Attributes:
        change_id: of the change that two persons agreed on; None for the packaged first one.
    """

    version: int
    hash: str
    in_force_on: date
    adopted_at: datetime
    change_id: UUID | None


_VERSION = select(
    PolicySetRow.version,
    PolicySetRow.hash,
    PolicySetRow.in_force_on,
    PolicySetRow.adopted_at,
    PolicySetRow.change_id,
).order_by(PolicySetRow.in_force_on, PolicySetRow.version)


def list_versions(session: Session) -> list[PolicyVersion]:
    """List every version by its first day; of one day, the later version last."""
    return [PolicyVersion(*row) for row in session.execute(_VERSION)]


def find_document(session: Session, hash_: str) -> bytes | None:
    """Find the document of a version as it is stored."""
    return session.scalars(select(PolicySetRow.document).where(PolicySetRow.hash == hash_)).one_or_none()


def find_draft(session: Session, hash_: str) -> bytes | None:
    """Find the document of a draft as it was laid down."""
    return session.scalars(select(PolicyDraftRow.document).where(PolicyDraftRow.hash == hash_)).one_or_none()


def read_document(written: bytes) -> dict[str, Any]:
    """Read a stored document."""
    return json.loads(written)  # type: ignore[no-any-return]
