"""Overrides over HTTP: asked and confirmed in the municipal team, judged by the privacy officer."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request

from hub.context import hub_of
from hub.informing import overriding, reviewing
from hub.informing.schemas import (
    Confirmation,
    NewOverride,
    OverrideAnswer,
    OverridesAnswer,
    Review,
    ToldOfOverride,
)
from hub.informing.values import Override
from service.clock import wire_time
from service.http import AnyCaller
from service.work import Work

router = APIRouter(tags=["overrides"])

OverrideId = Annotated[UUID, Path(alias="overrideId")]


@router.post("/overrides", status_code=201, summary="Ask for an override", operation_id="askOverride")
def ask_override(request: Request, caller: AnyCaller, message: NewOverride) -> OverrideAnswer:
    """Let one signal be told in spite of what is missing; without a second person it closes again.

    Not for acute danger: call 112, or Veilig Thuis (0800-2000), and follow the reporting code (meldcode).
    """
    with hub_of(request).database.work(caller) as work:
        return _answer(work, overriding.ask_override(work, message.signal_id, ground=message.ground))


@router.post(
    "/overrides/{overrideId}/confirmation", summary="Confirm an override", operation_id="confirmOverride"
)
def confirm_override(
    request: Request, caller: AnyCaller, override_id: OverrideId, _body: Confirmation | None = None
) -> OverrideAnswer:
    """Let an override stand, as its second person (vier-ogenprincipe)."""
    with hub_of(request).database.work(caller) as work:
        return _answer(work, overriding.confirm_override(work, override_id))


@router.get("/overrides", summary="List overrides that wait", operation_id="listOverrides")
def list_overrides(request: Request, caller: AnyCaller) -> OverridesAnswer:
    """Return what waits for the privacy officer's review, or for a second person of the caller's team."""
    with hub_of(request).disclosing(caller) as work:
        return OverridesAnswer(overrides=[_answer(work, one) for one in reviewing.list_overrides(work)])


@router.post("/overrides/{overrideId}/review", summary="Review an override", operation_id="reviewOverride")
def review_override(
    request: Request, caller: AnyCaller, override_id: OverrideId, message: Review
) -> OverrideAnswer:
    """Judge an override, once; one that was not justified closes at once."""
    with hub_of(request).database.work(caller) as work:
        return _answer(work, reviewing.review_override(work, override_id, outcome=message.outcome))


@router.post(
    "/overrides/{overrideId}/subject-notice",
    summary="Record telling the person of an override",
    operation_id="tellOfOverride",
)
def tell_of_override(
    request: Request, caller: AnyCaller, override_id: OverrideId, message: ToldOfOverride
) -> OverrideAnswer:
    """Record that the person was told, or that telling would endanger somebody for now."""
    with hub_of(request).database.work(caller) as work:
        if message.given_date is None:
            return _answer(work, reviewing.postpone_telling(work, override_id))
        return _answer(work, reviewing.attest_told(work, override_id, given_on=message.given_date))


def _answer(work: Work, override: Override) -> OverrideAnswer:
    over = override.ended_at is not None or override.closes_at <= work.now
    return OverrideAnswer(
        override_id=override.id,
        signal_id=override.signal_id,
        ground=override.ground,
        state="closed" if over else "open" if override.opened_at else "waiting",
        asked_at=wire_time(override.asked_at),
        closes_at=wire_time(override.closes_at),
        confirmed=override.confirmed_at is not None,
        outcome=override.outcome,
        told_date=override.informed_on,
        postponed_until_date=override.postponed_until_on,
    )
