"""Decide on a request and do what follows: one person rejects or grants, two erase."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from hub.audit.service import record
from hub.cases.service import require_not_own_case
from hub.changes.service import Change, ChangeKind, ChangeReason, propose
from hub.consent.freezing import unfreeze, uphold
from hub.partners.errors import RoleNotAllowedError
from hub.rights import store
from hub.rights.correcting import ask_correction
from hub.rights.desks import get_open, require_officer
from hub.rights.erasing import deactivate, erase, erase_left, tell_recipients
from hub.rights.errors import (
    AdvicePendingError,
    FindingsChangedError,
    GroundNotAllowedError,
    NotSearchedError,
    RequestDecidedError,
    RequestMissingError,
)
from hub.rights.events import RequestDecided
from hub.rights.models import RightsRequestRow
from hub.rights.policy import (
    effect_of,
    freezes,
    is_advised,
    may_choose,
    needs_advice,
    needs_second_officer,
    touched,
)
from hub.rights.values import Effect, Finding, Ground, Outcome, Request, RequestKind, RequestState
from hub.subjects.service import erase_registrations
from service.clock import dutch_date
from service.work import Work


def decide(
    work: Work,
    request_id: UUID,
    *,
    outcome: Outcome,
    ground: Ground,
    only: Collection[UUID] | None = None,
) -> Request:
    """Decide on a request of the caller's desk, or propose it where it takes a second person.

    Args:
        only: the findings that this is about; else all that are surely the requester's.

    Raises:
        NotSearchedError: Nobody looked yet what there is.
        GroundNotAllowedError: The ground does not carry this decision.
        OwnCaseError: The caller is casemanager of what this is about.
        AdvicePendingError: An organisation concerned was not asked, or still has time.

    Source:
        TRA-05, TRA-09; CON-12; domain.md 5.5.
    """
    officer = require_officer(work)
    row = get_open(work, request_id, officer)
    if row.state == RequestState.RECEIVED:
        raise NotSearchedError
    _choose(work, row, outcome, only)
    findings = _findings(work, row)
    effect = effect_of(RequestKind(row.kind), outcome, ground)
    if effect is None or (ground is Ground.NOTHING_FOUND and touched(findings)):
        raise GroundNotAllowedError(places=("/ground",))
    require_not_own_case(work, officer.id, [one.registration_id for one in findings])
    _require_advised(work, row, findings)
    if needs_second_officer(effect):
        _propose(work, row, findings, outcome, ground)
    else:
        _carry_out(work, row, findings, outcome=outcome, ground=ground, decided_by=officer.id)
    return store.as_request(row, store.list_findings(work.session, [row.id])[row.id])


def _choose(work: Work, row: RightsRequestRow, outcome: Outcome, only: Collection[UUID] | None) -> None:
    """Leave out what the decision is not about; raises GroundNotAllowedError where nothing may be."""
    found = store.list_findings(work.session, [row.id])[row.id]
    for one in found:
        one.left_out = False
    if only is not None:
        reached = {one.id for one in touched([store.as_finding(one) for one in found])}
        if not may_choose(RequestKind(row.kind), outcome) or not only or not set(only) <= reached:
            raise GroundNotAllowedError(places=("/findingIds",))
        for one in found:
            one.left_out = one.id not in only
    work.session.flush()


def approve_erasure(work: Work, change: Change) -> None:
    """Let the worker do what a second person approved: a hub that was taken over can erase nothing.

    Raises:
        RequestDecidedError: It was decided otherwise meanwhile.
        FindingsChangedError: Something else would go than what was proposed.
        OwnCaseError: The second person is casemanager of what this is about.
    """
    payload = change.payload
    request_id, staff_id = UUID(payload["request"]), work.caller.staff_id
    row = store.lock_request(work.session, request_id, organisation_id=change.organisation_id)
    if row is None:
        raise RequestMissingError
    if row.state != RequestState.PROPOSED or row.change_id != change.id:
        raise RequestDecidedError
    if staff_id is None:
        raise RoleNotAllowedError
    findings = _findings(work, row)
    if _named(findings) != payload["findings"]:
        raise FindingsChangedError
    require_not_own_case(work, staff_id, [one.registration_id for one in findings])
    row.state, row.decided_by = RequestState.APPROVED.value, change.proposed_by
    row.outcome, row.ground = Outcome(payload["outcome"]).value, Ground(payload["ground"]).value
    work.session.flush()


def erase_approved(work: Work, *, limit: int = 10) -> int:
    """Carry out the erasures that two persons decided on, and count them."""
    roots = store.list_approved(work.session, limit=limit)
    rows = [row for root_id in roots for row in store.lock_approved(work.session, root_id)]
    for row in rows:
        if row.outcome and row.ground and row.decided_by:
            outcome, ground = Outcome(row.outcome), Ground(row.ground)
            _carry_out(
                work, row, _findings(work, row), outcome=outcome, ground=ground, decided_by=row.decided_by
            )
    return len(rows)


def _require_advised(work: Work, row: RightsRequestRow, findings: list[Finding]) -> None:
    on = dutch_date(work.now)
    needed = [one for one in findings if needs_advice(RequestKind(row.kind), one, desk=row.organisation_id)]
    if not all(is_advised(one, on) for one in needed):
        raise AdvicePendingError


def _findings(work: Work, row: RightsRequestRow) -> list[Finding]:
    return [store.as_finding(one) for one in store.list_findings(work.session, [row.id])[row.id]]


def _named(findings: list[Finding]) -> list[str]:
    """Name what a decision reaches, as the second person is shown it."""
    return sorted(str(one.id) for one in touched(findings))


def _propose(
    work: Work, row: RightsRequestRow, findings: list[Finding], outcome: Outcome, ground: Ground
) -> None:
    change = propose(
        work,
        kind=ChangeKind.ERASURE,
        payload={
            "request": str(row.id),
            "outcome": outcome.value,
            "ground": ground.value,
            "findings": _named(findings),
        },
        reason=ChangeReason.PERSON_ASKED,
    )
    row.state, row.change_id = RequestState.PROPOSED.value, change.id
    work.session.flush()


def _carry_out(
    work: Work,
    row: RightsRequestRow,
    findings: list[Finding],
    *,
    outcome: Outcome,
    ground: Ground,
    decided_by: UUID,
) -> None:
    effect, reached = effect_of(RequestKind(row.kind), outcome, ground), touched(findings)
    if effect in {Effect.ERASE, Effect.DEACTIVATE, Effect.CORRECT, Effect.KEEP_FROZEN}:
        tell_recipients(work, row, reached, effect, ground)
    if effect is Effect.ERASE:
        erase(work, reached, ground)
        erase_left(work, row, reached, ground)
    elif effect in {Effect.DEACTIVATE, Effect.CORRECT}:
        deactivate(work, reached)
    if effect is Effect.CORRECT:
        ask_correction(work, row.id, reached)
    row.state, row.outcome, row.ground = RequestState.DECIDED.value, outcome.value, ground.value
    row.decided_by, row.decided_at = decided_by, work.now
    work.session.flush()
    _close(work, row)
    record(
        work,
        RequestDecided(
            organisation_id=row.organisation_id,
            outcome="ok" if outcome is Outcome.GRANTED else "denied",
            subject={"request": str(row.id)},
            detail={"kind": row.kind, "ground": ground.value, "reached": len(reached)},
        ),
    )


def _close(work: Work, row: RightsRequestRow) -> None:
    """Let the requester's pseudonyms go once every desk has decided; an objection that stands keeps them."""
    parts = store.list_of_root(work.session, row.root_id)
    if any(part.state != RequestState.DECIDED for part in parts):
        return
    if not freezes(RequestKind(row.kind)):
        erase_registrations(work, [row.root_id])
    elif all(part.outcome == Outcome.REJECTED for part in parts):
        unfreeze(work, row.root_id)
        erase_registrations(work, [row.root_id])
    elif row.decided_by is not None:
        uphold(work, row.root_id, decided_by=row.decided_by)
