"""Write requests, advice and tellings for the wire."""

from __future__ import annotations

from hub.rights.advising import Asked
from hub.rights.schemas import (
    AdviceOut,
    AttestationOut,
    ContradictionOut,
    CorrectionOut,
    DeadlineOut,
    FindingOut,
    RequestOut,
    ToldOut,
)
from hub.rights.values import Contradiction, Correction, Deadline, Finding, Request, Told
from service.clock import wire_time


def write_request(one: Request) -> RequestOut:
    """Write a request as its desk sees it."""
    return RequestOut(
        request_id=one.id,
        kind=one.kind,
        state=one.state,
        organisation_id=one.organisation_id,
        received_by=one.received_by,
        received_at=wire_time(one.received_at),
        due_date=one.due_on,
        extension=one.extension,
        outcome=one.outcome,
        ground=one.ground,
        change_id=one.change_id,
        findings=[write_finding(finding) for finding in one.findings],
    )


def write_finding(one: Finding) -> FindingOut:
    """Write what was found."""
    return FindingOut(
        finding_id=one.id,
        registration_id=one.registration_id,
        kind=one.kind,
        organisation_id=one.organisation_id,
        controller=one.controller,
        verdict=one.verdict,
        due_date=one.due_on,
        advise_by_date=one.advise_by,
        advice=one.advice,
    )


def write_asked(one: Asked) -> AdviceOut:
    """Write what an organisation is asked."""
    return AdviceOut(
        advice_id=one.id,
        request_kind=one.request_kind,
        registration_id=one.registration_id,
        registration_kind=one.registration_kind,
        doubt=one.doubt,
        advise_by_date=one.advise_by,
        advice=one.advice,
    )


def write_told(one: Told) -> ToldOut:
    """Write what became of something, for one recipient."""
    return ToldOut(
        telling_id=one.id,
        organisation_id=one.organisation_id,
        staff_id=one.staff_id,
        about=one.about,
        effect=one.effect,
        ground=one.ground,
        queued_at=wire_time(one.queued_at),
        told_at=wire_time(one.told_at) if one.told_at else None,
    )


def write_correction(one: Correction) -> CorrectionOut:
    """Write what an organisation has to put right."""
    return CorrectionOut(
        correction_id=one.id,
        request_id=one.request_id,
        registration_id=one.registration_id,
        registration_kind=one.registration_kind,
        due_date=one.due_on,
        replaced_by=one.replaced_by,
        answered_at=wire_time(one.answered_at) if one.answered_at else None,
    )


def write_deadline(one: Deadline) -> DeadlineOut:
    """Write by when somebody has to have done something."""
    return DeadlineOut(
        request_id=one.request_id,
        kind=one.kind,
        clock=one.clock,
        controller=one.controller,
        desk_id=one.desk_id,
        organisation_id=one.organisation_id,
        due_date=one.due_on,
        days_late=one.days_late,
    )


def write_contradiction(one: Contradiction) -> ContradictionOut:
    """Write what waits for somebody to attest anew."""
    return ContradictionOut(
        match_ids=list(one.match_ids),
        matched_at=wire_time(one.matched_at),
        facts=list(one.facts),
        attestations=[
            AttestationOut(
                about_kind=said.about_kind,
                about_id=said.about_id,
                organisation_id=said.organisation_id,
                desk_id=said.desk_id,
                said=said.said,
            )
            for said in one.attestations
        ],
    )
