"""The team's intake and its possible matches over HTTP."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request

from hub.context import hub_of
from hub.matches import service
from hub.matches.schemas import (
    AcceptedAnswer,
    HandleAnswer,
    IntakeAcceptance,
    IntakeItemAnswer,
    IntakeItemsAnswer,
    JudgedAnswer,
    PossibleDecision,
    PossibleMatchAnswer,
    PossibleMatchesAnswer,
)
from service.clock import wire_time
from service.http import AnyCaller

router = APIRouter(tags=["matches"])


@router.get("/intake-items", summary="List what waits for your team", operation_id="listIntakeItems")
def list_intake_items(request: Request, caller: AnyCaller) -> IntakeItemsAnswer:
    """Return matches without a case, and matches that nobody took up in time; longest waiting first."""
    with hub_of(request).database.look(caller) as work:
        items = service.list_intake(work)
    return IntakeItemsAnswer(
        items=[
            IntakeItemAnswer.model_validate({**asdict(item), "waiting_since": wire_time(item.waiting_since)})
            for item in items
        ]
    )


@router.post(
    "/intake-items/{itemId}/acceptance", summary="Take an intake item", operation_id="acceptIntakeItem"
)
def accept_intake_item(
    request: Request,
    caller: AnyCaller,
    item_id: Annotated[UUID, Path(alias="itemId")],
    _body: IntakeAcceptance,
) -> AcceptedAnswer:
    """Take an item; whoever is first sees, at the level allowed, which reporter to call with which number."""
    with hub_of(request).database.work(caller) as work:
        accepted = service.accept_intake(work, item_id)
    return AcceptedAnswer(
        item_id=accepted.item_id,
        case_id=accepted.case_id,
        handles=[HandleAnswer(**asdict(handle)) for handle in accepted.handles],
    )


@router.get(
    "/possible-matches", summary="List your team's possible matches", operation_id="listPossibleMatches"
)
def list_possible_matches(request: Request, caller: AnyCaller) -> PossibleMatchesAnswer:
    """Return what waits for a team lead's judgement; nothing in it identifies anybody."""
    with hub_of(request).database.look(caller) as work:
        found = service.list_possible(work)
    return PossibleMatchesAnswer(
        possible_matches=[
            PossibleMatchAnswer.model_validate({**asdict(one), "waiting_since": wire_time(one.waiting_since)})
            for one in found
        ]
    )


@router.post(
    "/possible-matches/{matchId}/decision",
    summary="Confirm or reject a possible match",
    operation_id="decidePossibleMatch",
)
def decide_possible_match(
    request: Request,
    caller: AnyCaller,
    match_id: Annotated[UUID, Path(alias="matchId")],
    body: PossibleDecision,
) -> JudgedAnswer:
    """Say whether two registrations are one person; until then nobody is told."""
    hub = hub_of(request)
    with hub.database.work(caller) as work:
        service.decide_possible(work, match_id, body.decision, working_days=hub.settings.term_working_days)
    return JudgedAnswer(match_id=match_id, state=body.decision)
