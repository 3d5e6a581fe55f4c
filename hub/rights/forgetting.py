"""Forget requests after their term, with all that belongs to them."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import delete, select

from hub.consent.freezing import give_back
from hub.rights.models import (
    RightsCorrectionRow,
    RightsFindingRow,
    RightsForwardingRow,
    RightsRequestRow,
    RightsTellingRow,
)
from hub.subjects.service import erase_registrations
from service.work import Work


def forget_undecided(work: Work, ids: Collection[UUID]) -> None:
    """Forget requests that nobody decided upon in time, with the requester's pseudonyms.

    An objection among them goes on stopping, and waits at the desk again: that nobody answered must not
    open what the person closed.
    """
    roots = set(work.session.scalars(select(RightsRequestRow.root_id).where(RightsRequestRow.id.in_(ids))))
    erase_registrations(work, roots - give_back(work, roots))
    forget_requests(work, ids)


def forget_requests(work: Work, ids: Collection[UUID]) -> None:
    """Delete requests, what was found, where they went, and who was told."""
    for table in (RightsFindingRow, RightsForwardingRow, RightsTellingRow, RightsCorrectionRow):
        work.session.execute(delete(table).where(table.request_id.in_(ids)))
    work.session.execute(delete(RightsRequestRow).where(RightsRequestRow.id.in_(ids)))
