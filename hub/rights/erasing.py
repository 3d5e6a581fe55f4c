"""Erase registrations without a trace beside the tree, and tell everybody who had them or heard of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID, uuid4

from sqlalchemy import delete

from hub.audit.service import record_many
from hub.cases.ending import deactivate_cases, erase_cases
from hub.consent.remembering import erase_decisions, erase_said, list_said
from hub.informing.erasing import erase_told
from hub.matches.erasing import erase_matches, list_recipients
from hub.matches.viewers import list_viewers
from hub.renewing.service import erase_tasks
from hub.rights import store
from hub.rights.correcting import erase_corrections
from hub.rights.events import RegistrationErased
from hub.rights.models import RightsFindingRow, RightsRequestRow, RightsTellingRow
from hub.rights.policy import ERASING
from hub.rights.values import SURE, Effect, Finding, Ground, RequestState
from hub.signals.ending import deactivate_signals, erase_signals
from hub.signals.service import find_submissions
from hub.subjects.service import (
    RegistrationKind,
    enqueue,
    erase_registrations,
    find_ever_agreeing,
    lock_registrations,
    request_destruction,
)
from service.work import Work


def erase(work: Work, findings: Sequence[Finding], ground: Ground) -> None:
    """Erase registrations and all that hung on them: index, elements, decisions, notices, private values.

    Also whether and why the person was told later, and overrides with their grounds.

    In this transaction, but for the data keys, under which what lies beside the tree is sealed: those the
    worker has destroyed at once.

    Source:
        TRA-09; SIG-08, SIG-18; AVG 17.
    """
    erase_all(work, {finding.registration_id: finding.kind for finding in findings})
    events = [
        RegistrationErased(
            organisation_id=one.organisation_id, detail={"kind": one.kind, "ground": ground.value}
        )
        for one in findings
    ]
    record_many(work, events)


def erase_all(work: Work, kinds: Mapping[UUID, str]) -> None:
    """Delete registrations of these kinds with all that hung on them, and have their keys destroyed."""
    ids = sorted(kinds)
    signals, cases = ([id_ for id_ in ids if kinds[id_] == kind] for kind in ("signal", "case"))
    # The queue, then registrations, then matches: the order of the worker.
    enqueue(work, ids)
    lock_registrations(work, ids)
    gone = set(ids) | erase_matches(work, ids) | erase_decisions(work, ids) | erase_told(work, signals)
    erase_corrections(work, ids)
    erase_tasks(work, gone)
    erase_signals(work, signals)
    erase_cases(work, cases)
    request_destruction(work, gone)
    erase_registrations(work, ids)


def erase_left(work: Work, row: RightsRequestRow, erased: Sequence[Finding], ground: Ground) -> None:
    """Erase what still pointed at what was erased: findings of other requests, and what the person said.

    Consents, and objections that are over, go once nothing of the person is left for which they were said.
    An objection that stands stays until the person takes it back: it keeps the next signal from being told.

    Source:
        TRA-09; AVG 17; domain.md 5.3: a consent is kept for the life of the processing, and as its proof.
    """
    gone = {finding.registration_id for finding in erased}
    kinds = (RegistrationKind.SIGNAL, RegistrationKind.CASE)
    left = {one.right for one in find_ever_agreeing(work, [row.root_id], kinds=kinds)} - gone
    parts = [row.id, *(part.id for part in store.list_of_root(work.session, row.root_id) if _erases(part))]
    found = [one for some in store.list_findings(work.session, parts).values() for one in some]
    said = [] if left else _said_over(work, [store.as_finding(one) for one in found], ground)
    erase_said(work, said)
    erase_tasks(work, said)
    forgotten = RightsFindingRow.registration_id.in_(gone | set(said))
    work.session.execute(delete(RightsFindingRow).where(forgotten))


def _erases(part: RightsRequestRow) -> bool:
    return part.state == RequestState.DECIDED and part.ground in ERASING


def _said_over(work: Work, findings: Collection[Finding], ground: Ground) -> list[UUID]:
    sure = [one.registration_id for one in findings if one.verdict in SURE]
    stands = ground is not Ground.DECEASED
    return [
        one.id
        for one in list_said(work, sure)
        if one.kind == "consent" or one.ended_at is not None or not stands
    ]


def deactivate(work: Work, findings: Sequence[Finding]) -> None:
    """Let registrations no longer count; they stay for their term. Source: TRA-09."""
    deactivate_signals(work, _of_kind(findings, "signal"))
    deactivate_cases(work, _of_kind(findings, "case"))


def tell_recipients(
    work: Work, request: RightsRequestRow, findings: Sequence[Finding], effect: Effect, ground: Ground
) -> None:
    """Write down who has to hear what becomes of these registrations, before it does.

    The organisation that registered each and the one that brought it for another, every member of staff who
    was told of one, and the organisation of whoever saw one on a list.

    Source:
        TRA-10; AVG 19.
    """
    ids = [finding.registration_id for finding in findings]
    told = {(one.organisation_id, None, one.registration_id) for one in findings} | {
        (one.organisation_id, one.staff_id, one.match_id) for one in list_recipients(work, ids)
    }
    told |= {(one.organisation_id, None, one.match_id) for one in list_viewers(work, ids)}
    told |= {(one.organisation_id, None, id_) for id_, one in find_submissions(work, ids).items()}
    work.session.add_all(
        RightsTellingRow(
            id=uuid4(),
            request_id=request.id,
            organisation_id=organisation_id,
            staff_id=staff_id,
            about=about,
            effect=effect.value,
            ground=ground.value,
            queued_at=work.now,
        )
        for organisation_id, staff_id, about in sorted(told, key=str)
    )
    work.session.flush()


def _of_kind(findings: Collection[Finding], kind: str) -> list[UUID]:
    return [finding.registration_id for finding in findings if finding.kind == kind]
