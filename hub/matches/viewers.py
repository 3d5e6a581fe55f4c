"""Remember who saw a match on a list, so that the person can be told who looked, and they what became."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Table, select

from hub.matches import store
from hub.matches.models import MatchViewerRow
from hub.partners.service import Staff, find_staff
from service.bulk import insert_into
from service.work import Work

_VIEWER: Table = MatchViewerRow.__table__  # type: ignore[assignment]


class SeenOn(StrEnum):
    """On which list a match stood; none of them says about whom it is."""

    INTAKE = "intake_list"
    POSSIBLE = "possible_list"
    OWN = "own_list"
    FOLLOW_UPS = "follow_up_list"
    CONTRADICTED = "authority_list"


@dataclass(frozen=True, slots=True)
class Viewer:
    """A member of staff before whom a match stood on a list, from the first time to the last."""

    match_id: UUID
    registration_ids: frozenset[UUID]
    organisation_id: UUID
    staff_id: UUID
    seen_on: SeenOn
    first_at: datetime
    last_at: datetime


def note_viewer(work: Work, staff: Staff, match_ids: Collection[UUID], seen_on: SeenOn) -> None:
    """Write that somebody sees matches on a list; seen again, only the last time moves.

    Source:
        TRA-08; AUD-02 (who looked, also on a list).
    """
    rows = [
        {
            "match_id": match_id,
            "staff_id": staff.id,
            "seen_on": seen_on.value,
            "first_at": work.now,
            "last_at": work.now,
        }
        for match_id in sorted(match_ids)
    ]
    if rows:
        keys = ["match_id", "staff_id", "seen_on"]
        again = insert_into(work.session, _VIEWER)
        moved = again.on_conflict_do_update(index_elements=keys, set_={"last_at": again.excluded.last_at})
        work.session.execute(moved, rows)


def list_viewers(work: Work, registration_ids: Collection[UUID]) -> list[Viewer]:
    """Return everybody before whom a match of these registrations stood on a list, earliest first."""
    matches = {row.id: row for row in store.list_touching(work.session, registration_ids)}
    query = select(MatchViewerRow).where(MatchViewerRow.match_id.in_(matches))
    rows = list(work.session.scalars(query.order_by(MatchViewerRow.first_at, MatchViewerRow.staff_id)))
    staff = find_staff(work, {row.staff_id for row in rows})
    return [
        Viewer(
            match_id=row.match_id,
            registration_ids=frozenset({matches[row.match_id].signal_id, matches[row.match_id].other_id}),
            organisation_id=staff[row.staff_id].organisation_id,
            staff_id=row.staff_id,
            seen_on=SeenOn(row.seen_on),
            first_at=row.first_at,
            last_at=row.last_at,
        )
        for row in rows
        if row.staff_id in staff
    ]
