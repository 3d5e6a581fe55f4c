"""Have what was inaccurate put right by who registered it, and let everybody who heard of it know.

A signal is never changed: its receipt and the log would then say otherwise than the store. Granted, a request
for rectification takes it away at once, with whatever was told of it, and asks its organisation to register
anew what is right, by the ordinary road and with the ordinary weighing. It answers with the number of that,
or that nothing takes its place.

Source: AVG 16, 18, 19; SIG-18; TRA-10.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID, uuid4

from sqlalchemy import delete

from hub.audit.service import record
from hub.cases.service import get_cases
from hub.consent.service import policy_in_force
from hub.matches.erasing import list_recipients
from hub.matches.viewers import list_viewers
from hub.notices.terms import due_at
from hub.partners.service import require_role
from hub.rights import store
from hub.rights.advising import ADVISERS, list_own
from hub.rights.errors import CorrectionAnsweredError, CorrectionMissingError, ReplacementError
from hub.rights.events import CorrectionAnswered, CorrectionAsked, CorrectionsListed
from hub.rights.models import RightsCorrectionRow, RightsTellingRow
from hub.rights.values import Correction, Effect, Finding, Ground
from hub.signals.service import SignalState, get_signals
from service.clock import dutch_date
from service.work import Work

PAGE = 200


def ask_correction(work: Work, request_id: UUID, findings: Sequence[Finding]) -> None:
    """Ask each organisation to put right what it registered, within the term of the policy set."""
    days = policy_in_force(work).term("correction_days")
    due_on = dutch_date(due_at(work.now, working_days=days - 1))
    for one in findings:
        row = RightsCorrectionRow(
            id=uuid4(),
            request_id=request_id,
            registration_id=one.registration_id,
            kind=one.kind,
            organisation_id=one.organisation_id,
            due_on=due_on,
        )
        work.session.add(row)
        record(work, CorrectionAsked(organisation_id=one.organisation_id, subject=_subject(row)))
    work.session.flush()


def list_corrections(work: Work) -> list[Correction]:
    """List what the caller's organisation has to put right, the most urgent first; answered ones last.

    Who coordinates or leads sees all of it; a reporter and a casemanager what is about their own.
    """
    staff = require_role(work, *ADVISERS)
    rows = store.list_corrections(work.session, staff.organisation_id)
    own = list_own(work, staff, {row.registration_id: row.organisation_id for row in rows})
    mine = [row for row in rows if row.registration_id in own][:PAGE]
    record(work, CorrectionsListed(organisation_id=staff.organisation_id, detail={"count": len(mine)}))
    return [store.as_correction(row) for row in mine]


def answer_correction(work: Work, correction_id: UUID, *, replaced_by: UUID | None) -> Correction:
    """Name what was registered anew, or say that nothing takes its place; once, and whoever heard is told.

    That it is about the same person nobody checks: what was wrong may be by what they were found.

    Raises:
        CorrectionMissingError: Nothing of the caller's is to be put right under this number.
        CorrectionAnsweredError: It was answered otherwise.
        ReplacementError: It is no signal or case of its own that counts and came after the decision.
    """
    staff = require_role(work, *ADVISERS)
    row = store.lock_correction(work.session, correction_id, organisation_id=staff.organisation_id)
    if row is None or not list_own(work, staff, {row.registration_id: row.organisation_id}):
        raise CorrectionMissingError
    if row.answered_at is not None:
        if row.replaced_by != replaced_by:
            raise CorrectionAnsweredError
        return store.as_correction(row)
    if replaced_by is not None:
        _require_replacement(work, row, replaced_by)
    row.replaced_by, row.answered_by, row.answered_at = replaced_by, staff.id, work.now
    work.session.flush()
    _tell(work, row)
    detail = {"replaced": "no" if replaced_by is None else "yes"}
    event = CorrectionAnswered(organisation_id=staff.organisation_id, subject=_subject(row), detail=detail)
    record(work, event)
    return store.as_correction(row)


def erase_corrections(work: Work, registration_ids: Collection[UUID]) -> None:
    """Delete what pointed at registrations that are erased, as the old one or as the new."""
    gone, row = list(registration_ids), RightsCorrectionRow
    work.session.execute(delete(row).where(row.registration_id.in_(gone) | row.replaced_by.in_(gone)))


def _require_replacement(work: Work, row: RightsCorrectionRow, id_: UUID) -> None:
    asked_at = store.get_requests(work.session, [row.request_id])[row.request_id].decided_at
    signal, case = get_signals(work, [id_]).get(id_), get_cases(work, [id_]).get(id_)
    counts = (signal is not None and signal.state is SignalState.ACTIVE) or (
        case is not None and case.closed_at is None
    )
    began_at = signal.received_at if signal else case.opened_at if case else None
    owner = signal.organisation_id if signal else case.organisation_id if case else None
    after = asked_at is not None and began_at is not None and began_at >= asked_at
    if not (counts and after and owner == row.organisation_id):
        raise ReplacementError(places=("/replacedBy",))


def _tell(work: Work, row: RightsCorrectionRow) -> None:
    """Let each organisation in which somebody heard of the old one know that its source answered."""
    ids = [row.registration_id]
    heard = {(one.organisation_id, one.match_id) for one in list_recipients(work, ids)}
    heard |= {(one.organisation_id, one.match_id) for one in list_viewers(work, ids)}
    work.session.add_all(
        RightsTellingRow(
            id=uuid4(),
            request_id=row.request_id,
            organisation_id=organisation_id,
            staff_id=None,
            about=match_id,
            effect=Effect.CORRECTED.value,
            ground=Ground.INACCURATE.value,
            queued_at=work.now,
        )
        for organisation_id, match_id in sorted(heard)
    )
    work.session.flush()


def _subject(row: RightsCorrectionRow) -> dict[str, str]:
    return {"request": str(row.request_id), row.kind: str(row.registration_id)}
