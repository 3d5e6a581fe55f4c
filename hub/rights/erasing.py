"""Erase registrations without a trace beside the tree, and tell everybody who had them or heard of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID, uuid4

from hub.audit.service import record_many
from hub.cases.ending import deactivate_cases, erase_cases
from hub.consent.remembering import erase_decisions
from hub.informing.erasing import erase_told
from hub.matches.erasing import erase_matches, list_recipients
from hub.rights.events import RegistrationErased
from hub.rights.models import RightsRequestRow, RightsTellingRow
from hub.rights.values import Effect, Finding, Ground
from hub.signals.ending import deactivate_signals, erase_signals
from hub.subjects.service import (
    enqueue,
    erase_registrations,
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
    erase_signals(work, signals)
    erase_cases(work, cases)
    request_destruction(work, gone)
    erase_registrations(work, ids)


def deactivate(work: Work, findings: Sequence[Finding]) -> None:
    """Let registrations no longer count; they stay for their term. Source: TRA-09."""
    deactivate_signals(work, _of_kind(findings, "signal"))
    deactivate_cases(work, _of_kind(findings, "case"))


def tell_recipients(
    work: Work, request: RightsRequestRow, findings: Sequence[Finding], effect: Effect, ground: Ground
) -> None:
    """Write down who has to hear what becomes of these registrations, before it does.

    The organisation that registered each, and every member of staff who was told of one.

    Source:
        TRA-10; AVG 19.
    """
    ids = [finding.registration_id for finding in findings]
    told = {(one.organisation_id, None, one.registration_id) for one in findings} | {
        (one.organisation_id, one.staff_id, one.match_id) for one in list_recipients(work, ids)
    }
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
