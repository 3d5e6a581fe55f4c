"""Objections that were heard outside the desk, over HTTP: which wait, what is decided, and taking one up."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request

from hub.consent.facts import ObjectionState
from hub.consent.objecting import WaitingObjection
from hub.consent.schemas import ObjectionAnswer, ObjectionDecision, PendingObjection, PendingObjections
from hub.context import hub_of
from hub.rights import objecting
from hub.rights.schemas import Requester, RequestOut
from hub.rights.writing import write_request
from service.clock import wire_time
from service.http import AnyCaller

router = APIRouter(tags=["rights"])
ObjectionId = Annotated[UUID, Path(alias="objectionId")]


@router.get("/objections", summary="List objections that wait", operation_id="listPendingObjections")
def list_pending(request: Request, caller: AnyCaller) -> PendingObjections:
    """Return the objections and restrictions that wait at the caller's desk; nothing says about whom."""
    with hub_of(request).disclosing(caller) as work:
        return PendingObjections(objections=[_waiting(one) for one in objecting.list_waiting(work)])


@router.post(
    "/objections/{objectionId}/decision", summary="Decide an objection", operation_id="decideObjection"
)
def decide_objection(
    request: Request, caller: AnyCaller, objection_id: ObjectionId, _body: ObjectionDecision
) -> ObjectionAnswer:
    """Uphold an objection, which goes on stopping; to reject one, take it up as a request. Idempotent."""
    with hub_of(request).database.work(caller) as work:
        fact = objecting.uphold(work, objection_id)
    return ObjectionAnswer(
        objection_id=fact.id, state=ObjectionState(fact.state), recorded_at=wire_time(fact.recorded_at)
    )


@router.post(
    "/objections/{objectionId}/request",
    status_code=201,
    summary="Take an objection up",
    operation_id="takeUpObjection",
)
def take_up(request: Request, caller: AnyCaller, objection_id: ObjectionId, body: Requester) -> RequestOut:
    """Handle an objection as a citizen's request, once its person was identified at the desk."""
    with hub_of(request).database.work(caller) as work:
        return write_request(objecting.take_up(work, objection_id, body))


def _waiting(one: WaitingObjection) -> PendingObjection:
    return PendingObjection(
        objection_id=one.id,
        state=ObjectionState(one.state),
        recorded_at=wire_time(one.recorded_at),
        kind=one.kind,
        scope=list(one.scope),
        organisation_id=one.organisation_id,
    )
