"""Alarms over HTTP, for privacy officers; on the wire a warning, for a person in danger looks elsewhere."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request

from hub.alarms import honey, service
from hub.alarms.schemas import (
    AlarmClosure,
    AlarmOut,
    AlarmsOut,
    HoneyTokenOut,
    NewHoneyToken,
    write_alarm,
)
from hub.alarms.values import AlarmState
from hub.context import hub_of
from service.http import AnyCaller
from service.idempotency import IdempotencyKey

router = APIRouter(tags=["warnings"])


@router.get("/warnings", summary="List warnings", operation_id="listWarnings")
def list_alarms(request: Request, caller: AnyCaller, state: AlarmState | None = None) -> AlarmsOut:
    """Return the alarms of the caller's municipality, newest first; a privacy officer has seen them then."""
    with hub_of(request).disclosing(caller) as work:
        return AlarmsOut(warnings=[write_alarm(one) for one in service.list_alarms(work, state=state)])


@router.post("/warnings/{warningId}/closure", summary="Close a warning", operation_id="closeWarning")
def close_alarm(
    request: Request,
    caller: AnyCaller,
    alarm_id: Annotated[UUID, Path(alias="warningId")],
    body: AlarmClosure,
) -> AlarmOut:
    """Say what was found, by a code."""
    with hub_of(request).database.work(caller) as work:
        return write_alarm(service.close_alarm(work, alarm_id, body.reason))


@router.post("/honey-tokens", status_code=201, summary="Register nobody", operation_id="seedHoneyToken")
def seed_honey_token(
    request: Request, caller: AnyCaller, idempotency_key: IdempotencyKey, message: NewHoneyToken
) -> HoneyTokenOut:
    """Register somebody who does not exist: whoever registers them too raises an alarm."""
    hub = hub_of(request)
    with hub.database.work(caller) as work:
        id_ = honey.seed(work, hub.subject_keys, message, idempotency_key=idempotency_key)
    return HoneyTokenOut(honey_token_id=id_)
