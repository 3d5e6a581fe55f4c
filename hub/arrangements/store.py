"""Every query on versions of arrangements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.arrangements.models import ArrangementRow


@dataclass(frozen=True, slots=True)
class ArrangementVersion:
    """A version of an arrangement, without what it says."""

    name: str
    version: int
    hash: str
    in_force_on: date
    adopted_at: datetime
    change_id: UUID


_VERSION = select(
    ArrangementRow.name,
    ArrangementRow.version,
    ArrangementRow.hash,
    ArrangementRow.in_force_on,
    ArrangementRow.adopted_at,
    ArrangementRow.change_id,
).order_by(ArrangementRow.name, ArrangementRow.in_force_on, ArrangementRow.version)


def list_versions(session: Session) -> list[ArrangementVersion]:
    """List every version by name and first day; of one day, the later version last."""
    return [ArrangementVersion(*row) for row in session.execute(_VERSION)]


def find_document(session: Session, hash_: str) -> bytes | None:
    """Find the document of a version as it is stored."""
    return session.scalars(select(ArrangementRow.document).where(ArrangementRow.hash == hash_)).one_or_none()


def list_unapplied(session: Session, *, on: date) -> list[ArrangementRow]:
    """Read and hold the versions whose day has come and whose teams are not yet as they say."""
    due = select(ArrangementRow).where(ArrangementRow.applied_at.is_(None), ArrangementRow.in_force_on <= on)
    return list(
        session.scalars(due.order_by(ArrangementRow.in_force_on, ArrangementRow.version).with_for_update())
    )
