"""What is late, what an organisation has to put right, and what contradicts itself, over HTTP."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request

from hub.context import hub_of
from hub.rights import contradicting, correcting, overdue
from hub.rights.schemas import (
    ContradictionsOut,
    CorrectionAnswerIn,
    CorrectionOut,
    CorrectionsOut,
    DeadlinesOut,
)
from hub.rights.writing import write_contradiction, write_correction, write_deadline
from service.http import AnyCaller

router = APIRouter(tags=["rights"])


@router.get("/rights-deadlines", summary="See which requests are late", operation_id="listRightsDeadlines")
def list_deadlines(
    request: Request,
    caller: AnyCaller,
    within_days: Annotated[int, Query(alias="withinDays", ge=0, le=92)] = 0,
) -> DeadlinesOut:
    """Return what is over its term, by the clock of each controller, and what will be within some days."""
    with hub_of(request).disclosing(caller) as work:
        found = overdue.list_deadlines(work, within_days=within_days)
    return DeadlinesOut(deadlines=[write_deadline(one) for one in found])


@router.get(
    "/rights-corrections", summary="See what is to be put right", operation_id="listRightsCorrections"
)
def list_corrections(request: Request, caller: AnyCaller) -> CorrectionsOut:
    """Return what of the calling organisation's was inaccurate, and until when it may be registered anew."""
    with hub_of(request).disclosing(caller) as work:
        found = correcting.list_corrections(work)
    return CorrectionsOut(corrections=[write_correction(one) for one in found])


@router.post(
    "/rights-corrections/{correctionId}/answer",
    summary="Say what took its place",
    operation_id="answerRightsCorrection",
)
def answer_correction(
    request: Request,
    caller: AnyCaller,
    correction_id: Annotated[UUID, Path(alias="correctionId")],
    body: CorrectionAnswerIn,
) -> CorrectionOut:
    """Name the new signal or case, or say that nothing takes its place; whoever heard of the old is told."""
    with hub_of(request).database.work(caller) as work:
        answered = correcting.answer_correction(work, correction_id, replaced_by=body.replaced_by)
    return write_correction(answered)


@router.get(
    "/authority-contradictions",
    summary="See which attestations of authority contradict each other",
    operation_id="listAuthorityContradictions",
)
def list_contradictions(request: Request, caller: AnyCaller) -> ContradictionsOut:
    """Return what nobody is told of since two attest differently how many hold authority over a child."""
    with hub_of(request).disclosing(caller) as work:
        found = contradicting.list_contradictions(work)
    return ContradictionsOut(contradictions=[write_contradiction(one) for one in found])
