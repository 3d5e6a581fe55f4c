"""Every query on notices to persons."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.informing.models import SubjectNoticeRow


def find_notices(session: Session, signal_ids: Collection[UUID]) -> dict[UUID, SubjectNoticeRow]:
    """Read what was attested about these signals."""
    query = select(SubjectNoticeRow).where(SubjectNoticeRow.signal_id.in_(signal_ids))
    return {row.signal_id: row for row in session.scalars(query)}
