"""Stop matching about a person at once while a request of theirs is pending, and let it go on."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Literal
from uuid import UUID

from sqlalchemy import update

from hub.audit.service import record
from hub.consent import store
from hub.consent.errors import DeskQuotaExhaustedError
from hub.consent.events import ObjectionDecided, ObjectionLifted, ObjectionRecorded
from hub.consent.facts import ObjectionState
from hub.consent.models import DeskPurpose, ObjectionRow
from hub.consent.registering import decide_again
from hub.subjects.service import end_registrations
from service.clock import dutch_date
from service.work import Work


def freeze(
    work: Work,
    id_: UUID,
    *,
    organisation_id: UUID,
    recorded_by: UUID,
    kind: Literal["objection", "restriction"],
    scope: Sequence[str],
    key_hash: bytes,
    body_hash: bytes,
) -> None:
    """Record an objection or restriction under the id of a request's registration: nobody is told.

    Source:
        CON-12; AVG 18, 21.
    """
    row = ObjectionRow(
        id=id_,
        organisation_id=organisation_id,
        key_hash=key_hash,
        body_hash=body_hash,
        kind=kind,
        scope=" ".join(scope),
        # Decided with its request, and never apart from it.
        state=ObjectionState.REQUESTED.value,
        recorded_by=recorded_by,
        recorded_at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    record(work, ObjectionRecorded(organisation_id=organisation_id, subject={"objection": str(id_)}))


def unfreeze(work: Work, id_: UUID) -> None:
    """Lift what `freeze` recorded, and have everything it stopped decided again; twice is once."""
    row = work.session.get(ObjectionRow, id_)
    if row is None or row.lifted_at is not None:
        return
    decide_again(work, id_)
    end_registrations(work, [id_])
    store.lift_objection(work, id_)
    row.settled_at = work.now
    record(work, ObjectionLifted(organisation_id=row.organisation_id, subject={"objection": str(id_)}))


def uphold(work: Work, id_: UUID, *, decided_by: UUID) -> None:
    """Let what `freeze` recorded stop for good, as its request was granted; twice is once.

    Source:
        CON-12; AVG 21; Jeugdwet 7.1.5.2.
    """
    row = work.session.get(ObjectionRow, id_)
    if row is None or row.state != ObjectionState.REQUESTED:
        return
    row.state, row.decided_by, row.decided_at = ObjectionState.UPHELD.value, decided_by, work.now
    work.session.flush()
    detail = {"outcome": ObjectionState.UPHELD.value, "kind": row.kind}
    event = ObjectionDecided(
        organisation_id=row.organisation_id, subject={"objection": str(id_)}, detail=detail
    )
    record(work, event)


def give_back(work: Work, ids: Collection[UUID]) -> set[UUID]:
    """Let objections whose request is gone wait for a decision of their own; returns those: they stop on."""
    asked = ObjectionRow.id.in_(ids) & (ObjectionRow.state == ObjectionState.REQUESTED)
    pending = update(ObjectionRow).where(asked).values(state=ObjectionState.PENDING.value)
    return set(work.session.execute(pending.returning(ObjectionRow.id)).scalars())


def take_rights_quota(work: Work, organisation_id: UUID, *, quota_per_day: int) -> None:
    """Take one of the requests that a desk may file today; consents take nothing from these. Source: TRA-11.

    Raises:
        DeskQuotaExhaustedError: The organisation has used its day.
    """
    on = dutch_date(work.now)
    taken = store.take_quota(
        work.session,
        organisation_id=organisation_id,
        on=on,
        limit=quota_per_day,
        purpose=DeskPurpose.RIGHTS,
    )
    if not taken:
        raise DeskQuotaExhaustedError
