"""Changes over HTTP: read what waits for a second person, approve it or reject it."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request

from hub.changes import service
from hub.changes.schemas import Approval, ChangeAnswer, ChangeDetail, ChangesAnswer, Rejection
from hub.changes.service import Change
from hub.context import hub_of
from service.clock import wire_time
from service.http import AnyCaller

router = APIRouter(tags=["changes"])
ChangeId = Annotated[UUID, Path(alias="changeId")]


@router.get("/change-proposals", summary="List changes that wait", operation_id="listChanges")
def list_changes(request: Request, caller: AnyCaller) -> ChangesAnswer:
    """Return the changes that wait for a second person, of the kinds in which the caller has a part."""
    with hub_of(request).database.look(caller) as work:
        return ChangesAnswer(changes=[ChangeAnswer(**_fields(one)) for one in service.list_open(work)])


@router.get("/change-proposals/{changeId}", summary="Read a change", operation_id="readChange")
def read_change(request: Request, caller: AnyCaller, change_id: ChangeId) -> ChangeDetail:
    """Return a change with what it holds: read it before you approve it."""
    with hub_of(request).database.look(caller) as work:
        change = service.get_change(work, change_id)
    return ChangeDetail(**_fields(change), payload=dict(change.payload))


@router.post(
    "/change-proposals/{changeId}/approval", summary="Approve a change", operation_id="approveChange"
)
def approve_change(
    request: Request, caller: AnyCaller, change_id: ChangeId, _body: Approval | None = None
) -> ChangeAnswer:
    """Let a change take effect, as its second person (vier-ogenprincipe)."""
    with hub_of(request).database.work(caller) as work:
        change = service.approve(work, change_id, effects=request.app.state.effects)
    return ChangeAnswer(**_fields(change))


@router.post("/change-proposals/{changeId}/rejection", summary="Reject a change", operation_id="rejectChange")
def reject_change(request: Request, caller: AnyCaller, change_id: ChangeId, body: Rejection) -> ChangeAnswer:
    """Let a change go no further, for a coded reason; its proposer may take it back."""
    with hub_of(request).database.work(caller) as work:
        change = service.reject(work, change_id, reason=body.reason)
    return ChangeAnswer(**_fields(change))


def _fields(change: Change) -> dict[str, object]:
    return {
        "change_id": change.id,
        "kind": change.kind,
        "reason": change.reason,
        "state": change.state,
        "payload_hash": change.payload_hash,
        "organisation_id": change.organisation_id,
        "proposed_by": change.proposed_by,
        "proposed_at": wire_time(change.proposed_at),
        "expires_at": wire_time(change.expires_at),
        "decided_by": change.decided_by,
        "decided_at": wire_time(change.decided_at) if change.decided_at else None,
    }
