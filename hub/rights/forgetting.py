"""Forget requests after their term, with all that belongs to them."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import delete

from hub.rights.models import RightsFindingRow, RightsForwardingRow, RightsRequestRow, RightsTellingRow
from service.work import Work


def forget_requests(work: Work, ids: Collection[UUID]) -> None:
    """Delete requests, what was found, where they went, and who was told."""
    for table in (RightsFindingRow, RightsForwardingRow, RightsTellingRow):
        work.session.execute(delete(table).where(table.request_id.in_(ids)))
    work.session.execute(delete(RightsRequestRow).where(RightsRequestRow.id.in_(ids)))
