"""End or erase cases at a citizen's request, whichever team registered them."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import delete, select

from hub.audit.service import record_many
from hub.cases.events import CaseClosed
from hub.cases.models import CaseRow, TransferRow
from hub.notices.erasing import erase_notices
from hub.subjects.service import end_registrations
from service.work import Work


def deactivate_cases(work: Work, ids: Collection[UUID]) -> None:
    """Close those of these cases that are open."""
    query = select(CaseRow).where(CaseRow.id.in_(ids), CaseRow.closed_at.is_(None))
    rows = list(work.session.scalars(query.order_by(CaseRow.id).with_for_update()))
    end_registrations(work, [row.id for row in rows])
    for row in rows:
        row.closed_at = work.now
    work.session.flush()
    record_many(
        work,
        [CaseClosed(organisation_id=row.organisation_id, subject={"case": str(row.id)}) for row in rows],
    )


def erase_cases(work: Work, ids: Collection[UUID]) -> None:
    """Delete cases for good, with what was asked to hand them over."""
    gone = delete(TransferRow).where(TransferRow.case_id.in_(ids)).returning(TransferRow.id)
    erase_notices(work, set(work.session.execute(gone).scalars()))
    work.session.execute(delete(CaseRow).where(CaseRow.id.in_(ids)))
