"""List what is late, or nearly: by the clock of each controller, the police's own too. Source: TRA-06."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from uuid import UUID

from hub.audit.service import record
from hub.partners.desks import supervised_by
from hub.partners.service import Staff, StaffRole, find_partners, holds, require_role
from hub.rights import store
from hub.rights.desks import DESK, OFFICERS
from hub.rights.events import DeadlinesListed
from hub.rights.models import RightsFindingRow, RightsRequestRow
from hub.rights.policy import controller_of
from hub.rights.values import SURE, Clock, Controller, Deadline, RequestKind, Verdict
from service.clock import dutch_date
from service.work import Role, Work

Found = tuple[RightsRequestRow, Deadline]
Findings = Mapping[UUID, Sequence[RightsFindingRow]]  # by request
SEEING = (*OFFICERS, StaffRole.PRIVACY_OFFICER)


def list_deadlines(work: Work, *, within_days: int = 0) -> list[Deadline]:
    """List what is over its term, and what will be within so many days; the longest over first.

    For desk, officers and privacy officer those of the organisations they answer for; for the operator all.
    Nothing in it says about whom. Who met the requester knows that, and is not told who registered anything:
    a desk sees its own clock only, and so does an officer of what they filed.

    Source:
        TRA-06; AVG 12(3); Wpg 25; AUD-12.
    """
    staff, today = _reader_of(work), dutch_date(work.now)
    desks = supervised_by(work, staff.organisation_id) if staff else None
    rows = store.list_open(work.session, desks)
    findings = store.list_findings(work.session, [row.id for row in rows])
    found = [*_answers(rows, findings, today), *_advices(rows, findings, today)]
    found += _corrections(work, desks, today)
    seen = (one for row, one in found if _is_of_desk(one) or _may_see_found(staff, row, today))
    late = [one for one in seen if one.days_late > -within_days]
    organisation_id = work.caller.organisation_id
    record(work, DeadlinesListed(organisation_id=organisation_id, detail={"count": len(late)}))
    return sorted(late, key=lambda one: (one.due_on, one.request_id, one.clock, one.controller))


def _reader_of(work: Work) -> Staff | None:
    """Return who asks; None for the operator, who sees all."""
    if work.caller.role is Role.OPERATOR:
        return None
    return require_role(work, *DESK, *SEEING)


def _is_of_desk(one: Deadline) -> bool:
    return one.clock is Clock.ANSWER and one.controller is Controller.MUNICIPALITY


def _may_see_found(staff: Staff | None, row: RightsRequestRow, today: date) -> bool:
    """Tell whether somebody may know who registered the requester of this."""
    return staff is None or (row.recorded_by != staff.id and holds(staff, SEEING, today))


def _answers(rows: Sequence[RightsRequestRow], findings: Findings, today: date) -> Iterator[Found]:
    """Give the clock of each controller: the municipality's always, others' by what was found."""
    for row in rows:
        due = {Controller.MUNICIPALITY: row.due_on}
        for one in findings[row.id]:
            if one.verdict in SURE or one.verdict == Verdict.POSSIBLE:
                controller = Controller(one.controller)
                due[controller] = min(one.due_on, due.get(controller, one.due_on))
        for controller, due_on in due.items():
            yield _deadline(row, Clock.ANSWER, controller, by=row.organisation_id, due_on=due_on, today=today)


def _advices(rows: Sequence[RightsRequestRow], findings: Findings, today: date) -> Iterator[Found]:
    for row in rows:
        for one in findings[row.id] if row.state in store.ADVISABLE else ():
            if one.advise_by is not None and one.advice is None:
                yield _deadline(
                    row,
                    Clock.ADVICE,
                    Controller(one.controller),
                    by=one.organisation_id,
                    due_on=one.advise_by,
                    today=today,
                )


def _corrections(work: Work, desks: Collection[UUID] | None, today: date) -> Iterator[Found]:
    waiting = store.list_uncorrected(work.session, desks)
    kinds = find_partners(work, {one.organisation_id for one, _ in waiting})
    for one, row in waiting:
        kind = kinds[one.organisation_id].kind if one.organisation_id in kinds else ""
        yield _deadline(
            row, Clock.CORRECTION, controller_of(kind), by=one.organisation_id, due_on=one.due_on, today=today
        )


def _deadline(
    row: RightsRequestRow,
    clock: Clock,
    controller: Controller,
    *,
    by: UUID,
    due_on: date,
    today: date,
) -> Found:
    one = Deadline(
        request_id=row.id,
        kind=RequestKind(row.kind),
        clock=clock,
        controller=controller,
        desk_id=row.organisation_id,
        organisation_id=by,
        due_on=due_on,
        days_late=(today - due_on).days,
    )
    return row, one
