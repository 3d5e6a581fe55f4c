"""Which municipality answers for which organisation, as the operator recorded it.

Rights, retention and supervision all follow this one relation: a team of a foundation, or of a municipality
that is another organisation here, is nobody's until it is recorded (`dat-hub rights desk`).

Source: Jeugdwet 7.1.2.2(3); ONB-07.
"""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select

from hub.partners.models import RightsDeskRow
from service.work import Work


def find_recorded(work: Work, organisation_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Return which desk answers for organisations, for those for which it was recorded."""
    query = select(RightsDeskRow).where(RightsDeskRow.organisation_id.in_(organisation_ids))
    return {row.organisation_id: row.desk_id for row in work.session.scalars(query)}


def list_recorded(work: Work, desk_id: UUID) -> frozenset[UUID]:
    """Name the organisations for which this one answers, as was recorded."""
    query = select(RightsDeskRow.organisation_id).where(RightsDeskRow.desk_id == desk_id)
    return frozenset(work.session.scalars(query))


def supervised_by(work: Work, organisation_id: UUID) -> frozenset[UUID]:
    """Name the organisations whose acts this one's privacy officer sees: its own, and those recorded."""
    return list_recorded(work, organisation_id) | {organisation_id}
