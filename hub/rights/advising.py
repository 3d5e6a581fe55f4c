"""Ask the organisations that registered something for advice, and take it; and extend a term."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from hub.audit.service import record
from hub.cases.service import get_cases
from hub.consent.service import policy_in_force
from hub.notices.terms import due_at
from hub.partners.service import Staff, StaffRole, holds, require_role
from hub.rights import store
from hub.rights.desks import get_open, get_unproposed, require_officer
from hub.rights.errors import AdviceMissingError, ExtensionNotAllowedError, RequestDecidedError
from hub.rights.events import AdviceAsked, AdviceGiven, AdviceListed, TermExtended
from hub.rights.models import RightsFindingRow, RightsRequestRow
from hub.rights.policy import answer_due, needs_advice, verdict_after
from hub.rights.values import Advice, Controller, Extension, Request, RequestKind, Verdict
from hub.signals.service import find_submissions, get_signals
from service.clock import dutch_date
from service.work import Work

PAGE = 200
COORDINATING = (StaffRole.PARTNER_COORDINATOR, StaffRole.TEAM_LEAD)
ADVISERS = (StaffRole.REPORTER, StaffRole.CASEMANAGER, *COORDINATING)
"""Who speaks for an organisation about what it registered; a key of a machine alone does not."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What an organisation is asked about one of its own registrations.

    Attributes:
        doubt: whether it may be about another person than the one at the desk.
    """

    id: UUID
    request_kind: RequestKind
    registration_id: UUID
    registration_kind: str
    doubt: bool
    advise_by: date
    advice: Advice | None


def ask_advice(work: Work, request_id: UUID) -> Request:
    """Ask for advice where it is needed and was not asked; twice is once.

    Source:
        TRA-05; Jeugdwet 7.1.5.2.
    """
    officer = require_officer(work)
    row = get_unproposed(work, request_id, officer)
    found = store.list_findings(work.session, [row.id])[row.id]
    days = policy_in_force(work).term("advice_days")
    ends = dutch_date(due_at(work.now, working_days=days - 1))
    for finding in found:
        needed = needs_advice(RequestKind(row.kind), store.as_finding(finding), desk=row.organisation_id)
        if needed and finding.advise_by is None:
            finding.advise_by = ends
            record(work, AdviceAsked(organisation_id=finding.organisation_id, subject=_subject(finding)))
    work.session.flush()
    return store.as_request(row, found)


def list_asked(work: Work) -> list[Asked]:
    """List what the caller's organisation is asked, the most urgent first.

    Who coordinates or leads sees all of it; a reporter and a casemanager what is about their own.

    Source:
        domain.md 5.5.
    """
    staff = require_role(work, *ADVISERS)
    organisation_id = staff.organisation_id
    rows = store.list_asked(work.session, organisation_id)
    own = list_own(work, staff, {row.registration_id: row.organisation_id for row in rows})
    rows = [row for row in rows if row.registration_id in own][:PAGE]
    requests = store.get_requests(work.session, {row.request_id for row in rows})
    if rows:
        record(work, AdviceListed(organisation_id=organisation_id, detail={"count": len(rows)}))
    return [_asked(row, requests[row.request_id]) for row in rows]


def give_advice(work: Work, finding_id: UUID, advice: Advice) -> Asked:
    """Give the advice of the caller's organisation; it may be given again until the decision.

    Raises:
        AdviceMissingError: It was not asked, or is about a colleague's.
        RequestDecidedError: Too late.
    """
    staff = require_role(work, *ADVISERS)
    organisation_id = staff.organisation_id
    row = store.lock_asked(work.session, finding_id, organisation_id=organisation_id)
    if row is None or not list_own(work, staff, {row.registration_id: row.organisation_id}):
        raise AdviceMissingError
    request = store.get_requests(work.session, [row.request_id])[row.request_id]
    if request.state not in store.ADVISABLE:
        raise RequestDecidedError
    row.advice, row.advised_at = advice.value, work.now
    after = verdict_after(Verdict(row.verdict), advice)
    if after != row.verdict:
        # What an officer said of it was said before they heard this.
        row.verdict, row.judged_by, row.judged_at, row.compared = after.value, None, None, None
    work.session.flush()
    event = AdviceGiven(
        organisation_id=organisation_id, subject=_subject(row), detail={"advice": advice.value}
    )
    record(work, event)
    return _asked(row, request)


def extend(work: Work, request_id: UUID, reason: Extension) -> Request:
    """Extend the term for an answer, once, before it is over. Source: TRA-06; AVG 12(3); Wpg 25."""
    officer = require_officer(work)
    row = get_open(work, request_id, officer)
    if row.extension is not None or dutch_date(work.now) > row.due_on:
        raise ExtensionNotAllowedError
    row.extension = reason.value
    received_on = dutch_date(row.received_at)
    row.due_on = answer_due(received_on, Controller.MUNICIPALITY, reason)
    found = store.list_findings(work.session, [row.id])[row.id]
    for finding in found:
        finding.due_on = answer_due(received_on, Controller(finding.controller), reason)
    work.session.flush()
    detail = {"reason": reason.value}
    event = TermExtended(organisation_id=row.organisation_id, subject={"request": str(row.id)}, detail=detail)
    record(work, event)
    return store.as_request(row, found)


def list_own(work: Work, staff: Staff, owners: Mapping[UUID, UUID]) -> set[UUID]:
    """Name those of these registrations for which somebody may speak: their own, or all who coordinate.

    Who brought a signal for another speaks for it like the reporter who weighed it. Source: SIG-12.

    Args:
        owners: the organisation of each when it was found; what is gone since is of nobody else.
    """
    ids = owners.keys()
    signals, cases, brought = get_signals(work, ids), get_cases(work, ids), find_submissions(work, ids)
    by = {id_: {one.reporter_id} for id_, one in signals.items()}
    by |= {id_: {one.casemanager} for id_, one in cases.items() if one.casemanager}
    of = {id_: {owner} for id_, owner in owners.items()}
    of |= {id_: {one.organisation_id} for id_, one in signals.items()}
    of |= {id_: {one.organisation_id} for id_, one in cases.items()}
    for id_, one in brought.items():
        by[id_] = by.get(id_, set()) | {one.staff_id}
        of[id_] = of.get(id_, set()) | {one.organisation_id}
    coordinates = holds(staff, COORDINATING, dutch_date(work.now))
    ours = {id_ for id_ in ids if staff.organisation_id in of[id_]}
    return {id_ for id_ in ours if coordinates or staff.id in by.get(id_, ())}


def _asked(row: RightsFindingRow, request: RightsRequestRow) -> Asked:
    if row.advise_by is None:
        raise AdviceMissingError
    return Asked(
        id=row.id,
        request_kind=RequestKind(request.kind),
        registration_id=row.registration_id,
        registration_kind=row.kind,
        doubt=row.verdict == Verdict.POSSIBLE,
        advise_by=row.advise_by,
        advice=Advice(row.advice) if row.advice else None,
    )


def _subject(row: RightsFindingRow) -> dict[str, str]:
    return {"request": str(row.request_id), row.kind: str(row.registration_id)}
